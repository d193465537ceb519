import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/index.js';
import { ReadPace } from '../../src/faults/read-pace.js';
import { ManualClock } from '../support/manual-clock.js';

/** A clock with timers as Node has them: whole milliseconds, cut off, at least one; and as late as this. */
function roughClock(manual: ManualClock, lateMs: number): Clock {
  return {
    nowUs: () => manual.nowUs(),
    sinceUs: (originUs) => manual.sinceUs(originUs),
    setTimer: (delayMs, task) => manual.setTimer(Math.max(1, Math.trunc(delayMs)) + lateMs, task),
    setImmediate: (task) => manual.setImmediate(task),
  };
}

/** A reader that never lacks bytes; they come in chunks of this size. */
class Reader {
  readonly clock = new ManualClock();
  readonly pace: ReadPace;
  bytes = 0;
  readonly #chunkBytes: number;

  constructor(chunkBytes: number, lateMs: number, bytesPerSec: number) {
    this.#chunkBytes = chunkBytes;
    this.pace = new ReadPace(roughClock(this.clock, lateMs), () => this.read());
    this.pace.change(bytesPerSec);
  }

  read(): void {
    while (!this.pace.isResting) {
      this.bytes += this.#chunkBytes;
      this.pace.onRead(this.#chunkBytes);
    }
  }
}

describe('a reader with a pace', () => {
  const seconds = 20;

  it.each([
    { rate: 1_000_000, chunk: 1900, lateMs: 0 },
    { rate: 1_000_000, chunk: 64, lateMs: 0 },
    { rate: 1_000_000, chunk: 1900, lateMs: 0.7 },
    { rate: 100_000, chunk: 64, lateMs: 5 },
    { rate: 1000, chunk: 1, lateMs: 0.3 },
  ])('reads $rate bytes a second in chunks of $chunk, with timers $lateMs ms late', ({ rate, chunk, lateMs }) => {
    const reader = new Reader(chunk, lateMs, rate);
    reader.read();
    for (let second = 1; second <= seconds; second++) {
      reader.clock.advanceTo(second * 1e6);
      // At most a chunk and a timer's rest ahead, and 20 ms behind.
      expect(reader.bytes).toBeLessThanOrEqual(rate * (second + 0.001) + chunk);
      expect(reader.bytes).toBeGreaterThanOrEqual(rate * (second - 0.02));
    }
  });

  it('does not make up for a time in which nothing came', () => {
    const reader = new Reader(100, 0, 1000);
    reader.clock.advance(60_000);
    reader.read();
    expect(reader.bytes).toBeLessThanOrEqual(200);
  });

  it('owes what it has read at a pace that changes meanwhile, and nothing once it has none', () => {
    const reader = new Reader(1000, 0, 100);
    reader.read();
    expect(reader.bytes).toBe(1000);
    reader.clock.advance(5000);
    reader.pace.change(1000);
    reader.clock.advance(499);
    expect(reader.bytes).toBe(1000);
    reader.clock.advance(1);
    expect(reader.bytes).toBe(2000);
    reader.pace.change(Number.POSITIVE_INFINITY);
    expect(reader.pace.isResting).toBe(false);
    expect(reader.clock.waiting).toBe(0);
  });
});
