import { expect } from 'vitest';
import type { Script } from '../../bench/proof/scripts.js';
import type { Clock } from '../../src/core/index.js';
import type { Totals } from '../../src/metrics/totals.js';
import type { Plan } from '../../src/scenario/plan.js';
import { ManualClock } from '../support/manual-clock.js';
import { Rehearsal } from '../worker/rehearsal.js';

/** A turn of the loop takes so long here, and a packet one turn from one side to the other. */
export const turnMs = 0.05;

/** Plays the whole plan against a scripted server, which answers C_Ask with S_Answer. */
export async function playAgainst<S extends Script>(
  plan: Plan,
  scriptOn: (clock: Clock) => S,
): Promise<{ totals: Totals; script: S }> {
  const clock = new ManualClock({ turnUs: turnMs * 1000 });
  const script = scriptOn(clock);
  const rehearsal = new Rehearsal(plan, {
    clock,
    onPacket: (peer, _id, n) => script.onRequest(() => peer.say(2, n)),
  });
  await rehearsal.play(30_000);
  expect(rehearsal.finished).toBe(true);
  return { totals: rehearsal.totals, script };
}

/** The value of rank ⌈p ÷ 100 × n⌉ of n values. */
export function percentileOf(values: readonly number[], percentile: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil((percentile * values.length) / 100) - 1]!;
}
