import type { Clock, TimerHandle } from '../core/index.js';
import type { Crew } from './crew.js';
import type { RunLog } from './run-log.js';

/** Workers that are told to leave at once are given so long. */
const leaveLimitMs = 5_000;

/** Ends a run before its plan does: gracefully, at once, or because nobody is left to play it. */
export class Ending {
  readonly #crew: Crew;
  readonly #log: RunLog;
  readonly #clock: Clock;
  #leaveLimit: TimerHandle | undefined;

  constructor(crew: Crew, log: RunLog, clock: Clock) {
    this.#crew = crew;
    this.#log = log;
    this.#clock = clock;
  }

  /** Stops gracefully; workers that have not started yet hear of it by `tellToStop`, right after the start. */
  stop(kind: 'stopped' | 'thresholdAbort', message: string): void {
    // What is heard after the stop may let a threshold hold again: the run was cut short all the same.
    this.#log.reckonWith(kind === 'stopped' ? 'stopped' : 'thresholdsFailed');
    this.#log.note(kind, message);
    if (this.#crew.started) this.tellToStop();
  }

  tellToStop(): void {
    this.#crew.tell({ type: 'stop', mode: 'graceful' });
  }

  /** Ends it at once, as the user wants. */
  abort(): void {
    this.#log.reckonWith('stopped');
    this.#log.note('aborted', 'the run was ended at once by the user');
    this.now();
  }

  /** Ends it at once. Workers that have not started yet need not leave: they have nothing to report. */
  now(): void {
    if (this.#leaveLimit !== undefined) return;
    if (!this.#crew.started) {
      for (const worker of this.#crew.workers) worker.dismiss();
      return;
    }
    this.#crew.tell({ type: 'stop', mode: 'now' });
    this.#leaveLimit = this.#clock.setTimer(leaveLimitMs, () => this.#endRemaining());
  }

  #endRemaining(): void {
    for (const worker of this.#crew.workers) {
      if (!worker.over) this.#crew.endStuck(worker, `has not left for ${leaveLimitMs / 1000} s`);
    }
  }

  /** Workers whose clients were removed by hand wait for the user to add some again: not where the target is lost to all others. */
  ifDeserted(): void {
    const { workers } = this.#crew;
    const waiting = workers.filter((worker) => !worker.over);
    if (!workers.some(({ fate }) => fate === 'lost') || !waiting.every(({ vacant }) => vacant)) return;
    for (const worker of waiting) worker.send({ type: 'stop', mode: 'graceful' });
  }

  /** The run has ended: nobody is waited for any more. */
  close(): void {
    this.#leaveLimit?.cancel();
  }
}

/** Calls `handler` once the signal is aborted, at once where it is so already; returns what ends that. */
export function onAborted(signal: AbortSignal | undefined, handler: () => void): () => void {
  if (signal?.aborted) handler();
  signal?.addEventListener('abort', handler, { once: true });
  return () => signal?.removeEventListener('abort', handler);
}
