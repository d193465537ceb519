import { expect, it } from 'vitest';
import { systemClock } from '../../src/core/index.js';

it('time since a moment is whole microseconds, and those that have passed', () => {
  const originUs = systemClock.nowUs();
  const sinceUs = systemClock.sinceUs(originUs);
  const laterUs = systemClock.nowUs();
  expect(Number.isInteger(sinceUs)).toBe(true);
  expect(sinceUs).toBeGreaterThanOrEqual(0);
  expect(sinceUs).toBeLessThanOrEqual(laterUs - originUs);
});

it('a timer that is cancelled does not fire, and one that is not fires in its time', async () => {
  const fired: string[] = [];
  systemClock.setTimer(1, () => fired.push('cancelled')).cancel();
  systemClock.setImmediate(() => fired.push('cancelled')).cancel();
  const originUs = systemClock.nowUs();
  await new Promise<void>((resolve) => systemClock.setTimer(20, resolve));
  // Node rounds the time that it began at to a whole millisecond.
  expect(systemClock.sinceUs(originUs)).toBeGreaterThanOrEqual(19_000);
  await new Promise<void>((resolve) => systemClock.setImmediate(resolve));
  expect(fired).toEqual([]);
});
