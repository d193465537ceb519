import { describe, expect, it } from 'vitest';
import type { ClientKindPlan } from '../../src/scenario/plan.js';
import { expression, kind, paced, planOf, tell } from '../support/plans.js';
import { Rehearsal } from '../worker/rehearsal.js';

interface Heard {
  readonly atUs: number;
  readonly n: number;
}

/** All that the server hears of a run with so many workers, on one clock's time. */
async function heard(kinds: readonly ClientKindPlan[], workers: number): Promise<Heard[]> {
  const plan = planOf(kinds, {
    maxClients: 7,
    pacing: 'precise',
    stages: [
      { durationMs: 1000, target: 7 },
      { durationMs: 2000, target: 7 },
    ],
  });
  const all: Heard[] = [];
  const rehearsals: Rehearsal[] = [];
  for (let worker = 0; worker < workers; worker++) {
    const [first] = rehearsals;
    const onPacket = (_peer: unknown, _id: number, n: number): void => {
      all.push({ atUs: rehearsals[0]!.clock.nowUs(), n });
    };
    rehearsals.push(new Rehearsal(plan, { worker, workers, onPacket, ...(first && { clock: first.clock }) }));
  }
  for (const { worker, clock } of rehearsals) worker.start(clock.nowUs());
  await rehearsals[0]!.advance(10_000);
  expect(rehearsals.every(({ finished }) => finished)).toBe(true);
  return all;
}

const whoAndHowOften = expression('client.index * 1000 + send.index');
const whatIsDrawn = expression('client.index * 100000 + random.int(0, 99999)');

describe('the same seed', () => {
  it.each([2, 3, 7])('gives the same sends at the same times with one worker and with %i', async (workers) => {
    const kinds = [
      kind({ weight: 2, every: [paced(100, tell(whoAndHowOften)), paced(130, tell(whatIsDrawn))] }),
      kind({ name: 'guest', every: [paced(90, tell(whatIsDrawn), { arrivals: 'poisson' })] }),
    ];
    const alone = (await heard(kinds, 1)).toSorted((a, b) => a.n - b.n || a.atUs - b.atUs);
    const shared = (await heard(kinds, workers)).toSorted((a, b) => a.n - b.n || a.atUs - b.atUs);
    expect(alone.length).toBeGreaterThan(200);
    expect(shared.map(({ n }) => n)).toEqual(alone.map(({ n }) => n));
    const apartUs = shared.map(({ atUs }, i) => Math.abs(atUs - alone[i]!.atUs));
    // Each worker polls for the time on its own: a turn of its loop, there and on the way.
    expect(Math.max(...apartUs)).toBeLessThan(200);
  });

  it.each([2, 3, 7])('gives the slots of a total rate the same times with one worker and with %i', async (workers) => {
    const slots = kind({ every: [paced(5, tell(), { per: 'swarm', arrivals: 'poisson' })] });
    const alone = (await heard([slots], 1)).map(({ atUs }) => atUs);
    const shared = (await heard([slots], workers)).map(({ atUs }) => atUs);
    expect(alone.length).toBeGreaterThan(300);
    expect(shared).toHaveLength(alone.length);
    expect(Math.max(...shared.map((atUs, i) => Math.abs(atUs - alone[i]!)))).toBeLessThan(200);
  });
});
