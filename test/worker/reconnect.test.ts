import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/load/backoff.js';
import { RandomStream } from '../../src/load/random.js';
import { answer, ask, kind, number, paced, planOf, tell } from '../support/plans.js';
import { type Peer, Rehearsal, type RehearsalOptions } from './rehearsal.js';

const wholeRun = 'wholeRun';
const reconnect = { afterMs: 1000, maxMs: 4000 };
/** The waits that the seed draws for client `index`, in milliseconds. */
const waitsOf = (index: number, count: number): number[] => {
  const draws = RandomStream.of(1, 'backoff', index);
  return Array.from({ length: count }, (_, attempt) => backoffMs(reconnect, attempt, draws.next()));
};

const prompt = (peer: Peer, id: number, n: number): void => {
  if (id === 1) peer.say(2, n);
};

/** Plays to the end, and notes when each connect was asked for, in milliseconds. */
async function connectsOf(rehearse: (options: RehearsalOptions) => Rehearsal, refused: (connect: number) => boolean) {
  const atMs: number[] = [];
  const rehearsal: Rehearsal = rehearse({
    onPacket: prompt,
    refuse: (connect) => {
      atMs.push(rehearsal.clock.nowUs() / 1000);
      return refused(connect) ? 'ECONNREFUSED' : undefined;
    },
  });
  await rehearsal.play(60_000);
  expect(rehearsal.finished).toBe(true);
  return { atMs, rehearsal };
}

