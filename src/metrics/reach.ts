import type { Phase } from './catalog.js';
import type { ReachRow, Snapshot } from './snapshot.js';

/** One bucket of broadcasts, all workers together. */
export interface ReachTotal {
  readonly packet: string;
  readonly phase: Phase;
  readonly expected: number;
  readonly received: number;
  readonly timeoutUs: number;
}

/** The sums of one bucket so far. */
interface Sums {
  readonly first: ReachRow;
  sends: number;
  silentSends: number;
  eligible: number;
  copies: number;
}

/**
 * Adds up what workers say of each bucket of broadcasts. A bucket is whole once every worker has closed it; only then are its sends
 * multiplied by its eligible clients, and it is forgotten: memory does not grow with the run.
 */
export class ReachMerger {
  readonly #sums = new Map<string, Sums>();
  /** Of each worker, the bucket before which all of its are closed. */
  readonly #closedBefore = new Map<number, number>();

  constructor(workers: number) {
    for (let worker = 0; worker < workers; worker++) this.#closedBefore.set(worker, 0);
  }

  /** Adds a snapshot's rows; the buckets that it made whole go to `onWhole`. */
  add({ worker, reach, reachClosedBefore }: Snapshot, onWhole: (total: ReachTotal) => void): void {
    for (const row of reach) this.#addRow(row);
    this.#closedBefore.set(worker, reachClosedBefore);
    this.#settle(onWhole);
  }

  /** A worker that is gone has nothing more to say. */
  lose(worker: number, onWhole: (total: ReachTotal) => void): void {
    this.#closedBefore.set(worker, Number.POSITIVE_INFINITY);
    this.#settle(onWhole);
  }

  #addRow(row: ReachRow): void {
    const key = `${row.bucket} ${row.packet}`;
    let sums = this.#sums.get(key);
    if (sums === undefined) {
      sums = { first: row, sends: 0, silentSends: 0, eligible: 0, copies: 0 };
      this.#sums.set(key, sums);
    }
    sums.sends += row.sends;
    sums.silentSends += row.silentSends;
    sums.eligible += row.eligible;
    sums.copies += row.copies;
  }

  #settle(onWhole: (total: ReachTotal) => void): void {
    const wholeBefore = Math.min(...this.#closedBefore.values());
    for (const [key, { first, sends, silentSends, eligible, copies }] of this.#sums) {
      if (first.bucket >= wholeBefore) continue;
      this.#sums.delete(key);
      const { packet, phase, timeoutUs } = first;
      onWhole({ packet, phase, expected: sends * eligible - silentSends, received: copies, timeoutUs });
    }
  }
}
