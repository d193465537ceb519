import { describe, expect, it } from 'vitest';
import { SilenceWatch } from '../../src/coordinator/silence-watch.js';
import { ManualClock } from '../support/manual-clock.js';

function watched(count: number) {
  const clock = new ManualClock();
  const processes = Array.from({ length: count }, (_, index) => ({ index, over: false, waiting: false }));
  const silent: string[] = [];
  const heldUp: (readonly [fromS: number, toS: number])[] = [];
  const watch = new SilenceWatch(processes, clock, 15_000, {
    onSilent({ index }) {
      silent.push(`${index} at ${Math.floor(clock.nowUs() / 1e6)} s`);
    },
    onHeldUp(fromUs, toUs) {
      heldUp.push([fromUs / 1e6, toUs / 1e6]);
    },
  });
  return { clock, processes, silent, heldUp, watch };
}

describe('a watch for silence', () => {
  it('finds who says nothing for longer than the limit, once', () => {
    const { clock, processes, silent, watch } = watched(2);
    for (let second = 1; second <= 40; second++) {
      clock.advance(1000);
      watch.heard(processes[0]!);
    }
    expect(silent).toEqual(['1 at 15 s']);
  });

  it('leaves those alone who are over, and is still once it is stopped', () => {
    const { clock, processes, silent, watch } = watched(2);
    processes[0]!.over = true;
    clock.advance(10_000);
    watch.stop();
    clock.advance(60_000);
    expect(silent).toEqual([]);
  });

  it('leaves those alone who wait for slower ones, and counts from when they are told to go on', () => {
    const { clock, processes, silent, watch } = watched(2);
    processes[0]!.waiting = true;
    for (let second = 1; second <= 40; second++) {
      clock.advance(1000);
      if (second % 10 === 0) watch.heard(processes[1]!);
    }
    expect(silent).toEqual([]);
    processes[0]!.waiting = false;
    processes[1]!.waiting = true;
    clock.advance(40_000);
    expect(silent).toEqual(['0 at 55 s']);
  });

  it('does not take its own sleep for theirs, and tells of it', () => {
    const { clock, silent, heldUp } = watched(1);
    clock.advance(10_000);
    expect(heldUp).toEqual([]);
    clock.block(3_600_000);
    clock.advance(14_000);
    expect(silent).toEqual([]);
    expect(heldUp).toEqual([[10, 3610]]);
    clock.advance(2_000);
    expect(silent).toHaveLength(1);
  });
});
