import { run } from '../coordinator/run.js';
import type { Clock } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { loadScenario } from '../scenario/load.js';
import type { LoopbackFacts, TimerFacts } from './facts.js';

const timerMs = 1;
const timers = 200;

/** Sets one short timer after the other, and sees how late each comes. */
export async function measureTimers(clock: Clock): Promise<TimerFacts> {
  const lateMs: number[] = [];
  for (let i = 0; i < timers; i++) {
    const setUs = clock.nowUs();
    await new Promise<void>((resolve) => {
      clock.setTimer(timerMs, resolve);
    });
    lateMs.push(Math.max(0, (clock.nowUs() - setUs) / 1000 - timerMs));
  }
  lateMs.sort((a, b) => a - b);
  const at = (share: number) => lateMs[Math.ceil(share * timers) - 1]!;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/**
 * Plays the bundled echo scenario for a second without its pauses, with one worker: what one is good for here. `clients`: as many as a
 * process may hold, up to 200.
 */
export async function measureLoopback(clients: number): Promise<LoopbackFacts | { readonly failed: string }> {
  try {
    return await playEcho(clients);
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    return { failed: [...error.problems.map(({ message }) => message), error.message][0]! };
  }
}

async function playEcho(clients: number): Promise<LoopbackFacts | { readonly failed: string }> {
  const { plan } = loadScenario('echo', {
    overrides: {
      target: 'embedded:echo',
      clients: String(clients),
      duration: '1200ms',
      connectRate: '100000/s',
      set: ['load.warmup=400ms', 'load.gracefulStop=100ms', 'clients.caller.loop[1].pause=0ms'],
    },
    env: {},
  });
  const { totals, events } = await run(plan, { workers: 1 });
  const connect = totals.trend('connect_time', {}, 'wholeRun');
  const roundTrip = totals.trend('service_time');
  if (connect === undefined || roundTrip === undefined || totals.measuredMs === 0) {
    return { failed: events[0]?.message ?? 'nothing was measured' };
  }
  // Every client was due within the ramp, and the last had waited that long.
  const connectingMs = plan.load.stages[0]!.durationMs + connect.percentile(100).value;
  const packets = totals.counter('packets_sent') + totals.counter('packets_received');
  return {
    connectsPerSecond: (totals.counter('connects', {}, 'wholeRun') * 1000) / connectingMs,
    packetsPerSecond: (packets * 1000) / totals.measuredMs,
    roundTripP50Ms: roundTrip.percentile(50).value,
    roundTripP99Ms: roundTrip.percentile(99).value,
    loopDelayMaxMs: Math.max(0, ...totals.usage.map((usage) => usage?.loopDelayMaxMs ?? 0)),
  };
}
