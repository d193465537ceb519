import { describe, expect, it } from 'vitest';
import { repeat, report } from './world/outcome.js';
import { playSeed } from './world/play.js';

const groupSize = 20;
const groups = Array.from({ length: 9 }, (_, group) => 1 + group * groupSize);

/** Another one for each run: that of CI has a number, any other takes the time. */
const fresh = Number(process.env.GITHUB_RUN_ID ?? Date.now());

/** What is wrong with `seed`, and how to see it again; empty where nothing is. */
async function failure(seed: number): Promise<string> {
  const outcome = await playSeed(seed);
  return outcome.violations.length === 0 ? '' : `${report(outcome)}\n${repeat(seed)}`;
}

describe('whole runs over a simulated network keep to the rules', () => {
  it.each(groups)(`in ${groupSize} seeds from %i on`, async (first) => {
    for (let seed = first; seed < first + groupSize; seed++) expect(await failure(seed)).toBe('');
  });

  it(`in a seed of its own: ${fresh}`, async () => {
    expect(await failure(fresh)).toBe('');
  });

  it.each([2, 6, 17, 23, 24])('and seed %i plays the same when it is played again', async (seed) => {
    const traces = [[], []] as string[][];
    for (const trace of traces) await playSeed(seed, { trace: (line) => trace.push(line) });
    expect(traces[0]!.length).toBeGreaterThan(1000);
    // Of a difference the first line says enough.
    const differs = traces[0]!.findIndex((line, i) => line !== traces[1]![i]);
    expect([traces[0]![differs], traces[1]![differs]]).toEqual([undefined, undefined]);
    expect(traces[1]).toHaveLength(traces[0]!.length);
  });
});
