import { describe, expect, it } from 'vitest';
import { type Family, familiesOf } from '../../src/export/families.js';
import type { Recorder } from '../../src/metrics/recorder.js';
import { totalsOf } from '../metrics/snapshots.js';

function familiesIn(record: (recorder: Recorder) => void): readonly Family[] {
  return familiesOf(totalsOf(record));
}

function pointsOf(families: readonly Family[], name: string): Family['points'] {
  return families.find((family) => family.name === name)?.points ?? [];
}

describe('families', () => {
  it('make two counters of a rate, so that it can be summed', () => {
    const families = familiesIn((recorder) => {
      const checks = recorder.rate('checks', { check: 'accepted', client: 'player', step: 'player.start[0]' });
      for (let i = 0; i < 5; i++) checks.count();
      checks.hit();
    });
    const labels = { check: 'accepted', client: 'player', step: 'player.start[0]', phase: 'measured' };
    expect(pointsOf(families, 'checks')).toEqual([{ labels, value: 5 }]);
    expect(pointsOf(families, 'checks_passed')).toEqual([{ labels, value: 1 }]);
  });

  it('do not count a series of few tags into one of more, nor the other way round', () => {
    const families = familiesIn((recorder) => {
      const packet = 'S_Chat';
      recorder.trend('broadcast_time', { packet, client: 'talker' }).record(1000);
      recorder.trend('broadcast_time', { packet }).recordUnanswered(2_000_000);
    });
    const points = pointsOf(families, 'broadcast_time') as Extract<Family, { kind: 'histogram' }>['points'];
    const counted = points.map(({ labels, value: { answered, unanswered } }) => [
      labels.client,
      answered.total,
      unanswered.total,
    ]);
    expect(counted).toEqual([
      ['talker', 1, 0],
      [undefined, 0, 1],
    ]);
  });

  it('have at most a thousand series each, and the sum of all that came later', () => {
    const families = familiesIn((recorder) => {
      for (let i = 0; i < 1500; i++) recorder.counter('bot_counter', { name: `n${i}`, client: 'bot' }).add(2);
      for (let i = 0; i < 1200; i++) recorder.trend('bot_time', { name: `n${i}`, client: 'bot' }).record(i);
    });
    const counters = pointsOf(families, 'bot_counter');
    expect(counters).toHaveLength(1001);
    expect(counters[999]).toEqual({ labels: { name: 'n999', client: 'bot', phase: 'measured' }, value: 2 });
    expect(counters[1000]).toEqual({ labels: { phase: 'measured', otel_metric_overflow: 'true' }, value: 1000 });
    const times = pointsOf(families, 'bot_time') as Extract<Family, { kind: 'histogram' }>['points'];
    expect(times).toHaveLength(1001);
    expect(times[1000]?.value.answered.total).toBe(200);
  });

  it('are none before anything was reported', () => {
    expect(familiesIn(() => {}).map(({ name }) => name)).toEqual(['clients']);
  });
});
