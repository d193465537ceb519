import { expect, test } from 'vitest';
import type { TimerHandle } from '../../src/core/index.js';
import { AcceptGate } from '../../src/server/faults/accept-gate.js';
import { ManualClock } from '../support/manual-clock.js';

/** Its timers are as Node's on a machine that has more to do: they wait whole milliseconds, one at least, and come late. */
class CoarseClock extends ManualClock {
  readonly #lateMs: number;

  constructor(lateMs: number) {
    super();
    this.#lateMs = lateMs;
  }

  override setTimer(delayMs: number, run: () => void): TimerHandle {
    return super.setTimer(Math.max(1, Math.trunc(delayMs)) + this.#lateMs, run);
  }
}

const rates = [0.5, 7, 150, 300, 600, 900, 1000];

test.each(rates.flatMap((perSec) => [0, 0.4, 1.7].map((lateMs) => ({ perSec, lateMs }))))(
  '$perSec a second are as many, by timers that are $lateMs ms late',
  ({ perSec, lateMs }) => {
    const clock = new CoarseClock(lateMs);
    clock.advance(123.4);
    let held = 0;
    const gate = new AcceptGate(perSec, clock, () => held++);
    let accepted = 0;
    for (let i = 0; i < 3_000; i++) gate.pass(() => accepted++);
    expect({ accepted, held }).toEqual({ accepted: 1, held: 2_999 });
    const ahead: number[] = [];
    for (let ms = 1; ms <= 2_900; ms++) {
      clock.advance(1);
      ahead.push(accepted - 1 - (ms * perSec) / 1000);
    }
    expect(Math.max(...ahead)).toBeLessThan(1e-6);
    // Whoever is due waits for the timer that was set last.
    expect(Math.min(...ahead)).toBeGreaterThan(-1 - ((1 + lateMs) * perSec) / 1000 - 1e-6);
  },
);

test('who comes when nobody has come for long comes in at once, and the next so much later', () => {
  const clock = new ManualClock();
  const gate = new AcceptGate(10, clock, () => {});
  const accepted: string[] = [];
  gate.pass(() => accepted.push('a'));
  clock.advance(1_030);
  for (const name of ['b', 'c', 'd']) gate.pass(() => accepted.push(name));
  expect(accepted).toEqual(['a', 'b']);
  clock.advance(99);
  expect(accepted).toEqual(['a', 'b']);
  clock.advance(1);
  expect(accepted).toEqual(['a', 'b', 'c']);
  clock.advance(100);
  expect(accepted).toEqual(['a', 'b', 'c', 'd']);
  expect(clock.waiting).toBe(0);
});

test('who comes while another waits stands behind it, also where that one is due', () => {
  const clock = new ManualClock();
  const gate = new AcceptGate(10, clock, () => {});
  const accepted: string[] = [];
  for (const name of ['a', 'b']) gate.pass(() => accepted.push(name));
  clock.block(150);
  gate.pass(() => accepted.push('c'));
  expect(accepted).toEqual(['a']);
  clock.advance(0);
  expect(accepted).toEqual(['a', 'b']);
  clock.advance(50);
  expect(accepted).toEqual(['a', 'b', 'c']);
});
