import { describe, expect, test } from 'vitest';
import { studentQuantile, studentTail } from '../../src/statistics/student-t.js';

describe('Student’s t', () => {
  // From the tables that every book of statistics prints.
  test.each([
    { tail: 0.025, degrees: 1, t: 12.706 },
    { tail: 0.025, degrees: 2, t: 4.303 },
    { tail: 0.025, degrees: 5, t: 2.571 },
    { tail: 0.025, degrees: 10, t: 2.228 },
    { tail: 0.025, degrees: 30, t: 2.042 },
    { tail: 0.025, degrees: 120, t: 1.98 },
    { tail: 0.01, degrees: 5, t: 3.365 },
    { tail: 0.01, degrees: 12, t: 2.681 },
    { tail: 0.005, degrees: 4, t: 4.604 },
    { tail: 0.0005, degrees: 1, t: 636.619 },
    { tail: 0.1, degrees: 15, t: 1.341 },
    { tail: 0.025, degrees: 1_000_000, t: 1.96 },
  ])('exceeds $t with probability $tail at $degrees degrees of freedom', ({ tail, degrees, t }) => {
    expect(studentQuantile(tail, degrees)).toBeCloseTo(t, 3);
    expect(studentTail(studentQuantile(tail, degrees), degrees)).toBeCloseTo(tail, 12);
  });

  test('is known exactly at one and at two degrees of freedom', () => {
    for (const t of [-40, -1, -0.1, 0, 0.3, 1, 7]) {
      expect(studentTail(t, 1)).toBeCloseTo(0.5 - Math.atan(t) / Math.PI, 12);
      expect(studentTail(t, 2)).toBeCloseTo(0.5 - t / (2 * Math.sqrt(2 + t * t)), 12);
    }
  });

  test('has quantiles between those of whole degrees of freedom, and the same on both sides', () => {
    const [five, between, six] = [5, 5.5, 6].map((degrees) => studentQuantile(0.025, degrees)) as [
      number,
      number,
      number,
    ];
    expect(between).toBeLessThan(five);
    expect(between).toBeGreaterThan(six);
    expect(studentQuantile(0.975, 5.5)).toBeCloseTo(-between, 12);
    expect(studentQuantile(0.5, 5.5)).toBeCloseTo(0, 12);
  });
});
