import { describe, expect, it } from 'vitest';
import { Helm } from '../../src/coordinator/helm.js';
import type { SteeringCommand } from '../../src/coordinator/steering.js';
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
    expect(ours.take({ action: 'pause' }, 2_000_000)).toEqual({
      kind: 'done',
      mark: { atUs: 2_000_000, steps: 1, message: 'sends paused by hand' },
    });
    expect(ours.take({ action: 'pause' }, 2_100_000)).toBeNull();
    expect(ours.take({ action: 'scaleRate', factor: 2 }, 2_200_000)?.kind).toBe('done');
    expect(ours.state).toEqual({ paused: true, rateFactor: 2, clientsBy: 0 });
    expect(ours.actions).toEqual([
      { atMs: 2000, planMs: 2000, action: 'pause', paused: true, rateFactor: 1, clientsBy: 0 },
      { atMs: 2200, planMs: 2200, action: 'scaleRate', paused: true, rateFactor: 2, clientsBy: 0 },
    ]);
  });

  it('makes one mark of steps of one kind that follow within a second: the first time, their sum', () => {
    const { helm: ours } = helm();
    const marked = (command: SteeringCommand, atUs: number) => {
      const answer = ours.take(command, atUs);
      return answer?.kind === 'done' ? answer.mark : answer;
    };
    const faster: SteeringCommand = { action: 'scaleRate', factor: 1.25 };
    expect(marked(faster, 2_000_000)).toMatchObject({ steps: 1, message: 'send rate × 1.25 by hand' });
    marked(faster, 2_900_000);
    marked(faster, 3_800_000);
    expect(marked(faster, 4_700_000)).toEqual({
      atUs: 2_000_000,
      steps: 4,
      message: 'send rate × 1 → × 2.44 by hand, 4 steps',
    });
    expect(ours.actions).toHaveLength(4);
    expect(marked(faster, 5_700_001)).toMatchObject({ atUs: 5_700_001, steps: 1 });
    expect(marked({ action: 'changeClients', by: 1 }, 5_800_000)).toMatchObject({ steps: 1 });
    expect(marked(faster, 5_900_000)).toMatchObject({ steps: 1, message: 'send rate × 3.81 by hand' });
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
