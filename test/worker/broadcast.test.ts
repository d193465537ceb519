import { describe, expect, it } from 'vitest';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { Plan } from '../../src/scenario/plan.js';
import { announce, ask, kind, paced, planOf } from '../support/plans.js';
import { type Peer, Rehearsal } from './rehearsal.js';

const tellId = 3;
const newsId = 4;

/** A room: hands everything to everyone who is connected, unless `drops` says that this copy is lost. */
function room(drops: (copy: number) => boolean = () => false) {
  let copies = 0;
  const rooms: Rehearsal[] = [];
  return {
    rooms,
    onPacket: (_peer: Peer, id: number, n: number): void => {
      if (id !== tellId) return;
      for (const { peers } of rooms) {
        for (const peer of peers) if (!peer.closed && !drops(copies++)) peer.say(newsId, n);
      }
    },
  };
}

/** Plays a plan with several workers, all on one clock's time, and merges what they report. */
async function play(plan: Plan, workers: number, drops?: (copy: number) => boolean): Promise<TotalsBuilder> {
  const { rooms, onPacket } = room(drops);
  for (let worker = 0; worker < workers; worker++) {
    const [first] = rooms;
    rooms.push(new Rehearsal(plan, { worker, workers, onPacket, ...(first && { clock: first.clock }) }));
  }
  for (const rehearsal of rooms) rehearsal.worker.start(rehearsal.clock.nowUs());
  await rooms[0]?.advance(30_000);
  expect(rooms.every(({ finished }) => finished)).toBe(true);
  const totals = new TotalsBuilder({ workers });
  for (const { messages } of rooms) {
    for (const message of messages) if (message.type === 'snapshot') totals.add(message.snapshot);
  }
  return totals;
}

const stages = [
  { durationMs: 0, target: 6 },
  { durationMs: 6000, target: 6 },
];
const chatter = kind({ every: [paced(250, announce())] });

describe('a broadcast', () => {
  it('is timed for every receiver from when it was due, and reaches everyone', async () => {
    const totals = await play(planOf([chatter], { maxClients: 6, stages }), 1);
    const sent = totals.counter('packets_sent', {}, 'wholeRun');
    expect(sent).toBe(6 * 24);
    expect(totals.trend('broadcast_time', { packet: 'S_News' }, 'wholeRun')).toMatchObject({
      count: sent * 6,
      unanswered: 0,
    });
    const { hits, total } = totals.rate('broadcast_reach', { packet: 'S_News' }, 'wholeRun');
    expect(hits).toBe(total);
    // Sends of the first half second fall into the guard: nobody had been there long enough.
    expect(total).toBeGreaterThan(6 * 20 * 6);
  });

  it('reaches everyone while clients of several workers come and go', async () => {
    const visitor = kind({
      name: 'visitor',
      lifetimeMs: { min: 700, max: 2100 },
      every: [paced(250, announce())],
    });
    const totals = await play(planOf([chatter, visitor], { maxClients: 6, stages }), 2);
    expect(totals.counter('connects', {}, 'wholeRun')).toBeGreaterThan(10);
    const { hits, total } = totals.rate('broadcast_reach', {}, 'wholeRun');
    expect(total).toBeGreaterThan(300);
    expect(hits / total).toBe(1);
  });

  it('counts what a worker sent whose clients have all left, though the run goes on for others', async () => {
    const shrinking = [
      { durationMs: 0, target: 2 },
      { durationMs: 2000, target: 2 },
      { durationMs: 0, target: 1 },
      { durationMs: 4000, target: 1 },
    ];
    const totals = await play(planOf([chatter], { maxClients: 2, stages: shrinking }), 2);
    const { hits, total } = totals.rate('broadcast_reach', {}, 'wholeRun');
    expect(total).toBeGreaterThan(20);
    expect(hits).toBe(total);
  });

  it('shows one copy lost in a hundred as such while clients come and go', async () => {
    const visitor = kind({
      name: 'visitor',
      lifetimeMs: { min: 900, max: 2500 },
      every: [paced(50, announce())],
    });
    const plan = planOf([chatter, visitor], {
      maxClients: 12,
      stages: [{ durationMs: 3000, target: 12 }, ...stages.slice(1)],
    });
    const totals = await play(plan, 3, (copy) => copy % 100 === 99);
    const { hits, total } = totals.rate('broadcast_reach', {}, 'wholeRun');
    expect(total).toBeGreaterThan(3000);
    // Which copies count depends on who comes and goes: of so many, one in a hundred give or take.
    expect(hits / total).toBeCloseTo(0.99, 2);
  });

  it('shows the copies that are lost, as missing and as unanswered', async () => {
    const totals = await play(planOf([chatter], { maxClients: 6, stages }), 2, (copy) => copy % 100 === 99);
    const { hits, total } = totals.rate('broadcast_reach', {}, 'wholeRun');
    expect(hits / total).toBeCloseTo(0.99, 2);
    expect(totals.trend('broadcast_time', {}, 'wholeRun')?.unanswered).toBe(total - hits);
    expect(totals.trend('broadcast_time', {}, 'wholeRun')?.percentile(99.5)).toMatchObject({ atLeast: true });
  });

  it('does not expect a sender to hear itself where the server sends to the others only', async () => {
    const quiet = kind({ every: [paced(250, announce({ echo: false }))] });
    const rooms: Rehearsal[] = [];
    const rehearsal = new Rehearsal(planOf([quiet], { maxClients: 6, stages }), {
      onPacket: (sender, _id, n) => {
        for (const peer of rehearsal.peers) if (peer !== sender) peer.say(newsId, n);
      },
    });
    rooms.push(rehearsal);
    await rehearsal.play(30_000);
    const { hits, total } = rehearsal.totals.rate('broadcast_reach', {}, 'wholeRun');
    expect(hits).toBe(total);
    expect(total).toBeGreaterThan(6 * 20 * 5);
  });
});

describe('connected, no effect', () => {
  it('counts and names clients whose sends have no effect any more', async () => {
    const rehearsal: Rehearsal = new Rehearsal(
      planOf([kind({ every: [paced(500, ask())] })], {
        maxClients: 3,
        // One after the other, so that the second connection is client 1's.
        stages: [
          { durationMs: 300, target: 3 },
          { durationMs: 10_000, target: 3 },
        ],
      }),
      {
        // The server's handler for the second client has thrown: it is connected, and nothing comes of what it sends.
        onPacket: (peer, _id, n) => {
          if (peer !== rehearsal.peers[1]) peer.say(2, n);
        },
      },
    );
    await rehearsal.play(30_000);
    expect(rehearsal.messages.at(-1)).toEqual({ type: 'finished', fate: 'stayed', silent: [1] });
  });
});
