import { beforeEach, describe, expect, it } from 'vitest';
import { LoopWatch } from '../../src/worker/loop-watch.js';
import { ManualClock } from '../support/manual-clock.js';

let clock: ManualClock;
let watch: LoopWatch;
let nextWakeUs: number;

beforeEach(() => {
  clock = new ManualClock({ turnUs: 10 });
  nextWakeUs = Number.POSITIVE_INFINITY;
  watch = new LoopWatch({ clock, nowUs: () => clock.nowUs(), nextWakeUs: () => nextWakeUs });
  watch.start();
});

/** A receive now: how long what it brought may have waited, in microseconds. */
function receive(): number {
  if (!watch.received) watch.onReceive(clock.nowUs());
  return clock.nowUs() - watch.waitingSinceUs;
}

/** The turn ends, at once where it is overdue: what follows comes out of the next poll. */
function endTurn(afterMs: number): void {
  clock.advance(afterMs);
}

describe('the loop watch', () => {
  it('lets sleep add nothing, however long it was', () => {
    clock.advance(105);
    expect(receive()).toBe(0);
    clock.advance(5004);
    expect(receive()).toBe(0);
  });

  it('counts what was done earlier in the same turn', () => {
    clock.advance(5);
    receive();
    clock.block(3);
    expect(receive()).toBe(3000);
  });

  it('counts from the poll before where the loop did not sleep', () => {
    clock.advance(5);
    receive();
    clock.block(30);
    endTurn(0);
    expect(receive()).toBe(30_000);
    endTurn(0.01);
    expect(receive()).toBe(10);
  });

  it('begins anew once a turn found nothing', () => {
    clock.advance(5);
    receive();
    clock.block(30);
    endTurn(0);
    endTurn(0.02);
    clock.advance(1);
    expect(receive()).toBe(0);
  });

  it('counts the work of timers that ran before the poll', () => {
    clock.advance(5);
    watch.onWork(clock.nowUs());
    clock.block(20);
    expect(receive()).toBe(20_000);
  });

  it('knows by the scheduler’s next wake-up that the process did not run', () => {
    clock.advance(5);
    nextWakeUs = clock.nowUs() + 1000;
    clock.block(4);
    expect(receive()).toBe(2000);
  });

  it('knows by its heartbeat, where nothing else is due', () => {
    clock.advance(5);
    clock.block(105);
    // Due at 10 ms, and a tick is allowed; it is 110 ms now.
    expect(receive()).toBe(99_000);
  });

  it('gives the longest delay of the heartbeat once', () => {
    clock.advance(5);
    clock.block(105);
    clock.advance(50);
    expect(watch.takeDelayMaxUs()).toBe(100_000);
    clock.advance(50);
    expect(watch.takeDelayMaxUs()).toBe(0);
  });

  it('leaves nothing behind when it stops', () => {
    clock.advance(5);
    receive();
    watch.stop();
    expect(clock.waiting).toBe(0);
  });
});
