import { describe, expect, it } from 'vitest';
import { queueing } from '../../bench/proof/scripts.js';
import { ask, kind, paced, pause, planOf } from '../support/plans.js';
import { playAgainst } from './play.js';

/** 1,000 sends a second, evenly spread, for ten seconds. */
const openLoop = planOf([kind({ every: [paced(100, ask(), { phase: 'even' })] })], { maxClients: 100 });
const freeze = { fromMs: 4000, forMs: 1000 };

/**
 * A freeze of S seconds in a window of T seconds, with a server that is busy for the share ρ of its time: who was due at its beginning waits
 * S, who comes later less, in a straight line. So p_q = S − (1 − q) × T × (1 − ρ), for q above 1 − S ÷ (T × (1 − ρ)).
 */
const slowestBut = (share: number, utilization: number): number => 1000 - share * 10_000 * (1 - utilization);

describe('a server that stands still for one second of ten', () => {
  it.each([
    { server: 'idle', utilization: 0, serviceMs: 0 },
    { server: 'half busy', utilization: 0.5, serviceMs: 0.5 },
  ])('is seen by an open loop as it was, where it is else $server', async ({ utilization, serviceMs }) => {
    const { totals } = await playAgainst(openLoop, (clock) => queueing(clock, { serviceMs, freeze }));
    const response = totals.trend('response_time', { arrival: 'open' });
    // One short of 10,000: the first client's first send would be due before it is connected.
    expect(response).toMatchObject({ count: 9999, unanswered: 0 });
    for (const [percentile, share] of [
      [95, 0.05],
      [99, 0.01],
    ] as const) {
      const expectedMs = slowestBut(share, utilization);
      const { value, atLeast } = response!.percentile(percentile);
      expect(atLeast).toBe(false);
      // By far closer than the 5 % that real clocks are given: timers tick in milliseconds, histograms have three digits.
      expect(Math.abs(value - expectedMs)).toBeLessThan(3);
    }
  });

  it('hardly shows in a closed loop, which waits with it: the reason for open loop', async () => {
    const closedLoop = planOf([kind({ loop: [ask(), pause(10)] })], { maxClients: 10 });
    const { totals } = await playAgainst(closedLoop, (clock) => queueing(clock, { serviceMs: 0, freeze }));
    const service = totals.trend('service_time', { arrival: 'closed' })!;
    const [, slow = 0] = service.countsBetween([10]);
    expect(slow).toBe(10);
    expect(slow / service.count).toBeLessThan(0.01);
    expect(service.percentile(99).value).toBeLessThan(1);
  });
});
