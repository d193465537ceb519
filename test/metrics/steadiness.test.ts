import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/metrics/recorder.js';
import { steadinessOf } from '../../src/metrics/steadiness.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith } from './snapshots.js';

/** A run whose seconds have these values, each so many times; the first `warmupSeconds` are not measured. */
function totalsOfSeconds(values: readonly number[], times: number, warmupSeconds = 0): TotalsBuilder {
  const totals = new TotalsBuilder();
  const recorder = new Recorder({ worker: 0 });
  values.forEach((value, second) => {
    recorder.phase = second < warmupSeconds ? 0 : 1;
    const trend = recorder.trend('response_time', { arrival: 'open' });
    for (let i = 0; i < times; i++) trend.record(value);
    totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(1)));
  });
  return totals;
}

describe('steadiness', () => {
  it('compares the medians of the first third and the last', () => {
    expect(steadinessOf(totalsOfSeconds([1000, 1000, 1500, 1500, 1200, 1200], 100))).toEqual({
      of: { metric: 'response_time', tags: { arrival: 'open' } },
      steady: false,
      firstThirdP50Ms: 1,
      lastThirdP50Ms: 1.2,
    });
  });

  it('lets a tenth pass, up or down', () => {
    expect(steadinessOf(totalsOfSeconds([1000, 5, 1100], 100))?.steady).toBe(true);
    expect(steadinessOf(totalsOfSeconds([1100, 5, 1000], 100))?.steady).toBe(true);
    expect(steadinessOf(totalsOfSeconds([1102, 5, 1000], 100))?.steady).toBe(false);
  });

  it('lets pass what may be chance', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    const record = (values: readonly number[], second: number) => {
      for (const value of values) recorder.trend('response_time', { arrival: 'open' }).record(value);
      totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(1)));
    };
    record([100, 200, 300, 400, 500], 0);
    record([], 1);
    record([200, 300, 400, 500, 600], 2);
    expect(steadinessOf(totals)).toMatchObject({ steady: true, firstThirdP50Ms: 0.3, lastThirdP50Ms: 0.4 });
  });

  it('leaves the warm-up out', () => {
    expect(steadinessOf(totalsOfSeconds([9000, 9000, 9000, 1000, 1000, 1000], 100, 3))?.steady).toBe(true);
  });

  it('cannot be told without values in both thirds', () => {
    expect(steadinessOf(totalsOfSeconds([1000], 100))).toBe(null);
    expect(steadinessOf(new TotalsBuilder())).toBe(null);
  });
});
