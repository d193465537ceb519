import type { RunProgress } from '../coordinator/run-options.js';
import { systemClock } from '../core/index.js';
import type { DashboardInput } from '../dashboard/input.js';
import { progressLine } from '../dashboard/plain.js';
import { describeTarget } from '../report/report.js';
import type { Plan } from '../scenario/plan.js';

const everyMs = 3_000;

/** Tells how a run stands, a line every few seconds. */
export class ProgressLines {
  readonly #print: (line: string) => void;
  #nextUs = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  show(input: DashboardInput): void {
    const nowUs = systemClock.nowUs();
    if (nowUs < this.#nextUs || input.status === 'starting' || input.status === 'done') return;
    this.#nextUs = nowUs + everyMs * 1000;
    this.#print(progressLine(input));
  }
}

/** What a display shows of a run's progress. */
export function inputOf(plan: Plan, progress: RunProgress): DashboardInput {
  return {
    ...progress,
    title: plan.name,
    target: describeTarget(plan.target),
    stages: plan.load.stages,
    warmupMs: plan.load.warmupMs,
  };
}
