import { describe, expect, it } from 'vitest';
import { heatMapOf } from '../../src/dashboard/heat-map.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { Totals } from '../../src/metrics/totals.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith } from '../metrics/snapshots.js';

const open = { metric: 'response_time', tags: { arrival: 'open' } } as const;

/** Of each second, its response times in milliseconds. */
function totalsOf(seconds: readonly (readonly number[])[]): Totals {
  const recorder = new Recorder({ worker: 0 });
  const totals = new TotalsBuilder();
  const series = recorder.trend('response_time', { client: 'a', packet: 'C', step: 'a.every[0]', arrival: 'open' });
  seconds.forEach((times, second) => {
    for (const ms of times) series.record(ms * 1000);
    totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(1)));
  });
  return totals;
}

function drawn(totals: Totals, { totalMs, width, lines }: { totalMs: number; width: number; lines: number }): string[] {
  const trend = totals.trend(open.metric, open.tags, 'wholeRun')!;
  const { rows } = heatMapOf(totals, { selection: open, trend, totalMs }, width, lines);
  return rows.map(({ label, cells }) => `${label.padStart(8)} ${cells}`);
}

describe('the map of latencies over time', () => {
  it('has the slowest on top, and is the darker the more values of a moment lie there', () => {
    const usual = Array.from({ length: 99 }, () => 15);
    const totals = totalsOf([[...usual, 15], [...usual, 90], [15, 90], [90]]);
    expect(drawn(totals, { totalMs: 4000, width: 4, lines: 3 })).toEqual([
      '  100 ms  ░▓█',
      ' 50.0 ms     ',
      ' 20.0 ms ██▓ ',
    ]);
  });

  it('fills from left to right over the whole plan', () => {
    const totals = totalsOf([[14], [14]]);
    expect(drawn(totals, { totalMs: 8000, width: 16, lines: 4 })).toEqual([' 15.0 ms ████            ']);
  });

  it('puts the seconds of a long run together, and loses none', () => {
    const seconds = Array.from({ length: 600 }, (_, second) => [second === 599 ? 90 : 15]);
    const [slowest] = drawn(totalsOf(seconds), { totalMs: 600_000, width: 20, lines: 2 });
    expect(slowest).toMatch(/^ {2}100 ms {20}[░▒▓█]$/);
  });

  it('never has more rows than fit, however far the values lie apart', () => {
    const totals = totalsOf([[0.001, 1, 3_000_000]]);
    for (const lines of [1, 2, 5, 9, 20, 40]) {
      const rows = drawn(totals, { totalMs: 1000, width: 10, lines });
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.length).toBeLessThanOrEqual(lines);
    }
  });
});
