import { describe, expect, it } from 'vitest';
import { thresholdLines } from '../../src/dashboard/threshold-lines.js';
import { viewOf } from '../../src/dashboard/view.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals.js';
import { sampleThresholds, sampleTotals, saturatedTotals } from '../report/sample-run.js';
import { sampleInput, sampleSurface } from './sample-input.js';

const surface = sampleSurface(80, 24);

describe('the view', () => {
  it('counts the clients of all workers against what the plan wants now', () => {
    const view = viewOf(sampleInput({ planMs: 2_500, totals: sampleTotals(3) }), surface);
    expect(view.clients[0]).toEqual([{ label: 'connected', value: '600 / 501', tone: 'plain' }]);
  });

  it('takes its rates from the latest second that every worker has reported', () => {
    const totals = new TotalsBuilder();
    for (const [worker, seconds] of [
      [0, 3],
      [1, 2],
    ] as const) {
      const recorder = new Recorder({ worker });
      for (let second = 0; second < seconds; second++) {
        recorder.counter('packets_sent', { client: 'a', packet: 'C_Chat' }).add(100);
        totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, sampleTotals(1).workers[0]!));
      }
    }
    expect(viewOf(sampleInput({ totals }), surface).rates[0]?.packets).toBe('200');
  });

  it('says warm-up until something was measured', () => {
    expect(viewOf(sampleInput({ totals: sampleTotals(5) }), surface).header.status).toBe('warm-up');
    expect(viewOf(sampleInput(), surface).header.status).toBe('running');
  });

  it('marks a percentile that falls among the unanswered as a lower bound', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    const trend = recorder.trend('response_time', { client: 'a', packet: 'C', step: 'a.every[0]', arrival: 'open' });
    for (let i = 0; i < 97; i++) trend.record(1000);
    for (let i = 0; i < 3; i++) trend.recordUnanswered(2_000_000);
    recorder.phase = 1;
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    const { latency } = viewOf(sampleInput({ totals }), surface);
    expect(latency.note).toBe('97 answered, 3 not');
    expect(latency.figures.map(({ value }) => value)).toEqual(['1.00 ms', '1.00 ms', '≥ 2000 ms', '≥ 2000 ms']);
  });

  it('lists failures by kind, without the disconnects that were planned', () => {
    expect(viewOf(sampleInput(), surface).errors).toEqual({
      total: '16',
      lines: [
        { label: 'connect ECONNREFUSED', count: '12' },
        { label: 'lost reset', count: '3' },
        { label: 'timeouts', count: '1' },
      ],
    });
  });

  it('shares receives out by how many packets they carried', () => {
    const { receives } = viewOf(sampleInput(), surface);
    expect(receives.note).toBe('mean 69.7 max 140');
    expect(receives.buckets.map(({ label, share }) => [label, share])).toEqual([
      ['1', '5 %'],
      ['2–3', '10 %'],
      ['4–15', '25 %'],
      ['16–63', ''],
      ['64+', '60 %'],
    ]);
  });
});

describe('the generator’s line', () => {
  it('begins with the verdict', () => {
    expect(viewOf(sampleInput(), surface).generator[0]).toEqual({ label: '', value: 'ok', tone: 'good' });
    expect(viewOf(sampleInput({ totals: saturatedTotals() }), surface).generator.slice(0, 2)).toEqual([
      { label: '', value: 'saturated', tone: 'bad' },
      { label: 'contaminated', value: '10.0 %', tone: 'plain' },
    ]);
  });
});

describe('thresholds', () => {
  it('show those that fail first', () => {
    expect(thresholdLines(sampleThresholds, 2).map(({ glyph }) => glyph)).toEqual(['✗', '✓']);
  });

  it('count the rest where there is no room for all', () => {
    const [holding, failing] = sampleThresholds as [(typeof sampleThresholds)[0], (typeof sampleThresholds)[0]];
    const lines = thresholdLines([holding, failing, holding, failing], 2);
    expect(lines[0]?.glyph).toBe('✗');
    expect(lines[1]?.text).toBe('and 3 more, 1 failing');
  });

  it('show an undecided one as neither', () => {
    expect(thresholdLines([{ ...sampleThresholds[0]!, ok: 'undecided' }], 1)[0]?.glyph).toBe('◌');
  });
});
