import { describe, expect, test } from 'vitest';
import type { Recorder } from '../../src/metrics/recorder.js';
import { evaluateThreshold, shouldAbort } from '../../src/metrics/threshold-outcome.js';
import { parseThreshold } from '../../src/metrics/thresholds.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith, totalsOf } from './snapshots.js';

/** One second of measuring in which 98 packets were answered after 1 to 98 ms and two never. */
function recordTypical(recorder: Recorder): void {
  const response = recorder.trend('response_time', { arrival: 'open', packet: 'C_Chat' });
  for (let ms = 1; ms <= 98; ms++) response.record(ms * 1000);
  response.recordUnanswered(500_000);
  response.recordUnanswered(500_000);
  const connect = recorder.trend('connect_time', { client: 'talker' });
  for (const ms of [1, 2, 3, 4]) connect.record(ms * 100);
  recorder.counter('timeouts', { packet: 'C_Chat' }).add(2);
  const errors = recorder.rate('errors');
  for (let attempt = 0; attempt < 100; attempt++) errors.count();
  errors.hit();
  errors.hit();
}

function outcome(selector: string, expression: string, totals = totalsOf(recordTypical)) {
  return evaluateThreshold(parseThreshold(selector, expression), totals);
}

describe('a threshold held against what was measured', () => {
  test.each([
    ['timeouts', 'count<3', true, 2, 'count is 2'],
    ['timeouts', 'count<=2', true, 2, 'count is 2'],
    ['timeouts', 'count<2', false, 2, 'count is 2, not <2'],
    ['timeouts', 'count>=2', true, 2, 'count is 2'],
    ['timeouts', 'count>2', false, 2, 'count is 2, not >2'],
    ['timeouts', 'count==2', true, 2, 'count is 2'],
    ['timeouts', 'count!=2', false, 2, 'count is 2, not !=2'],
    ['timeouts', 'rate<1', false, 2, 'rate is 2/s, not <1'],
    ['timeouts{packet:C_Move}', 'count==0', true, 0, 'count is 0'],
    ['errors', 'rate<0.02', false, 0.02, 'rate is 0.02, not <0.02'],
    ['connect_time', 'avg<0.3', true, 0.25, 'avg is 0.25 ms'],
    ['connect_time', 'min>0.1', false, 0.1, 'min is 0.1 ms, not >0.1'],
    ['connect_time', 'med==0.2', true, 0.2, 'med is 0.2 ms'],
    ['connect_time', 'max<0.4', false, 0.4, 'max is 0.4 ms, not <0.4'],
    ['connect_time{client:talker}', 'p(75)<=0.3', true, 0.3, 'p(75) is 0.3 ms'],
    ['clients', 'value==0', true, 0, 'value is 0 clients'],
  ])('%s %s', (selector, expression, ok, value, sentence) => {
    expect(outcome(selector, expression)).toEqual({ ok, value, atLeast: false, sentence });
  });

  test.each([
    ['p(98)<99', true],
    ['p(99)<500', false],
    ['p(99)<501', 'undecided'],
    ['p(99)<=500', false],
    ['p(99)<=501', 'undecided'],
    ['p(99)>499', true],
    ['p(99)>=499', true],
    ['p(99)>501', 'undecided'],
    ['p(99)>=501', 'undecided'],
    ['p(99)==499', false],
    ['p(99)==501', 'undecided'],
    ['p(99)!=499', true],
    ['p(99)!=501', 'undecided'],
    ['max<500', false],
    ['max<1000', 'undecided'],
    ['min<2', true],
    ['avg<50', false],
    ['avg<100', 'undecided'],
  ] as const)('knows only the least that an unanswered value can be: %s is %s', (expression, ok) => {
    expect(outcome('response_time', expression).ok).toBe(ok);
  });

  test('says what a counter counted outside the measured window, which counts for nothing', () => {
    const totals = totalsOf((recorder) => {
      recorder.counter('timeouts', {}).add(2);
      recorder.counter('timeouts', {}).add(5, 2);
    });
    expect(outcome('timeouts', 'count<3', totals)).toEqual({
      ok: true,
      value: 2,
      atLeast: false,
      sentence: 'count is 2; 7 in the whole run',
    });
    expect(outcome('timeouts', 'count<2', totals).sentence).toBe('count is 2, not <2; 7 in the whole run');
    expect(outcome('timeouts', 'rate<1', totals).sentence).toBe('rate is 2/s, not <1');
  });

  test('says that a bound is a bound', () => {
    expect(outcome('response_time', 'p(99)<100')).toEqual({
      ok: false,
      value: 500.223,
      atLeast: true,
      sentence: 'p(99) is at least 500.223 ms, not <100',
    });
    expect(outcome('response_time', 'p(99)<501').sentence).toBe(
      'p(99) is at least 500.223 ms; whether it is <501 cannot be told',
    );
  });

  test('fails where nothing was measured, but for counters', () => {
    const nothing = totalsOf(() => {});
    const failed = { ok: false, value: null, atLeast: false, sentence: 'nothing was measured' };
    expect(outcome('response_time', 'p(99)<100', nothing)).toEqual(failed);
    expect(outcome('checks', 'rate>0.9', nothing)).toEqual(failed);
    expect(outcome('clients', 'value>0', new TotalsBuilder())).toEqual(failed);
    expect(outcome('timeouts', 'count<1', nothing)).toMatchObject({ ok: true, value: 0 });
    expect(outcome('timeouts', 'rate<1', new TotalsBuilder())).toMatchObject({ ok: true, value: 0 });
  });

  test('of a bot’s own metric fails where no bot made one of that name', () => {
    const totals = totalsOf((recorder) => recorder.counter('bot_counter', { name: 'journeys', client: 'wanderer' }));
    expect(outcome('bot_counter{name:journeys}', 'count==0', totals)).toMatchObject({ ok: true, value: 0 });
    expect(outcome('bot_counter{name:jorneys}', 'count==0', totals)).toEqual({
      ok: false,
      value: null,
      atLeast: false,
      sentence: 'nothing was called `jorneys`; did you mean `journeys`?',
    });
    expect(outcome('bot_trend{name:steps}', 'max<1', totals).sentence).toBe('nothing was called `steps`');
    expect(outcome('checks{check:alive}', 'rate==1', totals).sentence).toBe('nothing was called `alive`');
  });

  test('says where it was all measured outside the measured window', () => {
    const warmup = totalsOf(recordTypical, { phase: 0 });
    expect(outcome('connect_time', 'p(99)<100', warmup)).toMatchObject({
      ok: false,
      value: null,
      sentence: 'nothing was measured outside warm-up and ramp-down',
    });
  });

  test('takes a rate with more failures than attempts as 1', () => {
    const totals = totalsOf((recorder) => recorder.rate('errors').hit());
    expect(outcome('errors', 'rate<1', totals)).toMatchObject({ ok: false, value: 1 });
  });

  test('is held against open and closed values each for itself, and the worse counts', () => {
    const totals = totalsOf((recorder) => {
      recorder.trend('service_time', { arrival: 'open' }).record(1000);
      recorder.trend('service_time', { arrival: 'closed' }).record(2000);
      recorder.trend('service_time', { arrival: 'closed' }).recordUnanswered(1500);
    });
    expect(outcome('service_time', 'max<3', totals)).toMatchObject({ ok: 'undecided', value: 2, atLeast: true });
    expect(outcome('service_time', 'max<2', totals).sentence).toBe('closed: max is at least 2 ms, not <2');
    expect(outcome('service_time', 'max<1', totals).sentence).toBe('open: max is 1 ms, not <1');
    expect(outcome('service_time', 'max>0.5', totals).sentence).toBe('open: max is 1 ms');
    expect(outcome('service_time{arrival:closed}', 'min<3', totals).sentence).toBe(
      'min is at least 1.5 ms; whether it is <3 cannot be told',
    );
  });
});

