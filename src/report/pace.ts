import { ClientSchedule } from '../load/stages.js';
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
   * Iterations ÷ those that the planned clients would make if nothing but their pauses took time. 1: the server is not felt. A closed loop
   * slows down with its server, so its percentiles say nothing without this. Null where the loop has no pause to compare with.
   */
  readonly paceKept: number | null;
}

/** One entry for each kind that has a loop. */
export function paceReports(plan: Plan, totals: Totals): readonly PaceReport[] {
  const weights = plan.kinds.reduce((sum, { weight }) => sum + weight, 0);
  const clientMs = plannedClientMs(plan, totals.measuredMs);
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

/** How long all clients together were to be in their loops, within the measured window. */
function plannedClientMs({ load }: Plan, measuredMs: number): number {
  const schedule = new ClientSchedule(load.stages);
  const barrierMs = load.begin === 'together' ? schedule.firstPeakMs : 0;
  const fromMs = barrierMs + load.warmupMs;
  return schedule.clientMsBetween(fromMs, Math.min(schedule.rampDownMs, fromMs + measuredMs));
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
