import { run } from '../../src/coordinator/run.js';
import type { RunProgress } from '../../src/coordinator/run-options.js';
import { systemClock } from '../../src/core/index.js';
import { mountDashboard } from '../../src/dashboard/mount.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { Played } from '../harness/play.js';

// Plays a scenario with one worker, as `swarm run` does, and prints one line of JSON: what the worker used and did in the measured
// window. Arguments: the scenario, its target or '', 'dashboard' or '', the duration or '', the clients or ''.

const [scenario = '', target = '', display = '', duration = '', clients = ''] = process.argv.slice(2);
const { plan } = loadScenario(scenario, {
  env: {},
  // Some are written into a scratch folder, and name the packets of the benchmark's own.
  root: '/',
  overrides: { ...(target && { target }), ...(duration && { duration }), ...(clients && { clients }) },
});

/** Adds up the CPU time of the measured window: a snapshot belongs to it where the window has grown by it. */
class MeasuredCpu {
  us = 0;
  connectedRssBytes = 0;
  #measuredMs = 0;

  onProgress({ totals }: RunProgress): void {
    const state = totals.workers[0];
    if (state === undefined || totals.measuredMs === this.#measuredMs) return;
    this.#measuredMs = totals.measuredMs;
    this.us += state.cpuUserUs + state.cpuSystemUs;
    if (state.connected === plan.load.maxClients) this.connectedRssBytes = state.rssBytes;
  }
}

const terminal = { columns: 200, rows: 50, write: () => true, on: () => {}, off: () => {} };
const noKeys = {
  isTTY: false,
  setRawMode: () => {},
  setEncoding: () => {},
  on: () => {},
  off: () => {},
  resume: () => {},
  pause: () => {},
};

const dashboard =
  display === 'dashboard'
    ? await mountDashboard({
        stdout: terminal,
        stdin: noKeys,
        clock: systemClock,
        color: true,
        unicode: true,
        onIntent: () => {},
        onFailure(error) {
          throw error;
        },
      })
    : undefined;

const cpu = new MeasuredCpu();
const { totals, outcome, events, errorSamples } = await run(plan, {
  workers: 1,
  onProgress(progress) {
    cpu.onProgress(progress);
    const { stages, warmupMs } = plan.load;
    dashboard?.update({ ...progress, title: plan.name, target, stages, warmupMs });
  },
});
dashboard?.close();

const { hits: errors } = totals.rate('errors', {}, 'wholeRun');
if (outcome !== 'ok' || errors > 0) {
  throw new Error(`${scenario}: ${outcome}, ${errors} errors; ${JSON.stringify([...events, ...errorSamples])}`);
}
if (totals.counter('packets_received') === 0 && totals.counter('packets_received', {}, 'wholeRun') > 0) {
  throw new Error(`${scenario}: the worker was saturated, and reported nothing for the measured window`);
}
const response = totals.trend('response_time') ?? totals.trend('service_time');
const played: Played = {
  measuredMs: totals.measuredMs,
  cpuUs: cpu.us,
  packetsSent: totals.counter('packets_sent'),
  packetsReceived: totals.counter('packets_received'),
  broadcastTimes: totals.trend('broadcast_time')?.count ?? 0,
  meanBatch: totals.trend('recv_batch')?.mean ?? 0,
  responseP50Ms: response?.percentile(50).value ?? 0,
  responseP99Ms: response?.percentile(99).value ?? 0,
  lastConnectMs: totals.trend('connect_time', {}, 'wholeRun')?.max ?? 0,
  connectedRssBytes: cpu.connectedRssBytes,
};
process.stdout.write(`${JSON.stringify(played)}\n`);