describe('a threshold that may end the run', () => {
  const slow = totalsOf((recorder) => recorder.trend('connect_time').record(900_000));
  const abortOf = (expression: string, totals: TotalsBuilder, delayAbortEvalMs = 0, abortOnFail = true) => {
    const threshold = parseThreshold('connect_time', expression, { abortOnFail, delayAbortEvalMs });
    return shouldAbort(threshold, evaluateThreshold(threshold, totals), totals);
  };

  test('ends it once it fails and its delay is over', () => {
    expect(abortOf('max<500', slow)).toBe(true);
    expect(abortOf('max<500', slow, 1000)).toBe(true);
    expect(abortOf('max<500', slow, 1001)).toBe(false);
  });

  test('leaves it alone where it holds, did not ask, or has nothing to go by', () => {
    expect(abortOf('max<1000', slow)).toBe(false);
    expect(abortOf('max<500', slow, 0, false)).toBe(false);
    expect(
      abortOf(
        'max<500',
        totalsOf(() => {}),
      ),
    ).toBe(false);
    expect(abortOf('max<500', new TotalsBuilder())).toBe(false);
  });

  test('does not count what was measured before the measured window', () => {
    const totals = new TotalsBuilder();
    totals.add({
      worker: 0,
      phase: 0,
      fromUs: 0,
      toUs: 5e6,
      newSeries: [],
      counters: new Uint8Array(),
      trends: new Uint8Array(),
      reach: [],
      reachClosedBefore: 0,
      clamped: 0,
      state: stateWith(0),
    });
    const threshold = parseThreshold('packets_received', 'count>0', { abortOnFail: true });
    expect(shouldAbort(threshold, evaluateThreshold(threshold, totals), totals)).toBe(false);
  });
});
