import { Recorder } from '../../src/metrics/recorder.js';
import type { Totals } from '../../src/metrics/totals.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { buildReport, type Report } from '../../src/report/report.js';
import { samplePlan, sampleRun, sampleThreshold, sampleTotals } from './sample-run.js';

/** What must never be taken for markup, in whatever format. */
export const attack = `</script><script>alert(1)</script><img src=x onerror="alert('2')">|**&amp;]]>\u2028`;

/** A report in which every text that comes from outside is this one. */
export function hostileReport(text = attack): Report {
  const plan = { ...samplePlan, name: text };
  const totals = hostileTotals(text);
  const sample = sampleRun({
    plan,
    totals,
    scenarioFile: text,
    scenarioText: text,
    machine: {
      hostname: text,
      platform: text,
      cpuModel: text,
      cpuCores: 2,
      memoryBytes: 1024,
      nodeVersion: text,
    },
    thresholds: [
      {
        threshold: sampleThreshold(text, 'response_time', { tags: { packet: text } }),
        ok: false,
        value: 1,
        atLeast: false,
        sentence: text,
      },
    ],
    events: [{ atMs: 500, kind: 'warning', message: text }],
    errorSamples: [
      { kind: `connect_failures ${text}`, message: text, count: 1 },
      { kind: text, message: text, count: 1 },
    ],
    server: { [text]: text },
  });
  return buildReport(sample, text);
}

function hostileTotals(text: string): Totals {
  const totals = new TotalsBuilder();
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = 1;
  const tags = { client: text, packet: text, step: text };
  for (const step of [text, `other ${text}`]) {
    recorder.trend('response_time', { ...tags, step, arrival: 'open' }).record(1000);
    recorder.trend('service_time', { ...tags, step, arrival: 'closed' }).record(1000);
  }
  recorder.trend('broadcast_time', { client: text, packet: text }).record(1000);
  recorder.trend('bot_time', { name: text, client: text }).record(1000);
  recorder.trend('bot_trend', { name: text, client: text }).record(1000);
  recorder.trend('recv_batch', { client: text }).record(3);
  recorder.counter('bot_counter', { name: text, client: text }).add(1);
  recorder.counter('packets_sent', { client: text, packet: text }).add(1);
  recorder.counter('connect_failures', { client: text, code: text }).add(1);
  recorder.rate('checks', { client: text, check: text, step: text }).count();
  totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
  return totals;
}
