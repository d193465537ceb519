import type { EndPoint } from '../core/index.js';
import type { Snapshot } from '../metrics/snapshot.js';
import type { Plan } from '../scenario/plan.js';

/** What the coordinator says to a worker. Plain values and byte arrays only, so that any carrier can take it. */
export type ToWorker =
  /** The first message: the plan and this worker's share of it. */
  | {
      readonly type: 'init';
      readonly worker: number;
      readonly workers: number;
      readonly plan: Plan;
      /** The addresses of the target, which the clients share out among them. */
      readonly endPoints: readonly EndPoint[];
    }
  /** Asks what the worker's clock shows. */
  | { readonly type: 'clock' }
  /** Run time 0, on the worker's monotonic clock. */
  | { readonly type: 'start'; readonly epochUs: number }
  /** `begin: together`: the barrier opens at this run time. */
  | { readonly type: 'begin'; readonly atUs: number }
  /** The user steers: what is so from this run time on. */
  | ({ readonly type: 'control'; readonly atUs: number } & SteeringState)
  /** `graceful`: no more sends, hear what is still under way, then leave. `now`: leave at once. */
  | { readonly type: 'stop'; readonly mode: 'graceful' | 'now' };

/** How far a run is from its plan, by the hand of its user. */
export interface SteeringState {
  /** Nothing that follows the plan's rates is sent. */
  readonly paused: boolean;
  /** The plan's rates are multiplied by it; it holds again after a pause. */
  readonly rateFactor: number;
  /** How many clients more than planned there are to be, or, below 0, fewer. */
  readonly clientsBy: number;
}

/** What a worker says to the coordinator. */
export type FromWorker =
  /** The process is up; what it needs is still to be loaded. */
  | { readonly type: 'hello' }
  /** The plan is compiled and the clients exist; nothing is connected yet. */
  | { readonly type: 'ready' }
  /** What the worker's monotonic clock showed when it was asked. */
  | { readonly type: 'clock'; readonly nowUs: number }
  /** Every client of the first ramp has finished, or failed, its start list. */
  | { readonly type: 'started' }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot; readonly samples: readonly ErrorSample[] }
  /**
   * Every client has left; the last snapshot was sent before this. `silent`: the numbers of those that were connected at the end, and whose
   * sends had no effect any more.
   */
  | { readonly type: 'finished'; readonly fate: Fate; readonly silent: readonly number[] }
  /** The worker cannot go on: an error of swarm's own. */
  | { readonly type: 'failed'; readonly message: string; readonly stack: string };

/**
 * What became of a worker's clients before the plan's end. `lost`: none was left, and some had been lost. `removed`: the user had removed all of
 * them. `stayed`: neither.
 */
export type Fate = 'stayed' | 'lost' | 'removed';

/** One kind of failure, with how often it came since the last report and the words of one case. */
export interface ErrorSample {
  readonly kind: string;
  readonly message: string;
  readonly count: number;
}
