import { describe, expect, it } from 'vitest';
import { auditOf } from '../../src/metrics/audit.js';
import type { Plan } from '../../src/scenario/plan.js';
import { announce, ask, kind, paced, pause, planOf } from '../support/plans.js';
import { type Peer, Rehearsal } from './rehearsal.js';

const askId = 1;
const answerId = 2;
const tellId = 3;
const newsId = 4;

type OnPacket = (rehearsal: Rehearsal, peer: Peer, id: number, n: number) => void;

const prompt: OnPacket = (_rehearsal, peer, id, n) => {
  if (id === askId) peer.say(answerId, n);
};

const answering =
  (ms: number): OnPacket =>
  ({ clock }, peer, _id, n) => {
    clock.setTimer(ms, () => peer.say(answerId, n));
  };

/** Brings what one says to everyone, a millisecond later. */
const room: OnPacket = ({ clock, peers }, _peer, id, n) => {
  if (id !== tellId) return;
  clock.setTimer(0.99, () => {
    for (const peer of peers) peer.say(newsId, n);
  });
};

const seconds = (s: number) => ({
  stages: [
    { durationMs: 0, target: 20 },
    { durationMs: s * 1000, target: 20 },
  ],
  maxClients: 20,
});

const openLoop = kind({ every: [paced(100, ask())] });
const closedLoop = kind({ loop: [ask(), pause(50)] });

interface Stalls {
  /** Holds the event loop for 100 ms, every two seconds. */
  readonly regular?: boolean;
  /** Holds it for 100 ms one millisecond after the server heard every so many packets: what it said by then waits. */
  readonly everyHeard?: number;
}

async function play(plan: Plan, onPacket: OnPacket, { regular = false, everyHeard = 0 }: Stalls = {}) {
  let heard = 0;
  const rehearsal: Rehearsal = new Rehearsal(plan, {
    onPacket(peer, id, n) {
      onPacket(rehearsal, peer, id, n);
      heard++;
      if (heard % everyHeard === 0) rehearsal.clock.setTimer(1, () => rehearsal.clock.block(100));
    },
  });
  const stall = (): void => {
    rehearsal.clock.block(100);
    if (!rehearsal.finished) rehearsal.clock.setTimer(1900, stall);
  };
  if (regular) rehearsal.clock.setTimer(2000, stall);
  await rehearsal.play(30_000);
  expect(rehearsal.finished).toBe(true);
  return rehearsal;
}

describe('the audit', () => {
  it('of an idle generator with a prompt server finds nothing', async () => {
    const { totals } = await play(planOf([openLoop], seconds(10)), prompt);
    expect(auditOf(totals)).toMatchObject({ auditedValues: 20 * 10 * 10, contaminatedValues: 0, contaminatedShare: 0 });
  });

  it('calls an open loop saturated that stalls for 100 ms every two seconds', async () => {
    const { totals } = await play(planOf([openLoop], seconds(20)), prompt, { regular: true });
    const audit = auditOf(totals);
    expect(audit.verdict).toBe('saturated');
    // 5 % of the time, less the first milliseconds of lateness in each stall, which do not count.
    expect(audit.contaminatedShare).toBeGreaterThan(0.035);
    expect(audit.contaminatedShare).toBeLessThan(0.06);
  });

  it('finds in a closed loop what replies were kept waiting for, and nothing else', async () => {
    const { totals } = await play(planOf([closedLoop], seconds(20)), answering(0.99), { everyHeard: 50 });
    const audit = auditOf(totals);
    const slowValues = totals.trend('service_time', { arrival: 'closed' })?.countsBetween([2])[1];
    expect(audit.contaminatedValues).toBe(slowValues);
    expect(audit.verdict).toBe('saturated');
  });

  it('finds in broadcasts what their receivers were kept waiting for', async () => {
    const talkers = kind({ every: [paced(500, announce())] });
    const { totals } = await play(planOf([talkers], seconds(20)), room, { everyHeard: 40 });
    const audit = auditOf(totals);
    expect(audit.auditedValues).toBe(totals.trend('broadcast_time')?.count);
    expect(audit.contaminatedShare).toBeGreaterThan(0.01);
  });

  it('lets a slow server be slow: nothing of it is the generator’s', async () => {
    const { totals } = await play(planOf([openLoop], seconds(10)), answering(700));
    expect(totals.trend('response_time')?.percentile(50).value).toBeCloseTo(700, -1);
    expect(auditOf(totals)).toMatchObject({ auditedValues: 2000, contaminatedValues: 0 });
  });

  it('lets a pacer spin: the loop is never idle, and nothing waits', async () => {
    const { totals } = await play(planOf([openLoop], { ...seconds(5), pacing: 'precise' }), prompt);
    expect(auditOf(totals)).toMatchObject({ auditedValues: 20 * 10 * 5, contaminatedValues: 0 });
  });

  it('says nothing of a warm-up in which the generator was slow', async () => {
    const rehearsal = new Rehearsal(planOf([openLoop], { ...seconds(10), warmupMs: 3000 }), {
      onPacket: (peer, id, n) => prompt(rehearsal, peer, id, n),
    });
    rehearsal.clock.setTimer(1000, () => rehearsal.clock.block(1000));
    await rehearsal.play(30_000);
    expect(auditOf(rehearsal.totals)).toMatchObject({ contaminatedValues: 0, contaminatedShare: 0 });
    expect(rehearsal.totals.counter('contaminated_values', {}, 'wholeRun')).toBeGreaterThan(100);
  });
});
