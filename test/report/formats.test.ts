import { parse } from 'csv-parse/sync';
import { HistogramLogReader } from 'hdr-histogram-js';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/coordinator/run-result.js';
import { exitCodes } from '../../src/exit-codes.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { FinishedRun } from '../../src/report/finished-run.js';
import type { ReportFormat } from '../../src/report/format-names.js';
import { formatOfFile, reportFormats } from '../../src/report/formats.js';
import { parseTrend, renderHgrm } from '../../src/report/hgrm.js';
import { buildReport } from '../../src/report/report.js';
import { hostileReport } from './hostile.js';
import { closedLoopTotals, idleState, sampleRun, sampleTotals, saturatedTotals } from './sample-run.js';

const degraded = () => buildReport(sampleRun({ totals: sampleTotals() }), '0.1.0');
const nothing = () => buildReport(sampleRun({ totals: new TotalsBuilder(), workers: [], stages: [] }), '0.1.0');
const render = (format: ReportFormat, report = degraded()): string => reportFormats[format].render(report);

/** The JUnit file of a run that ended so. */
function junitOf(parts: Partial<FinishedRun> & Pick<FinishedRun, 'outcome'>): string {
  const { code: exitCode } = exitCodes[parts.outcome];
  return render('junit', buildReport(sampleRun({ exitCode, events: [], ...parts }), '0.1.0'));
}

const event = (kind: RunEvent['kind'], message = 'what happened'): RunEvent => ({ atMs: 2000, kind, message });
const thrown = (whose: string) => [{ kind: `${whose} it threw`, message: 'it threw', count: 1203 }];

/** What a test case of a JUnit file holds beside its output. */
function caseOf(xml: string, name: string): { name: string; message: string | undefined }[] {
  let isIn = false;
  const found: { name: string; message: string | undefined }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name: tag, attributes }) => {
    if (tag === 'testcase') isIn = attributes.name === name;
    else if (isIn && tag !== 'system-out') found.push({ name: tag, message: attributes.message });
  });
  parser.write(xml).close();
  return found;
}

describe('formats', () => {
  it('are known by the ending of a file', () => {
    expect(formatOfFile('out/chat.md')).toBe('markdown');
    expect(formatOfFile('chat.xml')).toBe('junit');
    expect(formatOfFile('chat')).toBe(undefined);
  });

  it.each(Object.keys(reportFormats) as ReportFormat[])('%s can be made of a run that measured nothing', (format) => {
    expect(render(format, nothing())).toMatch(/\n$/);
    expect(render(format, nothing())).not.toContain('[object');
  });
});

