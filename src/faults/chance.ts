import type { RandomStream } from '../load/random.js';
import type { PacketFault } from '../scenario/plan.js';

/** Whether the packet that goes out now is one that a fault spoils. */
export interface Chance {
  /** To be asked once for each packet; `nowMs` never goes back. */
  isDue(nowMs: number): boolean;
}

/** The chance of a fault of packets: by its rate where it has one, else by its share of all packets. Draws from `random` alone. */
export function chanceOf(fault: PacketFault, random: RandomStream): Chance {
  if (fault.ratePerSec !== undefined) return new RandomTimes(fault.ratePerSec, random);
  return { isDue: () => random.next() < fault.share };
}

/** Times at random, as independent events come: the first packet at or after each is due. Those that no packet came for are let go. */
class RandomTimes implements Chance {
  readonly #meanMs: number;
  readonly #random: RandomStream;
  #dueMs: number | undefined;

  constructor(ratePerSec: number, random: RandomStream) {
    this.#meanMs = 1000 / ratePerSec;
    this.#random = random;
  }

  isDue(nowMs: number): boolean {
    this.#dueMs ??= nowMs + this.#distanceMs();
    if (nowMs < this.#dueMs) return false;
    while (this.#dueMs <= nowMs) this.#dueMs += this.#distanceMs();
    return true;
  }

  #distanceMs(): number {
    return -Math.log(1 - this.#random.next()) * this.#meanMs;
  }
}