describe('a client with `reconnect`', () => {
  it('tries again after waits that double up to the cap, drawn from its own stream', async () => {
    const plan = planOf([kind({ reconnect })], {
      maxClients: 1,
      stages: [
        { durationMs: 0, target: 1 },
        { durationMs: 20_000, target: 1 },
      ],
    });
    const { atMs, rehearsal } = await connectsOf(
      (options) => new Rehearsal(plan, options),
      (connect) => connect < 5,
    );
    const gaps = atMs.slice(1).map((ms, i) => ms - atMs[i]!);
    const waits = waitsOf(0, 5);
    expect(atMs).toHaveLength(6);
    gaps.forEach((gap, i) => {
      expect(gap).toBeGreaterThanOrEqual(waits[i]!);
      expect(gap).toBeLessThan(waits[i]! + 0.2);
    });
    expect(rehearsal.totals.counter('connect_failures', {}, wholeRun)).toBe(5);
    expect(rehearsal.totals.counter('connects', {}, wholeRun)).toBe(1);
    // Connects are due when the wait is over: none of the waiting is connect time.
    expect(rehearsal.totals.trend('connect_time', {}, wholeRun)?.max).toBeLessThan(1);
  });

  it('keeps the run going while all are away, and plays its start list again when it is back', async () => {
    const plan = planOf([kind({ start: [ask()], every: [paced(100, tell())], reconnect })]);
    const rehearsal: Rehearsal = new Rehearsal(plan, { onPacket: prompt });
    await rehearsal.play(3000);
    rehearsal.peers[0]!.disconnect();
    await rehearsal.advance(60_000);
    const { totals } = rehearsal;
    expect(rehearsal.messages.at(-1)).toMatchObject({ type: 'finished', fate: 'stayed' });
    expect(totals.counter('connects', {}, wholeRun)).toBe(2);
    expect(totals.counter('packets_sent', { packet: 'C_Ask' }, wholeRun)).toBe(2);
    // Every send that was due was made or dropped; those of the wait, between 500 and 1000 ms, were dropped.
    const dropped = totals.counter('dropped_sends', { cause: 'not-connected' }, wholeRun);
    expect(dropped).toBe(Math.round(waitsOf(0, 1)[0]! / 100));
    expect(totals.counter('packets_sent', { packet: 'C_Tell' }, wholeRun) + dropped).toBe(100);
  });

  it('sends nothing of `every` before its start list is done again, and counts that as dropped', async () => {
    let asked = 0;
    const slow = ask(number(1), answer({ timeoutMs: 5000 }));
    const plan = planOf([kind({ start: [slow], every: [paced(100, tell())], reconnect })]);
    const rehearsal: Rehearsal = new Rehearsal(plan, {
      onPacket: (peer, id, n) => {
        // The second time the server takes three seconds to let it in.
        if (id === 1) rehearsal.clock.setTimer(asked++ === 0 ? 0 : 3000, () => peer.say(2, n));
      },
    });
    await rehearsal.play(2000);
    rehearsal.peers[0]!.disconnect();
    await rehearsal.advance(60_000);
    const awayMs = waitsOf(0, 1)[0]! + 3000;
    const { totals } = rehearsal;
    const dropped = totals.counter('dropped_sends', { cause: 'not-connected' }, wholeRun);
    expect(Math.abs(dropped - awayMs / 100)).toBeLessThanOrEqual(1);
    expect(totals.counter('packets_sent', { packet: 'C_Tell' }, wholeRun) + dropped).toBe(100);
  });

  it('begins with the first wait again once it has finished its start list, and not because it was let in', async () => {
    // Connects 0 to 2 are hung up on before the answer to the start list; connect 3 gets it, and is hung up on later.
    const atMs: number[] = [];
    const plan = planOf([kind({ start: [ask()], every: [paced(5000, tell())], reconnect })], {
      stages: [
        { durationMs: 0, target: 1 },
        { durationMs: 20_000, target: 1 },
      ],
    });
    const rehearsal: Rehearsal = new Rehearsal(plan, {
      refuse: () => void atMs.push(rehearsal.clock.nowUs() / 1000),
      onPacket: (peer, id, n) => {
        if (id !== 1) return;
        if (atMs.length <= 3) peer.disconnect();
        else peer.say(2, n);
        if (atMs.length === 4) rehearsal.clock.setTimer(100, () => peer.disconnect());
      },
    });
    await rehearsal.play(60_000);
    const waits = waitsOf(0, 3);
    const gaps = atMs.slice(1).map((ms, i) => ms - atMs[i]!);
    expect(gaps.slice(0, 3).map((ms) => Math.round(ms))).toEqual(waits.map((ms) => Math.round(ms)));
    expect(gaps[3]).toBeGreaterThanOrEqual(600);
    expect(gaps[3]).toBeLessThan(1101);
    expect(atMs).toHaveLength(5);
  });

  it('does not come back when its time in the plan is over', async () => {
    const plan = planOf([kind({ every: [paced(100, tell())], reconnect: { afterMs: 4000, maxMs: 4000 } })], {
      maxClients: 2,
      stages: [
        { durationMs: 0, target: 2 },
        { durationMs: 1000, target: 2 },
        { durationMs: 0, target: 1 },
        { durationMs: 9000, target: 1 },
      ],
    });
    const rehearsal = new Rehearsal(plan);
    await rehearsal.play(500);
    rehearsal.peers[1]!.disconnect();
    await rehearsal.advance(60_000);
    const { totals } = rehearsal;
    expect(totals.counter('connects', {}, wholeRun)).toBe(2);
    // Half a second of its sends, and none that the plan did not ask for.
    expect(totals.counter('dropped_sends', {}, wholeRun)).toBe(5);
  });

  it('leaves with the run where it is still waiting then', async () => {
    const plan = planOf([kind({ reconnect })]);
    const { atMs, rehearsal } = await connectsOf(
      (options) => new Rehearsal(plan, options),
      () => true,
    );
    expect(atMs.at(-1)).toBeLessThan(10_000);
    expect(rehearsal.messages.at(-1)).toMatchObject({ type: 'finished', fate: 'stayed' });
  });
});

describe('a client without `reconnect`', () => {
  it('stays lost, and with the last of them the run ends', async () => {
    const rehearsal = new Rehearsal(planOf([kind({ every: [paced(100, tell())] })], { maxClients: 2 }));
    await rehearsal.play(1000);
    for (const peer of rehearsal.peers) peer.disconnect();
    await rehearsal.advance(2000);
    expect(rehearsal.messages.at(-1)).toMatchObject({ type: 'finished', fate: 'lost' });
    expect(rehearsal.totals.counter('connects', {}, wholeRun)).toBe(2);
  });
});