describe('Markdown', () => {
  it('of a degraded run looks as it did', async () => {
    await expect(render('markdown')).toMatchFileSnapshot('golden/degraded.md');
  });

  it('of a run in which nothing happened claims neither that nothing failed nor that the generator was well', () => {
    expect(render('markdown', nothing())).toContain('Errors: nothing was attempted.');
    expect(render('markdown', nothing())).toContain('**Generator: not judged** (nothing was attempted)');
  });

  it('of a saturated generator says so, and why', () => {
    const report = buildReport(sampleRun({ totals: saturatedTotals() }), '0.1.0');
    expect(render('markdown', report)).toMatch(/\*\*Generator: saturated\*\*.*\n\n- .*a tenth and more/);
  });

  it('takes nothing from outside for markup', () => {
    const text = render('markdown', hostileReport());
    expect(text.replace(/<\/?sub>/g, '')).not.toMatch(/(?<!\\)[<>]/);
    expect(text).not.toMatch(/(?<!\\|\n|^)\*\*(?!Generator|: |\s|\()[^*]/);
  });
});

describe('JUnit', () => {
  it('has a case for the run and one for each threshold', async () => {
    await expect(render('junit')).toMatchFileSnapshot('golden/degraded.xml');
  });

  it('passes the run itself where only thresholds failed', () => {
    const xml = junitOf({ outcome: 'thresholdsFailed', events: [] });
    expect(xml).toContain('tests="3" failures="1" errors="0"');
    expect(xml).toContain('<testcase classname="Chat room" name="the run"/>');
  });

  it('passes the run where all went well', () => {
    expect(junitOf({ outcome: 'ok', events: [], thresholds: [] })).toContain('tests="1" failures="0" errors="0"');
  });

  it.each([
    ['thresholdsFailed', 'failure', { events: [event('thresholdAbort')] }, 'Exit code 99. What happened.'],
    ['stopped', 'error', { events: [event('stopped'), event('warning', 'no')] }, 'Exit code 105. What happened.'],
    ['stopped', 'error', { events: [event('stopped', 'cut short…')] }, 'Exit code 105. Cut short…'],
    ['stopped', 'error', { events: [event('stopped', 'stop!')] }, 'Exit code 105. Stop!'],
    ['stopped', 'error', { events: [event('aborted')] }, 'Exit code 105. What happened.'],
    ['botFailed', 'error', { errorSamples: thrown('bot') }, 'Exit code 107. In bot: 1,203 × it threw.'],
    [
      'transformFailed',
      'error',
      { errorSamples: thrown('transform') },
      'Exit code 107. In transform: 1,203 × it threw.',
    ],
    [
      'internal',
      'error',
      { events: [event('internal', 'what happened\n    at line 1')] },
      'Exit code 109. What happened.',
    ],
    ['noClientConnected', 'error', { events: [event('targetUnreachable')] }, 'Exit code 120. What happened.'],
    ['targetLost', 'error', { events: [event('targetLost')] }, 'Exit code 121. What happened.'],
    ['workerLost', 'error', { events: [event('workerLost')] }, 'Exit code 122. What happened.'],
    ['saturated', 'error', { totals: saturatedTotals() }, /Exit code 123\. .* a tenth and more.*\.$/],
  ] as const)('of a run that ended as %s has the run as a %s, and why', (outcome, kind, parts, message) => {
    const [verdict] = caseOf(junitOf({ outcome, ...parts }), 'the run');
    expect(verdict).toEqual({
      name: kind,
      message: typeof message === 'string' ? expect.stringMatching(`${message}$`) : expect.stringMatching(message),
    });
  });

  it('is XML whatever comes from outside', () => {
    const names: string[] = [];
    const parser = new SaxesParser();
    parser.on('opentag', ({ name }) => names.push(name));
    parser.write(render('junit', hostileReport())).close();
    expect(new Set(names)).toEqual(
      new Set(['testsuites', 'testsuite', 'properties', 'property', 'testcase', 'system-out', 'error', 'failure']),
    );
  });
});

describe('CSV', () => {
  it('has a row for each interval, with percentiles of what came in it', () => {
    const report = degraded();
    const rows = parse(render('csv', report), { columns: true, cast: true }) as Record<string, number | string>[];
    expect(rows).toHaveLength(40);
    const key = 'response_time{arrival:"open"}';
    expect(rows[20]).toMatchObject({
      at_ms: 20_000,
      width_ms: 1000,
      packets_sent_per_s: 4000,
      errors_per_s: 16,
      [`${key} count`]: 200,
      [`${key} p95, ms`]: report.timeline[20]?.p95Ms,
    });
    const { unanswered } = report.totals.wholeRun.trends.response_time!.merged[0]!;
    expect(unanswered).toBeGreaterThan(0);
    expect(rows.reduce((sum, row) => sum + Number(row[`${key} unanswered`]), 0)).toBe(unanswered);
  });

  it('leaves empty what was not measured', () => {
    const report = buildReport(sampleRun({ totals: closedLoopTotals() }), '0.1.0');
    const rows = parse(render('csv', report), { columns: true }) as Record<string, string>[];
    expect(rows[0]).toMatchObject({ contaminated_share: '' });
  });
});

describe('a HdrHistogram log', () => {
  it('reads back as the windows of the time line', () => {
    const report = degraded();
    const reader = new HistogramLogReader(render('hlog', report));
    const counts = new Map<string, number>();
    const startMs = Date.parse(report.startedAt);
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
      const window = report.timeline.find(({ atMs }) => Math.abs(startMs + atMs - next.startTimeStampMsec) < 1);
      expect(next.endTimeStampMsec - next.startTimeStampMsec).toBeCloseTo(window?.widthMs ?? 0, 0);
      if (next.tag === 'response_time{arrival:open}') {
        expect(next.getValueAtPercentile(95) / 1000).toBe(window?.p95Ms);
      }
      counts.set(next.tag, (counts.get(next.tag) ?? 0) + next.totalCount);
    }
    expect(Object.fromEntries(counts)).toEqual({
      'response_time{arrival:open}': 8000,
      'service_time{arrival:open}': 8000,
    });
  });

  it('has the maximum of each line in milliseconds', () => {
    const [line = ''] = render('hlog')
      .split('\n')
      .filter((text) => text.startsWith('Tag=response_time'));
    expect(line).toMatch(/^Tag=response_time\{arrival:open\},0\.000,1\.000,338\.\d{3},HISTFAAAA/);
  });
});

