import type { SteeringState } from '../control/messages.js';
import { counted } from '../metrics/format.js';

/** Something that the user asks for while a run goes on. */
export type SteeringCommand =
  | { readonly action: 'pause' | 'resume' }
  | { readonly action: 'scaleRate'; readonly factor: number }
  | { readonly action: 'changeClients'; readonly by: number };

/** What was done to a run by hand, and how it stood from then on. */
export interface SteeredAction extends SteeringState {
  /** Milliseconds since the run's start: the moment from which it held, in all workers. */
  readonly atMs: number;
  /** The same in plan time, which stands still at a closed barrier. */
  readonly planMs: number;
  readonly action: SteeringCommand['action'];
}

/** A run that is played as its plan says. */
export const asPlanned: SteeringState = { paused: false, rateFactor: 1, clientsBy: 0 };

/** So far the rates of a plan can be scaled. */
const leastFactor = 0.001;
const mostFactor = 1000;

/**
 * Steers a run from code: give it to `run` as `steering`, and call it while the run goes on. Each method tells whether it changed
 * anything: nothing does before the run has started or once its sends end. A run that was steered is marked in its result.
 */
export class Steering {
  #follower: ((command: SteeringCommand) => boolean) | null = null;

  /** Lets nothing be due any more that follows the plan's rates: `every`, `totalRate` and the sends of loops. */
  pause(): boolean {
    return this.#give({ action: 'pause' });
  }

  /** Goes on from where the sends were paused: what was not due meanwhile is not made up for. */
  resume(): boolean {
    return this.#give({ action: 'resume' });
  }

  /**
   * Multiplies the rate that is played now, of all sends.
   * @throws RangeError unless the factor is above 0 and finite.
   */
  scaleRate(factor: number): boolean {
    if (!(factor > 0 && factor < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`scaleRate takes a factor above 0, not ${factor}`);
    }
    return this.#give({ action: 'scaleRate', factor });
  }

  /**
   * Adds so many clients, or, below 0, removes them.
   * @throws RangeError for what is not a whole number.
   */
  changeClients(by: number): boolean {
    if (!Number.isSafeInteger(by)) throw new RangeError(`changeClients takes a whole number, not ${by}`);
    return this.#give({ action: 'changeClients', by });
  }

  /** For the run: `follower` gets each command, and tells whether it changed anything. Returns what ends that. */
  follow(follower: (command: SteeringCommand) => boolean): () => void {
    this.#follower = follower;
    return () => {
      this.#follower = null;
    };
  }

  #give(command: SteeringCommand): boolean {
    return this.#follower?.(command) ?? false;
  }
}

/** How a run of `planned` clients stands once `command` is obeyed; the same state where it changes nothing. */
export function afterCommand(state: SteeringState, command: SteeringCommand, planned: number): SteeringState {
  switch (command.action) {
    case 'pause':
    case 'resume':
      return changed(state, { paused: command.action === 'pause' });
    case 'scaleRate': {
      const factor = Math.min(mostFactor, Math.max(leastFactor, state.rateFactor * command.factor));
      // So that steps down undo steps up.
      return changed(state, { rateFactor: Number(factor.toPrecision(9)) });
    }
    case 'changeClients':
      return changed(state, { clientsBy: Math.max(-planned, state.clientsBy + command.by) });
  }
}

function changed(state: SteeringState, changes: Partial<SteeringState>): SteeringState {
  const next = { ...state, ...changes };
  const same =
    next.paused === state.paused && next.rateFactor === state.rateFactor && next.clientsBy === state.clientsBy;
  return same ? state : next;
}

/** What one or several steps of one kind, from one state to another, are in words. */
export function describeSteering(
  action: SteeringCommand['action'],
  from: SteeringState,
  to: SteeringState,
  steps = 1,
): string {
  const inSteps = steps === 1 ? '' : `, ${steps} steps`;
  switch (action) {
    case 'pause':
    case 'resume':
      return `sends ${to.paused ? 'paused' : 'resumed'} by hand`;
    case 'scaleRate': {
      const before = steps === 1 ? '' : `× ${factorText(from)} → `;
      return `send rate ${before}× ${factorText(to)} by hand${inSteps}`;
    }
    case 'changeClients': {
      const by = to.clientsBy - from.clientsBy;
      return `${counted(Math.abs(by), 'client')} ${by < 0 ? 'removed' : 'added'} by hand${inSteps}: ${beside(to.clientsBy)}`;
    }
  }
}

function factorText({ rateFactor }: SteeringState): string {
  return `${Number(rateFactor.toPrecision(3))}`;
}

function beside(by: number): string {
  if (by === 0) return 'as many as planned';
  return `${Math.abs(by)} ${by > 0 ? 'more' : 'fewer'} than planned`;
}
