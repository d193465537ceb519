import type { NamedReport } from '../../src/compare/comparison.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { buildReport, type Report } from '../../src/report/report.js';
import { idleState, samplePlan, sampleRun } from '../report/sample-run.js';

/** What a run is to have measured. */
export interface Measured {
  /** All times are longer by this factor. */
  readonly factor?: number;
  readonly seconds?: number;
  /** Of a hundred requests a second, those that no reply came to within two seconds. */
  readonly unanswered?: number;
  /** Of a hundred values a second, those that came 50 ms later by the generator's fault. */
  readonly contaminated?: number;
  /** Parts of the report that are to be otherwise. */
  readonly parts?: Partial<Report>;
}

/** The report of a run of a hundred requests a second, from 5 to 15 ms and a little different every second. */
export function reportOf({
  factor = 1,
  seconds = 60,
  unanswered = 0,
  contaminated = 0,
  parts = {},
}: Measured = {}): Report {
  const totals = new TotalsBuilder();
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = 1;
  const client = { client: 'talker' };
  const chat = { ...client, packet: 'C_Chat', step: 'talker.every[0]', arrival: 'open' };
  for (let second = 0; second < seconds; second++) {
    const level = 1 + ((second * 37) % 61) / 1000;
    for (let i = 0; i < 100; i++) {
      const us = Math.round(factor * level * (5000 + 100 * i)) + (i < contaminated ? 50_000 : 0);
      if (i < unanswered) recorder.trend('response_time', chat).recordUnanswered(2_000_000);
      else recorder.trend('response_time', chat).record(us);
      recorder.trend('send_lag', { ...client, step: 'talker.every[0]' }).record(100);
      if (i % 20 === 0) recorder.trend('connect_time', client).record(us);
    }
    recorder.counter('audited_values', client).add(100);
    recorder.counter('contaminated_values', client).add(contaminated);
    const state = { ...idleState, connected: 10, mostConnected: 10, expected: 10 };
    totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, state));
  }
  const run = sampleRun({ totals, outcome: 'ok', exitCode: 0, events: [], errorSamples: [], thresholds: [] });
  const [worker] = run.workers;
  return { ...buildReport({ ...run, plan: { ...samplePlan, thresholds: [] }, workers: [worker!] }, '1.2.3'), ...parts };
}

export function named(name: string, measured: Measured = {}): NamedReport {
  return { name, file: `reports/${name}/report.json`, report: reportOf(measured) };
}
