import { describe, expect, it } from 'vitest';
import { errorViewOf } from '../../src/dashboard/errors.js';
import type { DashboardInput } from '../../src/dashboard/input.js';
import { firstPlace } from '../../src/dashboard/navigation.js';
import type { Overview } from '../../src/dashboard/overview.js';
import { thresholdListOf } from '../../src/dashboard/threshold-lines.js';
import { type View, viewOf } from '../../src/dashboard/view.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { sampleThresholds, sampleTotals, saturatedTotals } from '../report/sample-run.js';
import { sampleFacts, sampleInput, sampleOf, sampleSurface } from './sample-input.js';

function viewed(input: DashboardInput, columns = 80, rows = 24): View {
  return viewOf(input, sampleSurface(columns, rows), firstPlace);
}

function overview(input: DashboardInput, columns = 80, rows = 24): Overview {
  const { page } = viewed(input, columns, rows);
  if (page.kind !== 'overview') throw new Error(`the page is ${page.kind}`);
  return page;
}

describe('the view', () => {
  it('counts the clients of all workers against what the plan wants now', () => {
    const view = overview(sampleInput({ planMs: 2_500, totals: sampleTotals(3) }));
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
    expect(overview(sampleInput({ totals })).rates[0]?.packets).toBe('200');
  });

  it('says warm-up until something was measured', () => {
    expect(viewed(sampleInput({ totals: sampleTotals(5) })).header.status).toBe('warm-up');
    expect(viewed(sampleInput()).header.status).toBe('running');
  });

  it('marks a percentile that falls among the unanswered as a lower bound', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    const trend = recorder.trend('response_time', { client: 'a', packet: 'C', step: 'a.every[0]', arrival: 'open' });
    for (let i = 0; i < 97; i++) trend.record(1000);
    for (let i = 0; i < 3; i++) trend.recordUnanswered(2_000_000);
    recorder.phase = 1;
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    const { latency } = overview(sampleInput({ totals }));
    expect(latency.note).toBe('97 answered, 3 not');
    expect(latency.figures.map(({ value }) => value)).toEqual(['1.00 ms', '1.00 ms', '≥ 2000 ms', '≥ 2000 ms']);
  });

  it('lists failures by kind, without the disconnects that were planned', () => {
    expect(overview(sampleInput()).errors).toEqual({
      total: '16',
      empty: { text: '✓ none', tone: 'good' },
      lines: [
        { label: 'connect ECONNREFUSED', count: '12', message: '00:31 127.0.0.1:7777' },
        { label: 'lost reset', count: '3', message: null },
        { label: 'timeouts', count: '1', message: null },
      ],
    });
  });

  it('has the words of the latest case of each kind where there is room for them', () => {
    const samples = [...sampleFacts, sampleOf('timeouts', 1, 'a later one', 30_000)];
    const { errors } = overview(sampleInput({ samples }), 120, 40);
    expect(errors.lines.map(({ message }) => message)).toEqual([
      '00:31 127.0.0.1:7777',
      '00:22 read ECONNRESET',
      '00:30 a later one',
    ]);
  });

  it('always has the latest words, and their kind however rare; the others give way', () => {
    const samples = [...sampleFacts, sampleOf('timeouts', 1, 'a later one', 40_000)];
    const { lines } = errorViewOf(sampleTotals(), samples, 3);
    expect(lines).toEqual([
      { label: 'timeouts', count: '1', message: '00:40 a later one' },
      { label: '2 other kinds', count: '15', message: null },
    ]);
    expect(errorViewOf(sampleTotals(), samples, 4).lines.map(({ label }) => label)).toEqual([
      'connect ECONNREFUSED',
      'lost reset',
      'timeouts',
    ]);
  });

  it('takes as many lines as it has for errors, never more', () => {
    for (let most = 3; most < 8; most++) {
      const { lines } = errorViewOf(sampleTotals(), sampleFacts, most);
      const taken = lines.reduce((sum, { message }) => sum + (message === null ? 1 : 2), 0);
      expect(taken).toBe(Math.min(most, 6));
      expect(lines.some(({ message }) => message?.startsWith('00:31'))).toBe(true);
    }
  });

  it('claims that nothing failed only once something was tried', () => {
    const { errors } = overview(sampleInput({ totals: new TotalsBuilder(), samples: [] }));
    expect(errors.empty).toEqual({ text: '◌ nothing attempted yet', tone: 'plain' });
    const idle = new TotalsBuilder();
    idle.add(new Recorder({ worker: 0 }).snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    expect(overview(sampleInput({ totals: idle, samples: [] })).errors).toMatchObject({
      lines: [],
      empty: { text: '✓ none' },
    });
  });

  it('gives a check and a bot that failed a line each', () => {
    const recorder = new Recorder({ worker: 0 });
    for (const held of [true, false]) {
      recorder.rate('checks', { check: 'alive', client: 'a', step: 'a.loop[0]' }).count();
      if (held) recorder.rate('checks', { check: 'alive', client: 'a', step: 'a.loop[0]' }).hit();
    }
    recorder.counter('bot_errors', { client: 'a' }).add(2);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    const samples = [sampleOf('bot TypeError: no gold', 2, 'TypeError: no gold')];
    const { lines } = overview(sampleInput({ totals, samples, thresholds: [] })).errors;
    expect(lines).toEqual([
      { label: 'bot errors', count: '2', message: '00:21 TypeError: no gold' },
      { label: 'check alive', count: '1', message: null },
    ]);
  });

  it('follows over time what it shows the spread of, broadcasts too', () => {
    const recorder = new Recorder({ worker: 0 });
    const totals = new TotalsBuilder();
    for (let second = 0; second < 3; second++) {
      recorder.trend('broadcast_time', { client: 'a', packet: 'S_Chat' }).record(20_000 * (second + 1));
      totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, sampleTotals(1).workers[0]!));
    }
    const { overTime } = overview(sampleInput({ totals }), 120, 40);
    expect(overTime.note).toBe('highest 40.0 ms');
    expect(overTime.chart.at(-1)?.trimEnd()).toBe('██');
  });

  it('says how much time is left, so that it adds up with the clock', () => {
    const { clock, left } = viewed(sampleInput({ planMs: 42_900 })).header;
    expect([clock, left]).toEqual(['00:42 / 01:10', '00:28 left']);
    expect(viewed(sampleInput({ planMs: 99_000 })).header.left).toBe('00:00 left');
  });

  it('shares receives out by how many packets they carried', () => {
    const { receives } = overview(sampleInput());
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
    expect(viewed(sampleInput()).generator[0]).toEqual({ label: '', value: 'ok', tone: 'good' });
    expect(viewed(sampleInput({ totals: saturatedTotals() })).generator.slice(0, 2)).toEqual([
      { label: '', value: 'saturated', tone: 'bad' },
      { label: 'contaminated', value: '10.0 %', tone: 'plain' },
    ]);
  });
});

