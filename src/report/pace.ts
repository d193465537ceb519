import type { SteeredAction } from '../coordinator/steering.js';
import { ClientSchedule } from '../load/stages.js';
import { SteeredSchedule } from '../load/steered-schedule.js';
import type { Totals } from '../metrics/totals.js';
import type { ClientKindPlan, Plan, Step } from '../scenario/plan.js';

/** How often the clients of a kind went round their loop in the measured window, beside what a server without any delay would allow. */
export interface PaceReport {
  readonly client: string;
  readonly iterations: number;
  readonly iterationsPerSecond: number;
  /** What the pauses of a round add up to, on average. */
  readonly thinkMs: number;
  /**
   * Iterations ÷ those that the planned clients would make if nothing but their pauses took time; where the run was steered by hand, those that
   * the clients there were would make at the pace there was. 1: the server is not felt. A closed loop slows down with its server, so its
   * percentiles say nothing without this. Null where the loop has no pause to compare with.
   */
  readonly paceKept: number | null;
}

/** One entry for each kind that has a loop. `steered`: what was done by hand to the pace and to the clients. */
export function paceReports(plan: Plan, totals: Totals, steered: readonly SteeredAction[]): readonly PaceReport[] {
  const weights = plan.kinds.reduce((sum, { weight }) => sum + weight, 0);
  const clientMs = pacedClientMs(plan, totals.measuredMs, steered);
  return plan.kinds
    .filter(({ loop }) => loop.length > 0)
    .map((kind) => {
      const iterations = totals.counter('iterations', { client: kind.name });
      const thinkMs = thinkTimeMs(kind.loop);
      const possible = thinkMs === 0 ? 0 : (clientMs * kind.weight) / weights / thinkMs;
      return {
        client: kind.name,
        iterations,
        iterationsPerSecond: totals.measuredMs === 0 ? 0 : (iterations * 1000) / totals.measuredMs,
        thinkMs,
        paceKept: possible === 0 ? null : iterations / possible,
      };
    });
}

/**
 * How long all clients together were to be in their loops, within the measured window: at twice the pace a millisecond counts for two,
 * and while the sends were paused for none.
 */
function pacedClientMs({ load }: Plan, measuredMs: number, steered: readonly SteeredAction[]): number {
  const plan = new ClientSchedule(load.stages);
  const barrierMs = load.begin === 'together' ? plan.firstPeakMs : 0;
  const fromMs = barrierMs + load.warmupMs;
  const toMs = Math.min(plan.rampDownMs, fromMs + measuredMs);
  const schedule = new SteeredSchedule(plan);
  for (const { planMs, clientsBy } of steered) schedule.change(planMs, clientsBy);
  const paces = [{ planMs: 0, pace: 1 }, ...steered.map((action) => ({ planMs: action.planMs, pace: paceOf(action) }))];
  return paces.reduce((sum, { planMs, pace }, i) => {
    const untilMs = Math.min(toMs, paces[i + 1]?.planMs ?? toMs);
    return sum + pace * schedule.clientMsBetween(Math.max(fromMs, planMs), untilMs);
  }, 0);
}

function paceOf({ paused, rateFactor }: SteeredAction): number {
  return paused ? 0 : rateFactor;
}

function thinkTimeMs(steps: ClientKindPlan['loop']): number {
  return steps.reduce((sum, step) => sum + thinkTimeOf(step), 0);
}

function thinkTimeOf(step: Step): number {
  switch (step.verb) {
    case 'pause':
      return (step.durationMs.min + step.durationMs.max) / 2;
    case 'repeat':
      return step.times * thinkTimeMs(step.steps);
    default:
      return 0;
  }
}
