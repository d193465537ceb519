import { describe, expect, it } from 'vitest';
import type { FaultPlan } from '../../src/scenario/plan.js';
import { answer, ask, kind, number, paced, planOf, tell } from '../support/plans.js';
import { type Peer, Rehearsal } from './rehearsal.js';

const wholeRun = 'wholeRun';
const times = { fromMs: 0, untilMs: null };
const reconnect = { afterMs: 1000, maxMs: 1000 };
const prompt = (peer: Peer, id: number, n: number): void => {
  if (id === 1) peer.say(2, n);
};

/** Plays one client, and tells what the server got of it: for each packet the time, the connection and the number in it. */
async function heardOf(faults: readonly FaultPlan[], changes: Parameters<typeof kind>[0] = {}) {
  const heard: { atMs: number; connection: number; n: number }[] = [];
  const plan = planOf([kind({ name: 'vandal', faults, reconnect, ...changes })]);
  const rehearsal: Rehearsal = new Rehearsal(plan, {
    onPacket: (peer, id, n) => {
      heard.push({ atMs: rehearsal.clock.nowUs() / 1000, connection: rehearsal.peers.indexOf(peer), n });
      prompt(peer, id, n);
    },
  });
  await rehearsal.play(20_000);
  expect(rehearsal.finished).toBe(true);
  return { heard, rehearsal };
}

const played = ({ totals }: Rehearsal, fault: string) => totals.counter('faults_played', { fault }, wholeRun);
const ended = ({ totals }: Rehearsal, cause: string) => totals.counter('disconnects', { cause }, wholeRun);

describe('a client with faults', () => {
  it('that falls silent after its start list has logged in, and says nothing more', async () => {
    const silence: FaultPlan = { fault: 'silence', of: 'connections', share: 1, afterMs: 'start', ...times };
    const { heard, rehearsal } = await heardOf([silence], {
      start: [ask(number(7))],
      every: [paced(100, tell(number(9)))],
    });
    expect(heard.map(({ n }) => n)).toEqual([7]);
    expect(played(rehearsal, 'silence')).toBe(1);
    expect(rehearsal.totals.counter('packets_sent', {}, wholeRun)).toBeGreaterThan(50);
  });

  it('that leaves at once comes back at its pace, and each time is counted', async () => {
    const leaving: FaultPlan = {
      fault: 'leaveAtOnce',
      of: 'connections',
      share: 1,
      afterMs: { min: 0, max: 0 },
      ...times,
    };
    const { heard, rehearsal } = await heardOf([leaving], { every: [paced(100, tell())] });
    const connects = rehearsal.totals.counter('connects', {}, wholeRun);
    // Each wait is between half a second and a second, for ten seconds.
    expect(connects).toBeGreaterThanOrEqual(10);
    expect(connects).toBeLessThanOrEqual(21);
    expect(heard).toEqual([]);
    expect(played(rehearsal, 'leaveAtOnce')).toBe(connects);
    expect(ended(rehearsal, 'fault')).toBe(connects);
  });

  it('that the server throws out for a wrong size comes back, and goes on', async () => {
    const lie: FaultPlan = { fault: 'wrongSize', of: 'packets', share: 0.2, sizes: [1], ...times };
    const { rehearsal } = await heardOf([lie], { every: [paced(500, ask(number(1), answer()))] });
    expect(played(rehearsal, 'wrongSize')).toBeGreaterThan(1);
    expect(ended(rehearsal, 'remote')).toBe(played(rehearsal, 'wrongSize'));
    expect(rehearsal.totals.counter('connects', {}, wholeRun)).toBeGreaterThan(1);
  });

  it('does the same each time it is played with the same seed', async () => {
    const faults: readonly FaultPlan[] = [
      { fault: 'truncate', of: 'packets', share: 0.2, ...times },
      { fault: 'resetMidPacket', of: 'packets', share: 0.1, ...times },
      { fault: 'mutate', of: 'packets', share: 0.2, bytes: { min: 1, max: 2 }, ...times },
    ];
    const lists = { every: [paced(50, tell(number(3)))] };
    const [first, second] = [await heardOf(faults, lists), await heardOf(faults, lists)];
    expect(first.heard.length).toBeGreaterThan(5);
    expect(second.heard).toEqual(first.heard);
  });

  it('is not expected to have an effect', async () => {
    const silence: FaultPlan = { fault: 'silence', of: 'connections', share: 1, afterMs: 0, ...times };
    const { rehearsal } = await heardOf([silence], {
      every: [paced(100, ask(number(1), answer({ onTimeout: 'continue' })))],
    });
    const last = rehearsal.messages.findLast(({ type }) => type === 'finished');
    expect(last).toMatchObject({ silent: [] });
  });
});
