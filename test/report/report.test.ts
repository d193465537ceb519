import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { digest, toJson } from '../../src/report/canonical-json.js';
import { readTrend } from '../../src/report/histograms.js';
import { buildReport } from '../../src/report/report.js';
import type { TrendFigures } from '../../src/report/scope.js';
import { renderText } from '../../src/report/text.js';
import { closedLoopTotals, idleState, samplePlan, sampleRun, sampleTotals, saturatedTotals } from './sample-run.js';

describe('a report', () => {
  it('as JSON is what it was', async () => {
    const json = JSON.stringify(buildReport(sampleRun(), '0.1.0'), null, 2);
    await expect(`${json}\n`).toMatchFileSnapshot('golden/report.json');
  });

  it('survives JSON without a difference', () => {
    const report = buildReport(sampleRun(), '0.1.0');
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('sums each metric up over its series', () => {
    const { totals } = buildReport(sampleRun({ totals: sampleTotals(40) }), '0.1.0');
    expect(totals.wholeRun.counters.disconnects).toEqual({
      unit: 'count',
      total: 8,
      series: [
        { tags: { client: 'talker', cause: 'planned' }, value: 5 },
        { tags: { client: 'talker', cause: 'reset' }, value: 3 },
      ],
    });
    expect(totals.measured.counters.packets_sent?.total).toBe(120_000);
    expect(totals.wholeRun.counters.packets_sent?.total).toBe(152_000);
  });

  it('leaves out of the measured window what was counted in the warm-up alone', () => {
    const { totals } = buildReport(sampleRun(), '0.1.0');
    expect(totals.measured.counters.connects).toBe(undefined);
    expect(totals.wholeRun.counters.connects?.total).toBe(1000);
  });

  it('has each value in one series: a broadcast that did not come, which is nobody’s, takes none of those that came', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    for (const client of ['a', 'b']) recorder.trend('broadcast_time', { client, packet: 'S_Chat' }).record(1000);
    const heard = { sends: 1, silentSends: 0, eligible: 3, copies: 2, timeoutUs: 2e6 };
    const reach = { reach: [{ packet: 'S_Chat', bucket: 0, phase: 1, ...heard } as const], reachClosedBefore: 1 };
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, idleState, reach));
    const { trends } = buildReport(sampleRun({ totals }), '0.1.0').totals.measured;
    const counts = trends.broadcast_time?.series.map(({ tags, count, unanswered }) => [tags.client, count, unanswered]);
    expect(counts).toEqual([
      ['a', 1, 0],
      ['b', 1, 0],
      [undefined, 0, 1],
    ]);
    expect(trends.broadcast_time?.merged).toMatchObject([{ count: 2, unanswered: 1 }]);
  });

  it('carries histograms that can be merged again, in microseconds', () => {
    const [trend] = buildReport(sampleRun(), '0.1.0').totals.measured.trends.response_time?.merged ?? [];
    const histogram = decodeFromCompressedBase64(trend!.histogram);
    expect(histogram.totalCount).toBe(trend!.count);
    expect(histogram.getValueAtPercentile(99) / 1000).toBeCloseTo(trend!.p99.value, 0);
  });

  it('has all that a trend had, also among the unanswered', () => {
    const totals = sampleTotals(40);
    const [trend] = buildReport(sampleRun({ totals }), '0.1.0').totals.measured.trends.response_time?.merged ?? [];
    const read = readTrend('response_time', trend!);
    const original = totals.trend('response_time', { arrival: 'open' });
    expect(read.unanswered).toBe(1);
    for (const percentile of [0, 12.5, 50, 99, 99.98, 100]) {
      expect(read.percentile(percentile)).toEqual(original?.percentile(percentile));
    }
    expect(read.average()).toEqual(original?.average());
  });

  it('sums trends up for each packet and each kind of clients, open and closed apart', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    const record = (client: string, packet: string, step: string, arrival: string, us: number) =>
      recorder.trend('service_time', { client, packet, step, arrival }).record(us);
    record('a', 'C_Move', 'a.loop[0]', 'closed', 1000);
    record('a', 'C_Move', 'a.loop[1]', 'closed', 2000);
    record('b', 'C_Move', 'b.every[0]', 'open', 4000);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    const service = buildReport(sampleRun({ totals }), '0.1.0').totals.measured.trends.service_time;
    const summed = ({ tags, count, max }: TrendFigures) => ({ tags, count, maxMs: Math.round(max.value) });
    expect(service?.byPacket.map(summed)).toEqual([
      { tags: { packet: 'C_Move', arrival: 'closed' }, count: 2, maxMs: 2 },
      { tags: { packet: 'C_Move', arrival: 'open' }, count: 1, maxMs: 4 },
    ]);
    expect(service?.byClient.map(summed)).toEqual([
      { tags: { client: 'a', arrival: 'closed' }, count: 2, maxMs: 2 },
      { tags: { client: 'b', arrival: 'open' }, count: 1, maxMs: 4 },
    ]);
  });

  it('has the stages as far as the run got', () => {
    const stages = [
      { fromMs: 0, toMs: 5000, target: 10 },
      { fromMs: 5000, toMs: 65_000, target: 10 },
      { fromMs: 65_000, toMs: Number.POSITIVE_INFINITY, target: 0 },
    ];
    const report = buildReport(sampleRun({ stages }), '0.1.0');
    expect(report.stages).toEqual([stages[0], { fromMs: 5000, toMs: 12_000, target: 10 }]);
  });

  it('carries the scenario’s text, unless that is very long', () => {
    const of = (scenarioText: string) => buildReport(sampleRun({ scenarioText }), '0.1.0').scenario.text;
    expect(of('name: Chat')).toBe('name: Chat');
    expect(of('#'.repeat(70_000))).toBe(null);
  });

  it('never merges open and closed values', () => {
    const open = buildReport(sampleRun(), '0.1.0').totals.measured.trends.service_time;
    expect(open?.merged.map(({ tags }) => tags)).toEqual([{ arrival: 'open' }]);
    const closed = buildReport(sampleRun({ totals: closedLoopTotals() }), '0.1.0').totals.measured.trends;
    expect(closed.service_time?.merged.map(({ tags }) => tags)).toEqual([{ arrival: 'closed' }]);
    expect(closed.response_time).toBe(undefined);
  });

  it('says that it is degraded where a worker was lost', () => {
    const { outcome } = buildReport(sampleRun(), '0.1.0');
    expect(outcome).toMatchObject({ name: 'workerLost', exitCode: 122, degraded: true, workersLost: 1 });
  });

  it('gives what each worker used over the whole run', () => {
    const { workers } = buildReport(sampleRun(), '0.1.0').generator;
    expect(workers[1]?.usage).toEqual({
      cpuPercent: 31,
      rssMaxBytes: 125_829_120,
      loopDelayMaxMs: 2.3,
      loopUtilization: expect.closeTo(0.31, 6),
      runQueueShare: 0,
      gcShare: 0,
    });
  });
});

