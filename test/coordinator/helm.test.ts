import { describe, expect, it } from 'vitest';
import { Helm } from '../../src/coordinator/helm.js';
import { Timeline } from '../../src/load/timeline.js';
import { kind, planOf } from '../support/plans.js';

/** Of a run of ten clients for ten seconds, the last of them its ramp-down, on a machine that has room for fifteen. */
function helm(barrierMs: number | null = null): { readonly helm: Helm; readonly timeline: Timeline } {
  const timeline = new Timeline({ totalMs: 10_000, warmupMs: 0, rampDownMs: 9000, barrierMs });
  const plan = planOf([kind()], { maxClients: 10 });
  const problemsOf = ({ load }: typeof plan) =>
    load.maxClients > 15 ? [{ message: `there is no room for ${load.maxClients}` }] : [];
  return { helm: new Helm({ plan, timeline, problemsOf }), timeline };
}

describe('the helm', () => {
  it('keeps what was done, when, and how the run stood from then on', () => {
    const { helm: ours } = helm();
    expect(ours.take({ action: 'pause' }, 2_000_000)).toEqual({ kind: 'done', message: 'sends paused by hand' });
    expect(ours.take({ action: 'pause' }, 2_100_000)).toBeNull();
    expect(ours.take({ action: 'scaleRate', factor: 2 }, 2_200_000)?.kind).toBe('done');
    expect(ours.state).toEqual({ paused: true, rateFactor: 2, clientsBy: 0 });
    expect(ours.actions).toEqual([
      { atMs: 2000, planMs: 2000, action: 'pause', paused: true, rateFactor: 1, clientsBy: 0 },
      { atMs: 2200, planMs: 2200, action: 'scaleRate', paused: true, rateFactor: 2, clientsBy: 0 },
    ]);
  });

  it('refuses clients that have no room, says why, and takes those that have', () => {
    const { helm: ours } = helm();
    expect(ours.take({ action: 'changeClients', by: 6 }, 1_000_000)).toEqual({
      kind: 'refused',
      message: 'no clients were added: there is no room for 16',
    });
    expect(ours.take({ action: 'changeClients', by: 5 }, 1_000_000)?.kind).toBe('done');
    expect(ours.actions).toHaveLength(1);
  });

  it('adds nobody once the ramp-down has begun, and takes nothing once the sends end', () => {
    const { helm: ours } = helm();
    expect(ours.take({ action: 'changeClients', by: 1 }, 9_000_000)).toBeNull();
    expect(ours.take({ action: 'changeClients', by: -1 }, 9_000_000)?.kind).toBe('done');
    expect(ours.take({ action: 'pause' }, 10_000_000)).toBeNull();
  });

  it('tells plan time from run time', () => {
    const { helm: ours, timeline } = helm(1000);
    ours.take({ action: 'pause' }, 3_000_000);
    timeline.open(4_000_000);
    ours.take({ action: 'resume' }, 5_000_000);
    expect(ours.actions.map(({ atMs, planMs }) => [atMs, planMs])).toEqual([
      [3000, 1000],
      [5000, 2000],
    ]);
  });
});
