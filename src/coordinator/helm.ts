import type { SteeringState } from '../control/messages.js';
import type { Problem } from '../errors.js';
import type { Timeline } from '../load/timeline.js';
import type { Plan } from '../scenario/plan.js';
import { afterCommand, asPlanned, describeSteering, type SteeredAction, type SteeringCommand } from './steering.js';

/** What came of a command: `done` or `refused`, and in what words; null where it changes nothing. */
export type HelmAnswer = { readonly kind: 'done' | 'refused'; readonly message: string } | null;

export interface HelmOptions {
  readonly plan: Plan;
  readonly timeline: Timeline;
  /** What of a plan does not fit this machine. */
  readonly problemsOf: (plan: Plan) => readonly Problem[];
}

/** Where a run stands by the hand of its user, and how it came there. */
export class Helm {
  readonly #options: HelmOptions;
  readonly #actions: SteeredAction[] = [];
  #state = asPlanned;

  constructor(options: HelmOptions) {
    this.#options = options;
  }

  get state(): SteeringState {
    return this.#state;
  }

  /** In order of time. */
  get actions(): readonly SteeredAction[] {
    return this.#actions;
  }

  /** Takes a command that is to hold from `atUs` of run time on. */
  take(command: SteeringCommand, atUs: number): HelmAnswer {
    const { plan, timeline } = this.#options;
    const before = this.#state;
    const after = afterCommand(before, command, plan.load.maxClients);
    if (after === before || atUs >= timeline.endUs) return null;
    if (after.clientsBy > before.clientsBy) {
      // Who came now would leave at once.
      if (atUs >= timeline.rampDownUs) return null;
      const problem = this.#misfit(plan.load.maxClients + after.clientsBy);
      if (problem !== undefined) return { kind: 'refused', message: `no clients were added: ${problem.message}` };
    }
    this.#state = after;
    const times = { atMs: atUs / 1000, planMs: timeline.toPlanMs(atUs) };
    this.#actions.push({ ...times, action: command.action, ...after });
    return { kind: 'done', message: describeSteering(before, after) };
  }

  /** Why this machine has no room for so many clients; undefined where it has. */
  #misfit(maxClients: number): Problem | undefined {
    const { plan, problemsOf } = this.#options;
    return problemsOf({ ...plan, load: { ...plan.load, maxClients } })[0];
  }
}
