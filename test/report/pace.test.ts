import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals.js';
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

function paceOf(loop: Plan['kinds'][number]['loop'], iterations: number) {
  return paceReports(planOf([kind({ loop })], { stages, maxClients: 20 }), totalsOf(iterations))[0];
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

  it('has nothing to be held against where nobody pauses', () => {
    expect(paceOf([ask()], 1000)).toMatchObject({ thinkMs: 0, paceKept: null, iterationsPerSecond: 100 });
  });
});
