import type { ThresholdResult } from '../../src/coordinator/run-result.js';
import { serverCoreFraming } from '../../src/core/framing.js';
import type { MetricName, MetricNameOf, Tags } from '../../src/metrics/catalog.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { Threshold } from '../../src/metrics/thresholds.js';
import type { Totals } from '../../src/metrics/totals.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { FinishedRun } from '../../src/report/finished-run.js';
import type { Plan } from '../../src/scenario/plan.js';

const secondUs = 1_000_000;

/** 40 s of a chat run on two workers, 10 s of them warm-up: the same for each call. */
export function sampleTotals(seconds = 40): Totals {
  const totals = new TotalsBuilder();
  const recorders = [new Recorder({ worker: 0 }), new Recorder({ worker: 1 })];
  for (let second = 0; second < seconds; second++) {
    recorders.forEach((recorder, worker) => {
      recorder.phase = second < 10 ? 0 : 1;
      recordSecond(recorder, second, worker);
      const state = {
        connected: Math.min(500, (second + 1) * 100),
        mostConnected: Math.min(500, (second + 1) * 100),
        connecting: second < 5 ? 12 : 0,
        lost: 1,
        silent: 0,
        expected: 500,
        starting: 0,
        cpuUserUs: 250_000,
        cpuSystemUs: 60_000,
        rssBytes: 120 * 1024 * 1024,
        loopUtilization: 0.31,
        loopDelayMaxMs: 1.3 + worker,
        runQueueUs: 0,
        gcUs: 0,
      };
      totals.add(recorder.snapshot(second * secondUs, (second + 1) * secondUs, state), (60 + second) * 1024 * 1024);
    });
  }
  return totals;
}

function recordSecond(recorder: Recorder, second: number, worker: number): void {
  const talker: Tags = { client: 'talker' };
  const chat: Tags = { ...talker, packet: 'C_Chat', step: 'talker.every[0]', arrival: 'open' };
  const busy = Math.min(1, (second + 1) / 5);
  count(recorder, 'connects', talker, second < 5 ? 100 : 0);
  count(recorder, 'packets_sent', { ...talker, packet: 'C_Chat' }, Math.round(2000 * busy));
  count(recorder, 'packets_received', { ...talker, packet: 'S_Chat' }, Math.round(1_990_000 * busy * busy));
  count(recorder, 'data_sent', talker, Math.round(126_000 * busy));
  count(recorder, 'data_received', talker, Math.round(125_000_000 * busy * busy));
  for (let i = 0; i < 100; i++) {
    // A hump around 120 ms, as a room makes it that flushes every 250 ms, with a few slow ones.
    const serviceUs = 20_000 + 2_300 * i + (i === 99 ? 90_000 * (1 + (second % 7)) : 0);
    recorder.trend('response_time', chat).record(serviceUs + 300 + 5 * i);
    recorder.trend('service_time', chat).record(serviceUs);
    recorder.trend('send_lag', { client: 'talker', step: 'talker.every[0]' }).record(300 + 5 * i);
    recorder.trend('recv_batch', talker).record(i < 5 ? 1 : i < 15 ? 3 : i < 40 ? 12 : 41 + i);
    recorder.trend('recv_bytes', talker).record(i < 5 ? 62 : i < 15 ? 186 : i < 40 ? 744 : 62 * (41 + i));
    recorder.trend('send_batch', talker).record(i < 80 ? 1 : 2);
    recorder.trend('send_bytes', talker).record(i < 80 ? 63 : 126);
    recorder.rate('errors', talker).count();
  }
  count(recorder, 'audited_values', talker, 100);
  for (let i = 0; i < 10 && second < 5; i++) recorder.trend('connect_time', talker).record(400 + 70 * i);
  if (second === 20 && worker === 0) {
    recorder.trend('response_time', chat).recordUnanswered(2_000_000);
    count(recorder, 'timeouts', { client: 'talker', packet: 'C_Chat', step: 'talker.every[0]' }, 1);
    count(recorder, 'connect_failures', { ...talker, code: 'ECONNREFUSED' }, 12);
    count(recorder, 'disconnects', { ...talker, cause: 'reset' }, 3);
    count(recorder, 'disconnects', { ...talker, cause: 'planned' }, 5);
    for (let i = 0; i < 16; i++) recorder.rate('errors', talker).hit();
  }
}

function count(recorder: Recorder, metric: MetricNameOf<'counter'>, tags: Tags, amount: number): void {
  if (amount > 0) recorder.counter(metric, tags).add(amount);
}

