import { beforeEach, describe, expect, it } from 'vitest';
import { ReadBudget } from '../../src/worker/read-budget.js';
import { ManualClock } from '../support/manual-clock.js';

const kib64 = 64 * 1024;

let clock: ManualClock;
let receivedUs: number;
let budget: ReadBudget;
/** What was done to whom, in order. */
let log: string[];

beforeEach(() => {
  clock = new ManualClock({ turnUs: 10 });
  receivedUs = 0;
  log = [];
  budget = new ReadBudget({ clock, nowUs: () => clock.nowUs(), receivedUs: () => receivedUs });
});

function reader(name: string) {
  return { name, pause: () => log.push(`${name} waits`), resume: () => log.push(`${name} goes on`) };
}

/** `from` brings `bytes`, and `ms` go by over them. */
function read(from: ReturnType<typeof reader>, bytes: number, ms: number): void {
  clock.block(ms);
  budget.onRead(from, bytes);
}

/** The turn ends, and the next begins to read; what happened in between. */
function nextTurn(): readonly string[] {
  if (clock.waiting > 0) clock.advanceTo(clock.nextDueUs);
  receivedUs = clock.nowUs();
  return log.splice(0);
}

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(reader) as [Reader, Reader, Reader, Reader];
type Reader = ReturnType<typeof reader>;

describe('what is read in one turn of the event loop', () => {
  it('is as much as comes, as long as that takes no time', () => {
    for (let i = 0; i < 1000; i++) read(a, kib64, 0.04);
    expect(log).toEqual([]);
  });

  it('is no more from those who bring much once the time is used up', () => {
    read(a, kib64, 50);
    read(b, kib64, 0.1);
    read(c, 100, 10);
    expect(log).toEqual(['b waits']);
  });

  it('adds up over those who bring little each', () => {
    read(a, kib64 - 1, 60);
    expect(log).toEqual([]);
    read(b, 1, 0);
    expect(log).toEqual(['b waits']);
  });

  it('goes on in the next turn with as many as fitted before, in the order in which they were held', () => {
    read(a, kib64, 20);
    read(a, kib64, 20);
    for (const each of [a, b, c, d]) read(each, kib64, 20);
    expect(log.splice(0)).toEqual(['a waits', 'b waits', 'c waits', 'd waits']);
    expect(nextTurn()).toEqual(['a goes on', 'b goes on']);
    read(a, kib64, 60);
    read(b, kib64, 0);
    expect(log.splice(0)).toEqual(['a waits', 'b waits']);
    // None fitted: one at least.
    expect(nextTurn()).toEqual(['c goes on']);
    expect(nextTurn()).toEqual(['d goes on', 'a goes on']);
    expect(nextTurn()).toEqual(['b goes on']);
    expect(nextTurn()).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

describe('what those who were held bring', () => {
  it('may have waited since then, and what comes later not', () => {
    expect(budget.heldSinceUs).toBe(Number.POSITIVE_INFINITY);
    read(a, kib64, 60);
    read(b, kib64, 5);
    expect(budget.heldSinceUs).toBe(Number.POSITIVE_INFINITY);
    nextTurn();
    expect(budget.heldSinceUs).toBe(60_000);
    nextTurn();
    expect(budget.heldSinceUs).toBe(65_000);
    nextTurn();
    expect(budget.heldSinceUs).toBe(Number.POSITIVE_INFINITY);
  });
});
