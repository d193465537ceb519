import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantPacer } from '../../src/load/pacing.js';
import { type Rate, rateCurve } from '../../src/load/rate.js';
import { RateFactor } from '../../src/load/rate-factor.js';

const everySecond = rateCurve({ kind: 'constant', intervalMs: 1000 });
const second = 1_000_000;

function factorOf(...changes: readonly (readonly [atUs: number, factor: number])[]): RateFactor {
  const rateFactor = new RateFactor();
  for (const [atUs, factor] of changes) rateFactor.change({ atUs, factor });
  return rateFactor;
}

/** When the first sends are due. */
function firstDues(rateFactor: RateFactor, count: number, originUs = 0): number[] {
  const pacer = constantPacer(
    rateFactor.scaled(everySecond, () => originUs),
    0.5,
  );
  return Array.from({ length: count }, (_, n) => (originUs + pacer.dueUs(n)) / second);
}

describe('a rate factor', () => {
  it('is 1 until the first change', () => {
    const rateFactor = new RateFactor();
    expect([rateFactor.changes, rateFactor.latest, rateFactor.at(5 * second)]).toEqual([[], 1, 1]);
  });

  it('is what the last change made it, and what an earlier one made it in its time', () => {
    const rateFactor = factorOf([2 * second, 3], [4 * second, 0]);
    expect([0, 2 * second - 1, 2 * second, 4 * second - 1, 4 * second].map((us) => rateFactor.at(us))).toEqual([
      1, 1, 3, 3, 0,
    ]);
    expect(rateFactor.latest).toBe(0);
    expect(rateFactor.changes).toEqual([
      { atUs: 2 * second, factor: 3 },
      { atUs: 4 * second, factor: 0 },
    ]);
    rateFactor.change({ atUs: 6 * second, factor: 5 });
    expect(rateFactor.latest).toBe(5);
  });
});

describe('sends at a rate that is steered', () => {
  it('are due as planned until the first change', () => {
    expect(firstDues(new RateFactor(), 3)).toEqual([0.5, 1.5, 2.5]);
  });

  it('stand still while the factor is 0, and go on from there: none is made up for', () => {
    expect(firstDues(factorOf([2 * second, 0]), 4)).toEqual([
      0.5,
      1.5,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    expect(firstDues(factorOf([2 * second, 0], [10 * second, 1]), 4)).toEqual([0.5, 1.5, 10.5, 11.5]);
  });

  it('come twice as often at twice the rate, without a gap and without a burst', () => {
    expect(firstDues(factorOf([2 * second, 2]), 6)).toEqual([0.5, 1.5, 2.25, 2.75, 3.25, 3.75]);
  });

  it('count from an origin that may lie behind a change', () => {
    expect(firstDues(factorOf([2 * second, 2], [6 * second, 1]), 4, 5 * second)).toEqual([5.25, 5.75, 6.5, 7.5]);
  });

  it('count from an origin at the very time of a change', () => {
    expect(firstDues(factorOf([5 * second, 2]), 3, 5 * second)).toEqual([5.25, 5.75, 6.25]);
  });

  it('count from where the origin has moved to', () => {
    let originUs = 0;
    const curve = factorOf([2 * second, 2]).scaled(everySecond, () => originUs);
    expect(curve.sendsUntil(3 * second)).toBe(4);
    originUs = second;
    expect(curve.sendsUntil(3 * second)).toBe(5);
    expect(curve.sendsUntil(-1)).toBe(0);
  });

  it('add up over any number of changes', () => {
    const curve = factorOf([2 * second, 2], [4 * second, 0.5], [8 * second, 1]).scaled(everySecond, () => 0);
    expect([2, 4, 8, 10].map((s) => curve.sendsUntil(s * second))).toEqual([2, 6, 8, 10]);
    expect([2, 6, 8, 10].map((sends) => curve.passesAtUs(sends) / second)).toEqual([2, 4, 8, 10]);
  });

  it('follow the shape of a staged rate: its stages are where they were', () => {
    const rate: Rate = {
      kind: 'staged',
      stages: [
        { durationMs: 0, targetPerSec: 1 },
        { durationMs: 10_000, targetPerSec: 1 },
        { durationMs: 0, targetPerSec: 10 },
      ],
    };
    const curve = factorOf([4 * second, 0], [8 * second, 1]).scaled(rateCurve(rate), () => 0);
    expect(curve.sendsUntil(10 * second)).toBe(6);
    expect(curve.sendsUntil(11 * second)).toBe(16);
    expect(curve.passesAtUs(6.5) / second).toBeCloseTo(10.05, 9);
  });

  it('are as many as the curve says before any time, whatever the changes, and due in order', () => {
    const anyChange = fc.record({ afterMs: fc.nat(5000), factor: fc.constantFrom(0, 0, 0.3, 1, 2.5) });
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 8 }), fc.nat(4000), fc.nat(20_000), (changes, originMs, untilMs) => {
        const rateFactor = new RateFactor();
        let atUs = 0;
        for (const { afterMs, factor } of changes) {
          atUs += afterMs * 1000;
          rateFactor.change({ atUs, factor });
        }
        const curve = rateFactor.scaled(rateCurve({ kind: 'constant', intervalMs: 70 }), () => originMs * 1000);
        const pacer = constantPacer(curve, 0.25);
        const count = pacer.firstFrom(untilMs * 1000);
        expect(Math.abs(count - (curve.sendsUntil(untilMs * 1000) - 0.25))).toBeLessThan(1 + 1e-6);
        const dues = Array.from({ length: count + 3 }, (_, n) => pacer.dueUs(n));
        expect(dues).toEqual(dues.toSorted((a, b) => a - b));
        for (const dueUs of dues.slice(0, count)) expect(dueUs).toBeLessThan(untilMs * 1000);
      }),
    );
  });
});

describe('a wait at a pace that is steered', () => {
  it('lasts as long as it says until the first change', () => {
    expect(new RateFactor().waitedUs(300, 500)).toBe(800);
  });

  it('has no end while sends are paused, and afterwards what was left of it', () => {
    const rateFactor = factorOf([1000, 0]);
    expect(rateFactor.waitedUs(700, 200)).toBe(900);
    expect(rateFactor.waitedUs(700, 500)).toBe(Number.POSITIVE_INFINITY);
    rateFactor.change({ atUs: 5000, factor: 1 });
    expect(rateFactor.waitedUs(700, 500)).toBe(5200);
    expect(rateFactor.waitedUs(2000, 0)).toBe(5000);
  });

  it('is half as long at twice the rate', () => {
    expect(factorOf([1000, 2]).waitedUs(800, 1000)).toBe(1400);
  });
});
