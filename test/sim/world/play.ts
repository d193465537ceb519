import { checkBalance } from './balance.js';
import type { Outcome } from './outcome.js';
import { drawScenario } from './scenario.js';
import { World, type WorldOptions } from './world.js';

export interface PlayOptions extends WorldOptions {
  /** Ends after so many events. */
  readonly until?: number | undefined;
}

/** Plays all that `seed` decides, and looks whether it kept to the rules. */
export async function playSeed(seed: number, { until, ...options }: PlayOptions = {}): Promise<Outcome> {
  const world = new World(drawScenario(seed), options);
  const { schedule, tapes, referee } = world;
  try {
    await world.play(until);
    if (world.over) checkBalance(world);
  } catch (error) {
    referee.fail(`thrown: ${(error as Error).stack}`);
  }
  return { seed, violations: referee.violations, steps: schedule.steps, sessions: tapes.length };
}