/** Ten seconds of a worker that was held up again and again, and had no CPU for much of the rest. */
export function saturatedTotals(): Totals {
  const totals = new TotalsBuilder();
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = 1;
  const tags: Tags = { client: 'talker', packet: 'C_Chat', step: 'talker.every[0]', arrival: 'open' };
  for (let second = 0; second < 10; second++) {
    const serviceUs = second < 5 ? 10_000 : 15_000;
    for (let i = 0; i < 100; i++) {
      const lagUs = i < 8 ? 50_000 : 0;
      recorder.trend('response_time', tags).record(serviceUs + lagUs);
      recorder.trend('service_time', tags).record(serviceUs);
      recorder.trend('send_lag', { client: 'talker', step: 'talker.every[0]' }).record(lagUs);
    }
    count(recorder, 'audited_values', { client: 'talker' }, 100);
    count(recorder, 'contaminated_values', { client: 'talker' }, second < 5 ? 8 : 12);
    const burden = { loopUtilization: 0.97, loopDelayMaxMs: 101, runQueueUs: 310_000, gcUs: 20_000 };
    const state = { ...idleState, ...burden, connected: 10, mostConnected: 10, expected: 10, cpuUserUs: 650_000 };
    totals.add(recorder.snapshot(second * secondUs, (second + 1) * secondUs, state));
  }
  return totals;
}

/** The same clients in a closed loop, which knows service time only. */
export function closedLoopTotals(): Totals {
  const totals = new TotalsBuilder();
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = 1;
  const tags: Tags = { client: 'mover', packet: 'C_Move', step: 'mover.loop[0]', arrival: 'closed' };
  for (let i = 1; i <= 500; i++) recorder.trend('service_time', tags).record(100 * i);
  recorder.counter('iterations', { client: 'mover' }).add(500);
  const state = { ...idleState, connected: 10, mostConnected: 10, expected: 10 };
  totals.add(recorder.snapshot(0, 10 * secondUs, state));
  return totals;
}

export const idleState = {
  connected: 0,
  mostConnected: 0,
  connecting: 0,
  lost: 0,
  silent: 0,
  expected: 0,
  starting: 0,
  cpuUserUs: 0,
  cpuSystemUs: 0,
  rssBytes: 0,
  loopUtilization: 0,
  loopDelayMaxMs: 0,
  runQueueUs: 0,
  gcUs: 0,
};

export function sampleThreshold(source: string, metric: MetricName, parts: Partial<Threshold> = {}): Threshold {
  return {
    metric,
    tags: {},
    source,
    aggregation: { kind: 'percentile', percentile: 95 },
    operator: '<',
    limit: 300,
    abortOnFail: false,
    delayAbortEvalMs: 0,
    ...parts,
  };
}

export const sampleThresholds: readonly ThresholdResult[] = [
  {
    threshold: sampleThreshold('p(95)<300', 'response_time', { tags: { packet: 'C_Chat' } }),
    ok: true,
    value: 237.6,
    atLeast: false,
    sentence: 'p(95) is 237.6 ms',
  },
  {
    threshold: sampleThreshold('rate<0.001', 'errors', { aggregation: { kind: 'rate' }, limit: 0.001 }),
    ok: false,
    value: 0.00267,
    atLeast: false,
    sentence: 'rate is 0.00267, not <0.001',
  },
];

export const samplePlan: Plan = {
  name: 'Chat room',
  target: { kind: 'tcp', host: '127.0.0.1', port: 7777 },
  protocol: {
    send: serverCoreFraming,
    receive: serverCoreFraming,
    preamble: [],
    transform: null,
    packets: { format: 'pdl', packets: [] },
  },
  load: {
    stages: [
      { durationMs: 5_000, target: 1000 },
      { durationMs: 60_000, target: 1000 },
      { durationMs: 5_000, target: 0 },
    ],
    maxClients: 1000,
    warmupMs: 10_000,
    begin: 'each',
    gracefulStopMs: 2000,
    connectTimeoutMs: 5000,
    pacing: 'normal',
    localAddresses: [],
    tcp: { noDelay: true, keepAliveMs: null },
  },
  seed: 7,
  kinds: [],
  thresholds: sampleThresholds.map(({ threshold }) => threshold),
  env: {},
};

const sampleClock = {
  atStart: { offsetUs: 3, errorUs: 41 },
  atEnd: { offsetUs: -2, errorUs: 38 },
  correctedUs: 0,
};

export function sampleRun(parts: Partial<FinishedRun> = {}): FinishedRun {
  return {
    plan: samplePlan,
    scenarioFile: 'scenarios/chat.yaml',
    scenarioText: 'name: Chat room\n',
    startedAt: '2026-03-01T12:30:05.250Z',
    machine: {
      platform: 'linux x64',
      cpuModel: 'Example CPU',
      cpuCores: 2,
      memoryBytes: 8 * 1024 ** 3,
      nodeVersion: 'v20.19.0',
    },
    totals: sampleTotals(12),
    thresholds: sampleThresholds,
    steered: [],
    silentClients: [],
    stages: [
      { fromMs: 0, toMs: 5000, target: 1000 },
      { fromMs: 5000, toMs: 65_000, target: 1000 },
    ],
    outcome: 'workerLost',
    exitCode: 122,
    events: [{ atMs: 21_400, kind: 'workerLost', message: 'worker 1 ended by SIGKILL with 500 clients' }],
    errorSamples: [
      { kind: 'connect_failures ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:7777', count: 12 },
    ],
    workers: [
      { index: 0, pid: 4001, lost: false, clients: 500, clock: sampleClock },
      { index: 1, pid: 4002, lost: true, clients: 500, clock: { ...sampleClock, atEnd: null } },
    ],
    server: null,
    ...parts,
  };
}
