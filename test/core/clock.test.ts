import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/core/index.js';

it('time since a moment is whole microseconds, and those that have passed', () => {
  const originUs = systemClock.nowUs();
  const sinceUs = systemClock.sinceUs(originUs);
  const laterUs = systemClock.nowUs();
  expect(Number.isInteger(sinceUs)).toBe(true);
  expect(sinceUs).toBeGreaterThanOrEqual(0);
  expect(sinceUs).toBeLessThanOrEqual(laterUs - originUs);
});

it('time goes by as the system says', () => {
  const beforeUs = Number(process.hrtime.bigint() / 1000n);
  const nowUs = systemClock.nowUs();
  const afterUs = Number(process.hrtime.bigint() / 1000n);
  expect(nowUs).toBeGreaterThanOrEqual(beforeUs);
  expect(nowUs).toBeLessThanOrEqual(afterUs + 1);
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

describe('a wait that is longer than a timer of Node’s can be', () => {
  const longestMs = 2 ** 31 - 1;
  const hourMs = 3_600_000;
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([longestMs, longestMs + 1, 2 * longestMs, 2 * longestMs + 1, 600 * hourMs, 10 * 365 * 24 * hourMs])(
    'ends once, after %d ms and not before',
    (delayMs) => {
      const task = vi.fn();
      systemClock.setTimer(delayMs, task);
      vi.advanceTimersByTime(delayMs - 1);
      expect(task).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(task).toHaveBeenCalledOnce();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it.each([0, longestMs - 1, longestMs, 2 * longestMs])('is cancelled after %d ms as any other', (passedMs) => {
    const task = vi.fn();
    const timer = systemClock.setTimer(3 * longestMs, task);
    vi.advanceTimersByTime(passedMs);
    timer.cancel();
    timer.cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(task).not.toHaveBeenCalled();
  });

  it('has no end where it is infinite', () => {
    const task = vi.fn();
    const timer = systemClock.setTimer(Number.POSITIVE_INFINITY, task);
    vi.advanceTimersByTime(10 * longestMs);
    expect(task).not.toHaveBeenCalled();
    timer.cancel();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('Node’s own timers keep to it too', async () => {
  const fired: string[] = [];
  const timer = systemClock.setTimer(600 * 3_600_000, () => fired.push('early'));
  await new Promise<void>((resolve) => systemClock.setTimer(20, resolve));
  timer.cancel();
  expect(fired).toEqual([]);
});
