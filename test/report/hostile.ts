import { Recorder } from '../../src/metrics/recorder.js';
import { type Totals, TotalsBuilder } from '../../src/metrics/totals.js';
import { buildReport, type Report } from '../../src/report/report.js';
import { samplePlan, sampleRun, sampleThreshold, sampleTotals } from './sample-run.js';

/** What must never be taken for markup, in whatever format. */
export const attack = `</script><script>alert(1)</script><img src=x onerror="alert('2')">|**&amp;]]>\u2028`;

/** A report in which every text that comes from outside is an attack. */
export function hostileReport(): Report {
  const plan = { ...samplePlan, name: attack };
  const totals = hostileTotals();
  const sample = sampleRun({
    plan,
    totals,
    scenarioFile: attack,
    scenarioText: attack,
    machine: {
      hostname: attack,
      platform: attack,
      cpuModel: attack,
      cpuCores: 2,
      memoryBytes: 1024,
      nodeVersion: attack,
    },
    thresholds: [
      {
        threshold: sampleThreshold(attack, 'response_time', { tags: { packet: attack } }),
        ok: false,
        value: 1,
        atLeast: false,
        sentence: attack,
      },
    ],
    events: [{ atMs: 500, kind: 'warning', message: attack }],
    errorSamples: [
      { kind: `connect_failures ${attack}`, message: attack, count: 1 },
      { kind: attack, message: attack, count: 1 },
    ],
    server: { [attack]: attack },
  });
  return buildReport(sample, attack);
}

function hostileTotals(): Totals {
  const totals = new TotalsBuilder();
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = 1;
  const tags = { client: attack, packet: attack, step: attack };
  for (const step of [attack, `other ${attack}`]) {
    recorder.trend('response_time', { ...tags, step, arrival: 'open' }).record(1000);
    recorder.trend('service_time', { ...tags, step, arrival: 'closed' }).record(1000);
  }
  recorder.trend('broadcast_time', { client: attack, packet: attack }).record(1000);
  recorder.trend('bot_time', { name: attack, client: attack }).record(1000);
  recorder.trend('bot_trend', { name: attack, client: attack }).record(1000);
  recorder.trend('recv_batch', { client: attack }).record(3);
  recorder.counter('bot_counter', { name: attack, client: attack }).add(1);
  recorder.counter('packets_sent', { client: attack, packet: attack }).add(1);
  recorder.counter('connect_failures', { client: attack, code: attack }).add(1);
  recorder.rate('checks', { client: attack, check: attack, step: attack }).count();
  totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
  return totals;
}
