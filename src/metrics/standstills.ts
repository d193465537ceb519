import type { Snapshot } from './snapshot.js';

/** A time in which nobody measured anything: the machine slept, or a process was stopped. */
export interface Standstill {
  /** The run time at which it began. */
  readonly fromMs: number;
  readonly forMs: number;
}

/** A shorter one is a pause like many. */
export const leastStandstillMs = 1000;
/** Who used a CPU, or waited for one, for so much of its absence was at work: what that adds to values is told value by value. */
const workShare = 0.5;

/** What a worker's snapshot tells of a standstill: an event loop that was late though it had nothing to do; else null. */
export function standstillIn({ toUs, state }: Snapshot): Standstill | null {
  const { loopDelayMaxMs, cpuUserUs, cpuSystemUs, runQueueUs } = state;
  if (loopDelayMaxMs < leastStandstillMs) return null;
  const atWorkMs = (cpuUserUs + cpuSystemUs + (runQueueUs ?? 0)) / 1000;
  if (atWorkMs > workShare * loopDelayMaxMs) return null;
  return { fromMs: Math.max(0, toUs / 1000 - loopDelayMaxMs), forMs: loopDelayMaxMs };
}

/** The standstills of a run; those that overlap, as the workers of one machine have them, are one. */
export class Standstills {
  #spans: readonly Standstill[] = [];

  add(standstill: Standstill): void {
    let { fromMs } = standstill;
    let toMs = endOf(standstill);
    const apart: Standstill[] = [];
    for (const span of this.#spans) {
      if (span.fromMs > toMs || endOf(span) < fromMs) {
        apart.push(span);
        continue;
      }
      fromMs = Math.min(fromMs, span.fromMs);
      toMs = Math.max(toMs, endOf(span));
    }
    this.#spans = [...apart, { fromMs, forMs: toMs - fromMs }];
  }

  get totalMs(): number {
    return this.#spans.reduce((sum, { forMs }) => sum + forMs, 0);
  }

  get count(): number {
    return this.#spans.length;
  }

  /** Null where there was none. */
  get longest(): Standstill | null {
    return this.#spans.reduce<Standstill | null>((a, b) => (a === null || b.forMs > a.forMs ? b : a), null);
  }
}

function endOf({ fromMs, forMs }: Standstill): number {
  return fromMs + forMs;
}