describe('percentiles for the HdrHistogram tools', () => {
  it('are those of the summary, in milliseconds', () => {
    const lines = render('hgrm').split('\n');
    expect(lines[0]).toMatch(/^ +Value +Percentile +TotalCount 1\/\(1-Percentile\)$/);
    const report = degraded();
    const p90 = lines.find((line) => line.trim().split(/\s+/)[1] === '0.900000000000');
    const [open] = report.totals.measured.trends.response_time?.merged ?? [];
    expect(Number(p90?.trim().split(/\s+/)[0])).toBeCloseTo(open!.p90.value, 3);
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([
      expect.stringMatching(/^#\[Mean +=/),
      expect.stringMatching(/^#\[Max +=.* Total count +=/),
      expect.stringMatching(/^#\[Buckets =/),
      '#[Metric  = response_time{arrival:"open"}, 1 of them unanswered: at least so much]',
    ]);
  });

  it.each([
    ['recv_batch', 'recv_batch'],
    // Open before closed, which are never in one.
    ['service_time', 'service_time{arrival:"open"}'],
    ['service_time{arrival:open}', 'service_time{arrival:"open"}'],
    [
      'response_time{packet:C_Chat}',
      'response_time{arrival:"open",packet:"C_Chat"}, 1 of them unanswered: at least so much',
    ],
    [
      `response_time { step: 'talker.every[0]', client: talker }`,
      'response_time{arrival:"open",client:"talker",step:"talker.every[0]"}, 1 of them unanswered: at least so much',
    ],
  ])('are of the series that --metric %s takes', (source, name) => {
    const lines = renderHgrm(degraded(), parseTrend(source)).trimEnd().split('\n');
    expect(lines.at(-1)).toBe(`#[Metric  = ${name}]`);
  });

  it('of a tag hold the values that have it, and no others', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    const value = (packet: string, us: number) =>
      recorder.trend('service_time', { client: 'a', packet, step: packet, arrival: 'closed' }).record(us);
    for (const us of [1000, 2000]) value('C_Slow', us);
    for (const us of [10, 20, 30]) value('C_Fast', us);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, idleState));
    const report = buildReport(sampleRun({ totals }), '0.1.0');
    expect(renderHgrm(report, parseTrend('service_time{packet:C_Fast}'))).toMatch(
      /Max +=\s+0\.030, Total count +=\s+3\]/,
    );
    expect(renderHgrm(report, parseTrend('service_time'))).toMatch(/Max +=\s+2\.000, Total count +=\s+5\]/);
  });

  it.each([
    ['recv_bath', 'there is no metric `recv_bath`', 'did you mean `recv_batch`?'],
    ['recv_batch{packet:C_Chat}', '`recv_batch` does not carry the tag `packet`', 'its tags are `client`'],
    ['packets_sent', '`packets_sent` is a counter, and trends alone have percentiles', 'name one, as in response_time'],
  ])('are not of %s, and what is wrong with it is said', (source, message, hint) => {
    expect(() => parseTrend(source)).toThrow(
      expect.objectContaining({ code: 'metric-invalid', problems: [expect.objectContaining({ message, hint })] }),
    );
  });

  it('are not of what has no values, and the nearest that has is named', () => {
    expect(() => renderHgrm(degraded(), parseTrend('response_time{packet:C_Chta}'))).toThrow(
      expect.objectContaining({ code: 'metric-absent', hint: 'Did you mean `response_time{packet:"C_Chat"}`?' }),
    );
  });

  it('have the unanswered among them', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    const trend = recorder.trend('response_time', { client: 'a', packet: 'C', step: 'a.every[0]', arrival: 'open' });
    trend.record(1000);
    trend.recordUnanswered(2_000_000);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    const text = renderHgrm(buildReport(sampleRun({ totals }), '0.1.0'));
    expect(text).toMatch(/Max +=\s+1999\.872, Total count +=\s+2\]/);
  });
});
