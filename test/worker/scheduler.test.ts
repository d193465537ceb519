import { describe, expect, it } from 'vitest';
import { Scheduler, type Sleeper } from '../../src/worker/scheduler.js';
import { ManualClock } from '../support/manual-clock.js';

/** A clock on which whoever works can let time pass, as work does. */
class WorkingClock extends ManualClock {
  #spentUs = 0;

  spend(us: number): void {
    this.#spentUs += us;
  }

  override nowUs(): number {
    return super.nowUs() + this.#spentUs;
  }
}

function sleeper(wake: (nowUs: number) => number): Sleeper {
  return { ticket: -1, wake };
}

/**
 * Plays a scheduler with `count` sleepers, all due at 5 ms, each of whom works for `workUs`, in an event loop that receives for
 * `receiveUs` in each turn; with what came in between.
 */
function backlog(count: number, workUs: number, receiveUs = 0) {
  const clock = new WorkingClock({ turnUs: 10 });
  const scheduler = new Scheduler(clock, () => 0, 'normal');
  const slices: { fromUs: number; untilUs: number; woken: number }[] = [];
  for (let i = 0; i < count; i++) {
    const it = sleeper((nowUs) => {
      const slice = slices.at(-1);
      // No turn of the event loop lies between two that are woken in one slice.
      if (slice !== undefined && nowUs === slice.untilUs) slice.woken++;
      else slices.push({ fromUs: nowUs, untilUs: nowUs, woken: 1 });
      clock.spend(workUs);
      slices.at(-1)!.untilUs = nowUs + workUs;
      return Number.POSITIVE_INFINITY;
    });
    scheduler.wakeAt(it, 5000);
  }
  const receive = (): void => {
    clock.spend(receiveUs);
    if (slices.reduce((sum, { woken }) => sum + woken, 0) < count) clock.setImmediate(receive);
  };
  if (receiveUs > 0) clock.setImmediate(receive);
  clock.advance(10_000);
  return slices;
}

describe('a backlog of thousands', () => {
  it('is worked off in slices of at most a millisecond, with a turn of the event loop after each', () => {
    const slices = backlog(5000, 20);
    expect(slices.reduce((sum, { woken }) => sum + woken, 0)).toBe(5000);
    for (const { fromUs, untilUs } of slices) expect(untilUs - fromUs).toBeLessThanOrEqual(1000);
    expect(slices.length).toBeGreaterThanOrEqual(100);
  });

  it('gets half as long as receiving takes, where that fills the turns', () => {
    const lengths = backlog(5000, 20, 20_000).map(({ fromUs, untilUs }) => untilUs - fromUs);
    for (const us of lengths.slice(1, -1)) expect(us).toBeCloseTo(10_000, -2);
    expect(lengths.length).toBeLessThan(15);
  });

  it('goes on with the next where one alone takes longer', () => {
    expect(backlog(3, 4000).map(({ woken }) => woken)).toEqual([1, 1, 1]);
  });
});

/** Wakes one sleeper at each of these times, and tells how late that was. */
function latenessUs(pacing: 'normal' | 'precise', timesUs: readonly number[]): number[] {
  const clock = new ManualClock({ turnUs: 20 });
  const scheduler = new Scheduler(clock, () => 0, pacing);
  const late: number[] = [];
  scheduler.wakeAt(
    sleeper((nowUs) => {
      late.push(nowUs - timesUs[late.length]!);
      return timesUs[late.length] ?? Number.POSITIVE_INFINITY;
    }),
    timesUs[0]!,
  );
  clock.advance(timesUs.at(-1)! / 1000 + 10);
  expect(late).toHaveLength(timesUs.length);
  return late;
}

const every = (us: number) => Array.from({ length: 2000 }, (_, i) => (i + 1) * us);

describe('waking', () => {
  it.each([
    ['normal', 'rare', 10_300, 20],
    ['normal', 'frequent', 1300, 1000],
    ['precise', 'rare', 10_300, 20],
    ['precise', 'frequent', 1300, 20],
    ['precise', 'more frequent than turns', 7, 20],
  ] as const)(
    'with %s pacing and wake-ups that are %s is never early, and at most so late',
    (pacing, _, us, mostUs) => {
      const late = latenessUs(pacing, every(us));
      expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...late)).toBeLessThanOrEqual(mostUs);
    },
  );

  it('polls again once wake-ups are rare again', () => {
    const busy = every(1300);
    const rare = Array.from({ length: 200 }, (_, i) => busy.at(-1)! + (i + 1) * 10_300);
    const late = latenessUs('normal', [...busy, ...rare]);
    expect(Math.max(...late.slice(1000, 2000))).toBeGreaterThan(500);
    expect(Math.max(...late.slice(2050))).toBeLessThanOrEqual(20);
  });
});
