import { describe, expect, it } from 'vitest';
import { ClientSession, clientSessionOptions } from '../../src/client/client-session.js';
import type { ClientKindPlan } from '../../src/scenario/plan.js';
import { ManualClock } from '../support/manual-clock.js';
import { kind, paced, planOf, tell } from '../support/plans.js';
import { Rehearsal } from './rehearsal.js';

/** Each send takes five milliseconds of the worker's time. */
const sendMs = 5;

/** A client connected for two seconds that is to send 1,000 packets a second, of which the worker can make 200, and hears for half a second. */
async function overload(clients: ClientKindPlan): Promise<Rehearsal> {
  const clock = new ManualClock({ turnUs: 50 });
  class Slow extends ClientSession {
    override sendRange(buffer: Uint8Array, start: number, end: number): boolean {
      clock.block(sendMs);
      return super.sendRange(buffer, start, end);
    }
  }
  const plan = planOf([clients], {
    maxClients: 1,
    stages: [
      { durationMs: 0, target: 1 },
      { durationMs: 2000, target: 1 },
    ],
    gracefulStopMs: 500,
  });
  const options = clientSessionOptions(plan.protocol, clock);
  const rehearsal = new Rehearsal(plan, { clock, sessions: () => (client) => new Slow(client, options) });
  await rehearsal.play(10_000);
  return rehearsal;
}

describe('sends that are overdue when the plan ends', () => {
  it.each([
    ['of each client', kind({ every: [paced(1, tell())] })],
    ['of all together', kind({ every: [paced(1, tell(), { per: 'swarm' })] })],
  ])('%s are made for as long as clients stay, and the rest are dropped: all are counted', async (_, player) => {
    const { totals, finished } = await overload(player);
    const sent = totals.counter('packets_sent', {}, 'wholeRun');
    const dropped = totals.counter('dropped_sends', { cause: 'overdue' }, 'wholeRun');
    expect(finished).toBe(true);
    expect(sent + dropped).toBe(2000);
    // Two seconds and a half of five milliseconds each, and a slice.
    expect(sent).toBeGreaterThan(450);
    expect(sent).toBeLessThan(510);
    expect(totals.rate('errors', {}, 'wholeRun')).toMatchObject({ hits: dropped });
  });

  it('hold up nothing meanwhile: the loop turns, and reports go out', async () => {
    const { messages } = await overload(kind({ every: [paced(1, tell())] }));
    const snapshots = messages.flatMap((message) => (message.type === 'snapshot' ? [message.snapshot] : []));
    expect(snapshots.length).toBeGreaterThanOrEqual(3);
    for (const { state } of snapshots) expect(state.loopDelayMaxMs).toBeLessThan(50);
    const last = snapshots.at(-1)!;
    expect(last.toUs).toBeLessThan(4_000_000);
  });
});
