import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../src/client/expectation.js';
import { PendingReplies, type PendingReply } from '../../src/client/replies.js';

const second = 1_000_000;
const timeoutUs = second;

/** As much of an expectation as decides where a reply is waited for. */
function expectation(numbered: boolean, places: readonly number[]): Expectation {
  return { numbered, places, timeoutUs } as unknown as Expectation;
}

/** What a client of one kind waits for, on a clock that the test moves. */
class Waiting {
  readonly replies = new PendingReplies(2);
  readonly expired: PendingReply[] = [];
  readonly #expectation: Expectation;

  constructor(expectation: Expectation) {
    this.#expectation = expectation;
  }

  ask(nowUs: number, key: string | null, number = -1): void {
    this.replies.add(this.#expectation, null, null, nowUs, nowUs, 1, key, number);
  }

  /** Plays `seconds` seconds of one request each that is never answered. */
  playSilence(seconds: number, keyOf: (i: number) => string | null): void {
    for (let i = 0; i < seconds; i++) {
      this.ask(i * second, keyOf(i), i);
      this.replies.expire(i * second, (entry) => this.expired.push(entry));
    }
  }
}

const tenMinutes = Array.from({ length: 600 }, (_, i) => i);
/** Those whose time was up a minute ago are gone, of 600 that were sent a second apart. */
const remembered = tenMinutes.slice(-61);

describe('replies that never come are forgotten a minute after their time:', () => {
  it('found by a number', () => {
    const waiting = new Waiting(expectation(true, []));
    waiting.playSilence(600, () => null);
    expect(waiting.expired).toHaveLength(599);
    expect(tenMinutes.filter((i) => waiting.replies.byNumber(i) !== undefined)).toEqual(remembered);
  });

  it('found by the fields of `where`, in every place where they are waited for', () => {
    const waiting = new Waiting(expectation(false, [0, 1]));
    waiting.playSilence(600, (i) => `n=${i}`);
    for (const map of [0, 1]) {
      expect(tenMinutes.filter((i) => waiting.replies.byKey(map, `n=${i}`) !== undefined)).toEqual(remembered);
    }
  });

  it('taken in order, which leaves the next match uncertain', () => {
    const waiting = new Waiting(expectation(false, [0]));
    waiting.playSilence(600, () => null);
    const queue = waiting.replies.inOrder(0)!;
    const held: PendingReply[] = [];
    queue.forEach((entry) => {
      held.push(entry);
    });
    expect(held).toHaveLength(remembered.length);
    waiting.replies.expire(700 * second, () => {});
    expect(queue.empty).toBe(true);
    waiting.ask(700 * second, null);
    expect(queue.uncertain).toBe(true);
    waiting.replies.settle(queue, queue.peek()!);
    expect(queue.uncertain).toBe(false);
  });
});

describe('a reply that comes late', () => {
  it('is known for late within that minute, and its entry may serve another request at once', () => {
    const waiting = new Waiting(expectation(true, []));
    waiting.ask(0, null, 7);
    waiting.replies.expire(2 * second, () => {});
    expect(waiting.replies.byNumber(7)?.state).toBe('expired');
    waiting.replies.settle(null, waiting.replies.byNumber(7)!);
    waiting.ask(61 * second, null, 8);
    waiting.replies.expire(61.5 * second, () => {});
    expect(waiting.replies.byNumber(8)?.state).toBe('waiting');
    expect(waiting.replies.waiting).toBe(1);
  });
});

describe('a number that is used again', () => {
  it('keeps the entries that wait for it, whichever of them is forgotten', () => {
    const { replies } = new Waiting(expectation(true, []));
    const patient = { numbered: true, places: [], timeoutUs: 300 * second } as unknown as Expectation;
    replies.add(patient, null, null, 0, 0, 1, null, 7);
    replies.add(expectation(true, []), null, null, 0, 0, 1, null, 7);
    replies.add(patient, null, null, 0, 0, 1, null, 7);
    replies.expire(2 * second, () => {});
    replies.expire(62 * second, () => {});
    expect(replies.waiting).toBe(2);
    for (let left = 2; left > 0; left--) {
      const entry = replies.byNumber(7)!;
      expect(entry.state).toBe('waiting');
      replies.settle(null, entry);
    }
    expect(replies.byNumber(7)).toBeUndefined();
  });
});
