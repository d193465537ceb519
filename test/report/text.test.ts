import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { asPlanned } from '../../src/coordinator/steering.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { FinishedRun } from '../../src/report/finished-run.js';
import { renderHtml } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { buildReport } from '../../src/report/report.js';
import { columnsOf } from '../../src/report/table.js';
import { renderText, type TextOptions } from '../../src/report/text.js';
import type { Plan } from '../../src/scenario/plan.js';
import { ask, kind, pause } from '../support/plans.js';
import { hostileReport } from './hostile.js';
import { closedLoopTotals, idleState, samplePlan, sampleRun, sampleTotals, saturatedTotals } from './sample-run.js';

const plain: TextOptions = { color: false, columns: 100, reportFile: 'reports/chat-room-20260301-123005/report.json' };

function textOf(parts: Partial<FinishedRun> = {}, options: Partial<TextOptions> = {}): string {
  return renderText(buildReport(sampleRun({ totals: sampleTotals(), ...parts }), '0.1.0'), { ...plain, ...options });
}

const fine: Partial<FinishedRun> = { outcome: 'ok', exitCode: 0, events: [], thresholds: [], errorSamples: [] };

describe('the summary', () => {
  it('has nothing in it that a terminal would obey, whatever names and errors say', () => {
    const report = hostileReport('\u001b]0;title\u0007 \u001b[31mred\u009b2J\u202e');
    for (const text of [renderText(report, plain), renderMarkdown(report)]) {
      expect(text).toContain('red·2J·');
      expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    }
    const colored = renderText(report, { ...plain, color: true });
    expect(stripVTControlCharacters(colored)).toBe(renderText(report, plain));
  });

  it('of a degraded run with failures looks as it did', async () => {
    await expect(textOf()).toMatchFileSnapshot('golden/degraded.txt');
  });

  it('has the time of TLS handshakes where there were any', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    recorder.trend('connect_time', { client: 'talker' }).record(2000);
    expect(textOf({ ...fine, totals })).not.toContain('TLS handshake');
    recorder.trend('tls_handshake_time', { client: 'talker' }).record(1500);
    totals.add(recorder.snapshot(0, 1_000_000, idleState));
    expect(textOf({ ...fine, totals })).toMatch(
      /^ *connect time, whole run .*2\.00.*\n *TLS handshake, whole run +1 .*1\.50/m,
    );
    const report = buildReport(sampleRun({ totals }), '0.1.0');
    for (const render of [renderHtml, renderMarkdown]) expect(render(report)).toContain('TLS handshake, whole run');
  });

  it('of a closed loop looks as it did', async () => {
    const plan: Plan = {
      ...samplePlan,
      load: {
        ...samplePlan.load,
        warmupMs: 0,
        maxClients: 10,
        stages: [
          { durationMs: 0, target: 10 },
          { durationMs: 10_000, target: 10 },
        ],
      },
      kinds: [kind({ name: 'mover', loop: [ask(), pause(150)] })],
    };
    await expect(textOf({ ...fine, plan, totals: closedLoopTotals() })).toMatchFileSnapshot('golden/closed-loop.txt');
  });

  it('of a run that was steered by hand says what was done and when, and not that it was unsteady', async () => {
    const times = { atMs: 14_250, planMs: 14_250 };
    const steered = [
      { ...asPlanned, ...times, action: 'pause', paused: true },
      { ...asPlanned, ...times, atMs: 20_050, planMs: 20_050, action: 'resume' },
    ] as const;
    const events = [
      { atMs: 14_250, kind: 'steered', message: 'sends paused by hand' },
      { atMs: 20_050, kind: 'steered', message: 'sends resumed by hand' },
    ] as const;
    const text = textOf({ ...fine, totals: saturatedTotals(), steered, events });
    await expect(text).toMatchFileSnapshot('golden/steered.txt');
    expect(textOf({ ...fine, totals: saturatedTotals() })).toContain('not steady');
    expect(text).not.toContain('not steady');
  });

  it('of a saturated generator says so, when, and why', async () => {
    await expect(textOf({ ...fine, totals: saturatedTotals() })).toMatchFileSnapshot('golden/saturated.txt');
  });

  it('of a run that never connected looks as it did', async () => {
    const totals = new TotalsBuilder();
    const text = textOf({ ...fine, totals, outcome: 'noClientConnected', exitCode: 120, workers: [] });
    await expect(text).toMatchFileSnapshot('golden/nothing.txt');
  });

  it('of a run that ended at once gives no shares of so short a time', () => {
    const totals = new TotalsBuilder();
    const state = { ...idleState, cpuUserUs: 1_144_000, runQueueUs: 9_000 };
    totals.add(new Recorder({ worker: 0 }).snapshot(0, 10_000, state));
    const text = textOf({ ...fine, totals, workers: sampleRun({ totals }).workers.slice(0, 1) });
    expect(text).toContain('generator     ✓ ok: 1 worker, too short to tell its cost\n');
    expect(text).not.toMatch(/cpu|CPU|busy/);
  });

  it('on 80 columns leaves percentiles out rather than wrap', async () => {
    await expect(textOf({}, { columns: 80 })).toMatchFileSnapshot('golden/degraded-80.txt');
  });

  it.each([80, 100, 300])('for %i columns is never wider than them, nor than 100', (columns) => {
    const name = '아주 긴 이름을 가진 시나리오 '.repeat(8);
    const message = 'read ECONNRESET '.repeat(20);
    const errorSamples = [{ kind: 'connect_failures ECONNREFUSED', message, count: 12 }];
    const text = textOf({ plan: { ...samplePlan, name }, errorSamples }, { columns });
    for (const line of text.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(Math.min(100, columns));
  });

  it('cuts no cause: what does not fit beside its count stands below it, wrapped', () => {
    const message = `talker.every[0]: C_Chat.text: ${'no such variable '.repeat(9)}at the end`;
    const text = textOf({ errorSamples: [{ kind: 'connect_failures ECONNREFUSED', message, count: 12 }] });
    expect(text.replace(/\s+/g, ' ')).toContain(message);
    expect(text).toMatch(/✗ connect ECONNREFUSED +12\n {5}talker\.every/);
  });

  it('of code that threw keeps a blank before the number, and says how much more there is', () => {
    const errorSamples = [1, 2, 3, 4, 5, 6].map((n) => ({
      kind: `transform it threw ${n}`,
      message: `it threw ${n}`,
      count: n,
    }));
    const text = textOf({ errorSamples });
    expect(text).toContain('in transform  1 × it threw 1\n');
    expect(text).toContain('and 1 more, in the report\n');
    expect(text).not.toContain('it threw 6');
  });

  it('without thresholds says so, and how many attempts failed, with a warning', () => {
    const found = textOf({ ...fine });
    expect(found).toMatch(
      /result +! Everything ran; no thresholds were given\. 16 of [\d,]+\s+attempts\s+failed\s+in\s+the\s+whole\s+run\./,
    );
    const report = buildReport(sampleRun({ totals: sampleTotals(), ...fine }), '0.1.0');
    expect(renderMarkdown(report)).toMatch(/^## ! .*\n\nEverything ran; no thresholds were given\. 16 of 8,000/);
    expect(renderHtml(report)).toContain('<strong>! Ran, with failures</strong><p>Everything ran; no thresholds');
    expect(textOf({ ...fine, totals: closedLoopTotals() })).toContain('✓ Everything ran; no thresholds were given.\n');
  });

  it('says how many attempts failed in the measured window where others failed outside it', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    const failures = [
      { phase: 1, count: 3 },
      { phase: 2, count: 40 },
    ] as const;
    for (const { phase, count } of failures) {
      for (let i = 0; i < count; i++) {
        recorder.rate('errors', { client: 'talker' }).count(phase);
        recorder.rate('errors', { client: 'talker' }).hit(phase);
      }
    }
    recorder.counter('disconnects', { client: 'talker', cause: 'protocol' }).add(1);
    recorder.counter('protocol_errors', { client: 'talker', code: 'size-below-header' }).add(1);
    totals.add(recorder.snapshot(0, 1_000_000, idleState));
    const text = textOf({ ...fine, totals }).replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'no thresholds were given. 43 of 43 attempts failed in the whole run, 3 of 3 in the measured window.',
    );
    expect(text).toContain('✗ lost protocol 1 each is one failure with its protocol error');
  });

  it('counts one as one', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    recorder.counter('late_replies', { client: 'talker' }).add(1);
    recorder.counter('uncertain_matches', { client: 'talker' }).add(1);
    totals.add(recorder.snapshot(0, 1_000_000, idleState));
    const text = textOf({ ...fine, totals, silentClients: [7] }).replaceAll(/\s+/g, ' ');
    expect(text).toContain('1 client was connected at the end, but nothing it sent had any effect: 7');
    expect(text).toContain('1 reply came after its timeout; it counts as a timeout');
    expect(text).toContain('1 reply after a timeout may have been matched wrongly');
  });

  it('with thresholds that held says how many attempts failed all the same', () => {
    const text = textOf({
      outcome: 'ok',
      exitCode: 0,
      thresholds: sampleRun().thresholds.filter(({ ok }) => ok === true),
    });
    expect(text).toContain('✓ Everything ran and every threshold held. 16 of');
  });

  it('differs in nothing but colour where colour is wanted', () => {
    const colored = textOf({}, { color: true });
    expect(colored).not.toBe(textOf());
    expect(stripVTControlCharacters(colored)).toBe(textOf());
  });

  it('never shows a closed-loop percentile without the rate reached', () => {
    const lines = textOf({ ...fine, totals: closedLoopTotals() }).split('\n');
    expect(lines.find((line) => line.includes('service time'))).toContain('closed 50/s');
  });

  it('lists what each step measured where there are several, a closed one with its rate', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    const tags = { client: 'a', packet: 'C_Move' };
    recorder.trend('service_time', { ...tags, step: 'a.loop[0]', arrival: 'closed' }).record(2000);
    recorder.trend('response_time', { ...tags, step: 'a.every[0]', arrival: 'open' }).record(1000);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    const text = textOf({ ...fine, totals });
    expect(text).toMatch(/ {2}C_Move a\.every\[0\] +1 +1\.00 /);
    expect(text).toMatch(/ {2}1\/s C_Move a\.loop\[0\] +1 +2\.00 /);
  });

  it('marks percentiles among the unanswered as lower bounds', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    const trend = recorder.trend('response_time', { client: 'a', packet: 'C', step: 'a.every[0]', arrival: 'open' });
    for (let i = 0; i < 97; i++) trend.record(1000);
    for (let i = 0; i < 3; i++) trend.recordUnanswered(2_000_000);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    const text = textOf({ ...fine, totals });
    expect(text).toMatch(/response time, open loop +97 +1\.00 +1\.00 +1\.00 +≥ 2000 +≥ 2000 +≥ 2000/);
    expect(text).toContain('3 unanswered');
  });

  it('says that bytes came and no packet, and what is most often to blame', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.counter('data_received', { client: 'a' }).add(600);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    expect(textOf({ ...fine, totals })).toContain(
      '600 B came and made no whole packet: is `framing` how the server cuts its packets?',
    );
  });

  it('says what makes matches uncertain, and the cure', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.counter('uncertain_matches', { client: 'a', packet: 'C', step: 'a.every[0]' }).add(4);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    expect(textOf({ ...fine, totals })).toContain(
      '4 replies after a timeout may have been matched wrongly; `where` is the cure',
    );
  });
});
