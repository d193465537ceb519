import { describe, expect, it } from 'vitest';
import { correctionUs, measureOffset } from '../../src/coordinator/clock-exchange.js';
import { ManualClock } from '../support/manual-clock.js';

/** A process whose clock is `aheadUs` ahead, behind ways that take `toUs` and `fromUs`; the n-th round takes `slower(n)` more. */
function distant(clock: ManualClock, aheadUs: number, toUs: number, fromUs: number, slower = (_round: number) => 0) {
  let rounds = 0;
  return {
    async askClock(): Promise<number> {
      clock.block((toUs + slower(rounds++)) / 1000);
      const nowUs = clock.nowUs() + aheadUs;
      clock.block(fromUs / 1000);
      return nowUs;
    },
  };
}

describe('an exchange of stamps', () => {
  it('finds the offset, with half the round trip for its error', async () => {
    const clock = new ManualClock();
    expect(await measureOffset(distant(clock, 5000, 40, 40), clock)).toEqual({ offsetUs: 5000, errorUs: 40 });
  });

  it('errs by no more than that where the ways differ', async () => {
    const clock = new ManualClock();
    const found = await measureOffset(distant(clock, -700, 10, 90), clock);
    expect(found?.errorUs).toBe(50);
    expect(Math.abs((found?.offsetUs ?? 0) + 700)).toBeLessThanOrEqual(50);
  });

  it('goes by the shortest round trip', async () => {
    const clock = new ManualClock();
    const owner = distant(clock, 300, 40, 40, (round) => (round === 5 ? 0 : 4000));
    expect(await measureOffset(owner, clock)).toEqual({ offsetUs: 300, errorUs: 40 });
  });

  it('gives what is known of a process that goes away meanwhile', async () => {
    const clock = new ManualClock();
    expect(await measureOffset({ askClock: async () => null }, clock)).toBe(null);
  });
});

describe('a correction', () => {
  it('is made for what is sure to be more than 100 µs', () => {
    expect(correctionUs({ offsetUs: 200, errorUs: 50 })).toBe(200);
    expect(correctionUs({ offsetUs: -200, errorUs: 50 })).toBe(-200);
  });

  it('is not made for what may be less', () => {
    expect(correctionUs({ offsetUs: 200, errorUs: 100 })).toBe(0);
    expect(correctionUs({ offsetUs: -90, errorUs: 1 })).toBe(0);
    expect(correctionUs(null)).toBe(0);
  });
});