describe('thresholds', () => {
  it('show those that fail first', () => {
    expect(thresholdListOf(sampleThresholds, 2, 0).lines.map(({ glyph }) => glyph)).toEqual(['✗', '✓']);
  });

  it('are scrolled where there is no room for all, and say how the rest stand', () => {
    const [holding, failing] = sampleThresholds as [(typeof sampleThresholds)[0], (typeof sampleThresholds)[0]];
    const listAt = (top: number, lines: number) => thresholdListOf([holding, failing, holding, failing], lines, top);
    expect(listAt(0, 2).lines.map(({ text }) => text)).toEqual([
      expect.stringContaining('errors'),
      '1 of 4, 1 of the others failing: ↑ ↓',
    ]);
    expect(listAt(2, 3).lines.map(({ text }) => text)[2]).toBe('3–4 of 4, 2 of the others failing: ↑ ↓');
    expect(listAt(0, 3).scroll).toEqual({ top: 0, most: 2, page: 2 });
    expect(listAt(0, 4).scroll.most).toBe(0);
    expect(listAt(0, 1).lines.map(({ text }) => text)).toEqual(['4, 2 failing']);
  });

  it('show an undecided one as neither', () => {
    expect(thresholdListOf([{ ...sampleThresholds[0]!, ok: 'undecided' }], 1, 0).lines[0]?.glyph).toBe('◌');
  });
});
