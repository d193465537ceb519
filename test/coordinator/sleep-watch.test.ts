import { describe, expect, it } from 'vitest';
import { SleepWatch } from '../../src/coordinator/sleep-watch.js';
import { systemClock } from '../../src/core/index.js';
import { ManualClock } from '../support/manual-clock.js';

describe('a watch for sleep', () => {
  it('finds by how much a clock that goes on asleep has run ahead of one that stops, once', () => {
    const clock = new ManualClock();
    let sleptMs = 0;
    const watch = new SleepWatch(clock, () => 5_000_000 + clock.nowUs() / 1000 + sleptMs);
    clock.advance(60_000);
    expect(watch.take()).toBe(0);
    sleptMs = 3_600_000;
    expect(watch.take()).toBeCloseTo(3_600_000);
    clock.advance(1000);
    expect(watch.take()).toBe(0);
  });

  it('takes what two clocks differ by while they are read for no sleep', () => {
    const clock = new ManualClock();
    let aheadMs = 0;
    const watch = new SleepWatch(clock, () => clock.nowUs() / 1000 + aheadMs);
    aheadMs = 30;
    expect(watch.take()).toBe(0);
  });

  it('on this machine hears of none, as it is awake', () => {
    expect(new SleepWatch(systemClock).take()).toBe(0);
  });
});
