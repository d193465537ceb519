import { describe, expect, test } from 'vitest';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith, totalsOf } from './snapshots.js';

const state = stateWith(0);

describe('a recorder', () => {
  test('gives the same handle for the same tags in any order', () => {
    const recorder = new Recorder({ worker: 0 });
    const handle = recorder.counter('packets_sent', { packet: 'C_Chat', client: 'talker' });
    expect(recorder.counter('packets_sent', { client: 'talker', packet: 'C_Chat' })).toBe(handle);
    expect(recorder.counter('packets_sent', { client: 'talker' })).not.toBe(handle);
    expect(recorder.counter('packets_received', { packet: 'C_Chat', client: 'talker' })).not.toBe(handle);
  });

  test('tells tags apart whatever their values hold', () => {
    const recorder = new Recorder({ worker: 0 });
    const one = recorder.counter('timeouts', { packet: 'A",step:"B' });
    expect(recorder.counter('timeouts', { packet: 'A', step: 'B' })).not.toBe(one);
  });

  test('names a series once, and writes only what changed', () => {
    const recorder = new Recorder({ worker: 4 });
    const sent = recorder.counter('packets_sent', { packet: 'C_Chat' });
    recorder.trend('service_time').record(5);
    sent.add(2);
    const first = recorder.snapshot(0, 1_000_000, state);
    expect(first).toMatchObject({ worker: 4, phase: 0, fromUs: 0, toUs: 1_000_000, clamped: 0, state });
    expect(first.newSeries).toEqual([
      { metric: 'packets_sent', tags: { packet: 'C_Chat' } },
      { metric: 'service_time', tags: {} },
    ]);
    expect([...first.counters]).toEqual([0, 2]);
    expect([...first.trends]).toEqual([6, 6, 1, 0]);

    sent.add(3);
    const second = recorder.snapshot(1_000_000, 2_000_000, state);
    expect(second.newSeries).toEqual([]);
    expect([...second.counters]).toEqual([0, 3]);
    expect([...second.trends]).toEqual([]);
  });

  test('counts in the phase that it is told, or else in its own', () => {
    const recorder = new Recorder({ worker: 0 });
    const totals = new TotalsBuilder();
    const sent = recorder.counter('packets_sent');
    const errors = recorder.rate('errors');
    const time = recorder.trend('service_time');
    const recordAll = () => {
      sent.add(1);
      errors.count();
      errors.hit();
      time.record(10);
      time.recordUnanswered(10);
    };
    recordAll();
    totals.add(recorder.snapshot(0, 1e6, state));
    recorder.phase = 2;
    recordAll();
    sent.add(1, 1);
    errors.count(1);
    time.record(20, 1);
    totals.add(recorder.snapshot(1e6, 2e6, state));
    expect([totals.counter('packets_sent'), totals.counter('packets_sent', {}, 'wholeRun')]).toEqual([1, 3]);
    expect(totals.rate('errors')).toEqual({ hits: 0, total: 1 });
    expect(totals.rate('errors', {}, 'wholeRun')).toEqual({ hits: 2, total: 3 });
    expect(totals.trend('service_time')).toMatchObject({ count: 1, unanswered: 0, max: 0.02 });
    expect(totals.trend('service_time', {}, 'wholeRun')).toMatchObject({ count: 3, unanswered: 2 });
  });

  test('rounds values to whole microseconds', () => {
    const totals = totalsOf((recorder) => {
      for (const value of [10.4, 10.5, 11.4]) recorder.trend('service_time').record(value);
    });
    expect(totals.trend('service_time')?.countsBetween([0.01, 0.011])).toEqual([1, 2, 0]);
  });

  test('clamps what lies out of range, and counts it once', () => {
    const recorder = new Recorder({ worker: 0 });
    const totals = new TotalsBuilder();
    const time = recorder.trend('response_time', { arrival: 'open' });
    for (const value of [-1, Number.NaN, 0, 3_600_000_000, 3_600_000_001, 2 ** 40, Number.POSITIVE_INFINITY]) {
      time.record(value);
    }
    recorder.phase = 0;
    totals.add(recorder.snapshot(0, 1e6, state));
    totals.add(recorder.snapshot(1e6, 2e6, state));
    expect(totals.clamped).toBe(5);
    const trend = totals.trend('response_time', {}, 'wholeRun');
    expect(trend?.countsBetween([0, 1000])).toEqual([3, 0, 4]);
    expect(trend?.max).toBe(3_600_809.983);
  });
});
