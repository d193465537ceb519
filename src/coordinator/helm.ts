import type { SteeringState } from '../control/messages.js';
import type { Problem } from '../errors.js';
import type { Timeline } from '../load/timeline.js';
import type { Plan } from '../scenario/plan.js';
import { afterCommand, asPlanned, describeSteering, type SteeredAction, type SteeringCommand } from './steering.js';

/** What came of a command; null where it changes nothing. */
export type HelmAnswer =
  | { readonly kind: 'done'; readonly mark: SteeringMark }
  | { readonly kind: 'refused'; readonly message: string }
  | null;

/** A step as the run's events have it, or several of one kind, each soon after the one before: a key that was held. */
export interface SteeringMark {
  /** The run time from which the first step held. */
  readonly atUs: number;
  readonly steps: number;
  readonly message: string;
}

/** The mark that is still open to steps of its kind. */
interface OpenMark {
  readonly action: SteeringCommand['action'];
  readonly from: SteeringState;
  readonly atUs: number;
  readonly steps: number;
  /** When its last step held. */
  readonly lastUs: number;
}

/** A step that follows one of its kind within this time belongs to its mark. */
const sameMarkUs = 1_000_000;

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
  #mark: OpenMark | null = null;

  constructor(options: HelmOptions) {
    this.#options = options;
  }

  get state(): SteeringState {
    return this.#state;
  }

  /** Each step, in order of time. */
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
    return { kind: 'done', mark: this.#markStep(command.action, before, atUs) };
  }

  #markStep(action: SteeringCommand['action'], before: SteeringState, atUs: number): SteeringMark {
    const last = this.#mark;
    const goesOn = last !== null && last.action === action && atUs - last.lastUs <= sameMarkUs;
    const first = goesOn ? last : { action, from: before, atUs, steps: 0 };
    const mark = { ...first, steps: first.steps + 1, lastUs: atUs };
    this.#mark = mark;
    return {
      atUs: mark.atUs,
      steps: mark.steps,
      message: describeSteering(action, mark.from, this.#state, mark.steps),
    };
  }

  /** Why this machine has no room for so many clients; undefined where it has. */
  #misfit(maxClients: number): Problem | undefined {
    const { plan, problemsOf } = this.#options;
    return problemsOf({ ...plan, load: { ...plan.load, maxClients } })[0];
  }
}