describe('the audit in a report', () => {
  it('gives the verdict, and what each percentile of the audited times may truly be', () => {
    const { generator, totals } = buildReport(sampleRun({ totals: saturatedTotals() }), '0.1.0');
    expect(generator).toMatchObject({ verdict: 'saturated', auditedValues: 1000, contaminatedShare: 0.1 });
    const [response] = totals.measured.trends.response_time?.merged ?? [];
    expect(response?.p99.value).toBeCloseTo(65, 0);
    expect(response?.lowerBounds).toEqual({ p50: 10.007, p90: 15.007, p95: 15.007, p99: 15.007, p999: 15.007 });
    expect(totals.measured.trends.service_time?.merged[0]?.lowerBounds).toBe(undefined);
    expect(totals.wholeRun.trends.response_time?.merged[0]?.lowerBounds).toBe(undefined);
  });

  it('compares the first third of the window with the last', () => {
    const { steadiness } = buildReport(sampleRun({ totals: saturatedTotals() }), '0.1.0');
    expect(steadiness).toMatchObject({ steady: false, of: { metric: 'response_time' } });
  });

  it('carries the histograms of each second, to be added up', () => {
    const { timeline } = buildReport(sampleRun({ totals: saturatedTotals() }), '0.1.0');
    const counts = timeline.map(({ histograms }) => {
      const encoded = histograms['response_time{arrival:"open"}'];
      return encoded === undefined ? 0 : decodeFromCompressedBase64(encoded).totalCount;
    });
    expect(counts).toEqual(Array.from({ length: 10 }, () => 100));
  });

  it('marks a worker whose clock was corrected', () => {
    const clock = { atStart: { offsetUs: 2500, errorUs: 40 }, atEnd: null, correctedUs: 2500 };
    const workers = [{ index: 0, pid: 1, lost: false, clients: 1, clock }];
    const report = buildReport(sampleRun({ workers }), '0.1.0');
    expect(report.generator.workers[0]?.clock).toEqual(clock);
    expect(renderText(report, { color: false, columns: 100 })).toContain('the clock of worker 0 differed by 2.50 ms');
  });
});

describe('canonical JSON', () => {
  it('writes bigints as decimal strings and puts keys in order', () => {
    expect(JSON.stringify(toJson({ b: [{ d: 2n ** 63n, c: null }], a: undefined }))).toBe(
      '{"b":[{"c":null,"d":"9223372036854775808"}]}',
    );
  });

  it('gives plans that are equal the same digest, and others another', () => {
    const { name, ...rest } = samplePlan;
    expect(digest({ ...rest, name })).toBe(digest(samplePlan));
    expect(digest({ ...samplePlan, seed: 8 })).not.toBe(digest(samplePlan));
    expect(digest(samplePlan)).toMatch(/^[0-9a-f]{64}$/);
  });
});
