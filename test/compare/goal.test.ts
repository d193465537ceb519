import { describe, expect, test } from 'vitest';
import { parseGoal } from '../../src/compare/goal.js';
import { SwarmError } from '../../src/errors.js';

describe('a change to fail on', () => {
  test('is a metric, a percentile and what is tolerated', () => {
    expect(parseGoal(' response_time p(99) +10%')).toEqual({
      source: 'response_time p(99) +10%',
      quantity: { metric: 'response_time', tags: {}, percentile: 99 },
      worseSign: 1,
      tolerance: expect.closeTo(Math.log(1.1), 12),
    });
  });

  test('may have tags, spaces and quotes, and be the median', () => {
    expect(parseGoal('response_time{packet:"C_Move", client: mover} med + 2.5 %')).toMatchObject({
      quantity: { tags: { packet: 'C_Move', client: 'mover' }, percentile: 50 },
      tolerance: expect.closeTo(Math.log(1.025), 12),
    });
  });

  test('says with a minus that less is worse', () => {
    expect(parseGoal('bot_trend{name:score} p(10) -20%')).toMatchObject({
      worseSign: -1,
      tolerance: expect.closeTo(-Math.log(0.8), 12),
    });
  });

  test.each([
    { text: 'response_time p(99)', column: 1, message: 'this is no change to fail on' },
    { text: 'response_time p(99) 10%', column: 1, message: 'this is no change to fail on' },
    { text: 'response_tim p(99) +10%', column: 1, message: 'there is no metric `response_tim`' },
    { text: 'response_time p99 +10%', column: 15, message: '`response_time`, a trend, has no `p99`' },
    { text: 'response_time p(199) +10%', column: 15, message: 'a percentile is a number from 0 to 100' },
    { text: 'response_time max +10%', column: 15, message: '`max` is not compared: a single value can move it' },
    { text: 'response_time p(100) +10%', column: 15, message: '`p(100)` is not compared: a single value can move it' },
    { text: 'response_time{paket:x} med +10%', column: 15, message: '`response_time` does not carry the tag `paket`' },
    { text: 'errors rate +10%', column: 1, message: '`errors` is a rate' },
    { text: 'response_time med -100%', column: 1, message: 'nothing falls by 100 % and more' },
  ])('is refused with its place: $text', ({ text, column, message }) => {
    const error = caught(() => parseGoal(text));
    expect(error).toMatchObject({ code: 'fail-on-invalid', exitCode: 104 });
    expect(error.problems).toMatchObject([
      { message, place: { file: '--fail-on', line: 1, column }, sourceLine: text },
    ]);
    expect(error.problems[0]?.hint).not.toBe('');
  });
});

function caught(task: () => unknown): SwarmError {
  try {
    task();
  } catch (error) {
    if (error instanceof SwarmError) return error;
  }
  throw new Error('it was taken');
}
