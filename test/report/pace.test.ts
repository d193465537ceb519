import { describe, expect, it } from 'vitest';
import { asPlanned } from '../../src/coordinator/steering.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { paceReports } from '../../src/report/pace.js';
import type { Plan } from '../../src/scenario/plan.js';
import { ask, kind, pause, planOf } from '../support/plans.js';

const state = {
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

/** The totals of a measured window of ten seconds, in which the kind `bot` went round its loop so often. */
function totalsOf(iterations: number) {
  const recorder = new Recorder({ worker: 0 });
  recorder.counter('iterations', { client: 'bot' }).add(iterations, 1);
  recorder.phase = 1;
  const totals = new TotalsBuilder();
  totals.add(recorder.snapshot(0, 10e6, state));
  return totals;
}

const stages = [
  { durationMs: 0, target: 20 },
  { durationMs: 10_000, target: 20 },
];

function paceOf(
  loop: Plan['kinds'][number]['loop'],
  iterations: number,
  steered: Parameters<typeof paceReports>[2] = [],
) {
  return paceReports(planOf([kind({ loop })], { stages, maxClients: 20 }), totalsOf(iterations), steered)[0];
}

describe('the pace of a closed loop', () => {
  it('is kept where the server takes no time: clients ÷ think time', () => {
    expect(paceOf([ask(), pause(500)], 400)).toMatchObject({ thinkMs: 500, iterationsPerSecond: 40, paceKept: 1 });
  });

  it('is lost to a slow server', () => {
    expect(paceOf([ask(), pause(500)], 100)?.paceKept).toBe(0.25);
  });

  it('counts the pauses of a repeat as often as they come', () => {
    const loop = [{ verb: 'repeat' as const, times: 3, steps: [ask(), pause(100)] }, pause(200)];
    expect(paceOf(loop, 200)).toMatchObject({ thinkMs: 500, paceKept: 0.5 });
  });

  it('is held against what was played where the run was steered: paused for 2 s, twice as fast for 3, half the clients for 1', () => {
    const paused = { ...asPlanned, atMs: 2000, planMs: 2000, action: 'pause', paused: true } as const;
    const resumed = { ...paused, atMs: 4000, planMs: 4000, action: 'resume', paused: false } as const;
    const faster = { ...resumed, atMs: 6000, planMs: 6000, action: 'scaleRate', rateFactor: 2 } as const;
    const fewer = { ...faster, atMs: 9000, planMs: 9000, action: 'changeClients', clientsBy: -10 } as const;
    const loop = [ask(), pause(500)];
    // Of 20 clients at two rounds a second.
    const rounds = 40 * (2 + 0 + 2 + 2 * 3 + 1);
    expect(paceOf(loop, rounds, [paused, resumed, faster, fewer])?.paceKept).toBe(1);
  });

  it('has nothing to be held against where nobody pauses', () => {
    expect(paceOf([ask()], 1000)).toMatchObject({ thinkMs: 0, paceKept: null, iterationsPerSecond: 100 });
  });
});
