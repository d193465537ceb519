import type { Phase } from '../metrics/catalog.js';
import type { Expectation } from './expectation.js';
import type { RequestMeters } from './meters.js';
import { NumberedReplies } from './numbered-replies.js';
import { ReplyQueue } from './reply-queue.js';
import type { Waiter } from './waiter.js';

/** A packet that a client waits for: the reply to a request, or what an `expect` step alone wants to see. */
export interface PendingReply {
  expectation: Expectation;
  /** Where its times are recorded; null for an `expect` step alone, which has none. */
  meters: RequestMeters | null;
  /** The list, or the bot, that stands still until it comes; null for an open-loop send. */
  waiter: Waiter | null;
  phase: Phase;
  dueUs: number;
  sentUs: number;
  deadlineUs: number;
  /** `expired` is a tombstone: its reply may still come, and must not be taken for the next one's. `done` is to be passed over. */
  state: 'waiting' | 'expired' | 'done';
  /** What the fields of `where` must hold; null where order or the number decides. */
  key: string | null;
  /** The number that its packet carries, where it is found by that, and the next that waits under the same one. */
  number: number;
  next: PendingReply | null;
}

/**
 * Entries whose reply came, to be used again by any client of the worker: one object and three boxed numbers for each packet
 * are a twelfth of its cost in collections alone. No longer than what was ever waited for at once.
 */
const spare: PendingReply[] = [];

/**
 * How long after its time a reply is still known for a late one. What never comes would otherwise be waited for to the end of the
 * connection, and a long run with a server that loses replies, or is silent, would fill the memory with it.
 */
const rememberedUs = 60_000_000;

/** All that one client waits for, found by the packet that came in constant time. */
export class PendingReplies {
  /** How many still wait, tombstones not among them. */
  waiting = 0;
  /** No entry's time is up before this. */
  nextDeadlineUs = Number.POSITIVE_INFINITY;
  readonly #queues: (ReplyQueue | undefined)[] = [];
  readonly #keyed: Map<string, ReplyQueue>[];
  readonly #numbered = new NumberedReplies();
  /** The tombstones, the oldest first. */
  readonly #expired = new Set<PendingReply>();

  constructor(keyMaps: number) {
    this.#keyed = Array.from({ length: keyMaps }, () => new Map());
  }

  /**
   * Waits in each of the expectation's places; `key` is what the fields of `where` must hold, null where order decides. One that is
   * found by a number waits under `number` alone.
   */
  add(
    expectation: Expectation,
    meters: RequestMeters | null,
    waiter: Waiter | null,
    dueUs: number,
    sentUs: number,
    phase: Phase,
    key: string | null,
    number: number,
  ): void {
    const deadlineUs = sentUs + expectation.timeoutUs;
    let entry = spare.pop();
    if (entry === undefined) {
      entry = {
        expectation,
        meters,
        waiter,
        phase,
        dueUs,
        sentUs,
        deadlineUs,
        state: 'waiting',
        key,
        number,
        next: null,
      };
    } else {
      entry.expectation = expectation;
      entry.meters = meters;
      entry.waiter = waiter;
      entry.phase = phase;
      entry.dueUs = dueUs;
      entry.sentUs = sentUs;
      entry.deadlineUs = deadlineUs;
      entry.state = 'waiting';
      entry.key = key;
      entry.number = number;
      entry.next = null;
    }
    this.waiting++;
    if (deadlineUs < this.nextDeadlineUs) this.nextDeadlineUs = deadlineUs;
    if (expectation.numbered) this.#numbered.add(entry);
    for (const place of expectation.places) {
      const queue = key === null ? this.#queue(place) : this.#keyedQueue(place, key);
      queue.push(entry);
    }
  }

  /** What waits in queue `queue`, in order. */
  inOrder(queue: number): ReplyQueue | undefined {
    return this.#queues[queue];
  }

  /** What waits in map `map` under `key`. */
  byKey(map: number, key: string): ReplyQueue | undefined {
    return this.#keyed[map]?.get(key);
  }

  /** What waits under `number`. */
  byNumber(number: number): PendingReply | undefined {
    return this.#numbered.find(number);
  }

  /** True where nothing waits in map `map`, so that a packet need not be decoded to find its key. */
  isKeyMapEmpty(map: number): boolean {
    return (this.#keyed[map]?.size ?? 0) === 0;
  }

  /**
   * Takes an entry out of the queue it was found in, null where it was found by its number: its packet came. The entry is not to
   * be read any more.
   */
  settle(queue: ReplyQueue | null, entry: PendingReply): void {
    if (entry.state === 'waiting') this.waiting--;
    else this.#expired.delete(entry);
    entry.state = 'done';
    if (queue === null) this.#numbered.shift(entry.number);
    else queue.shift();
    // Other queues may still hold one that waited for several packets.
    if (entry.expectation.places.length > 1) return;
    // So that a client that is gone is not kept alive by it.
    entry.waiter = null;
    spare.push(entry);
  }

  /** Forgets a key under which nothing waits any more. */
  forgetKey(map: number, key: string): void {
    this.#keyed[map]?.delete(key);
  }

  /** Turns those whose time is up into tombstones; `onExpired` sees each once. Forgets the tombstones of long ago. */
  expire(nowUs: number, onExpired: (entry: PendingReply) => void): void {
    let nextUs = Number.POSITIVE_INFINITY;
    const expired: PendingReply[] = [];
    const look = (entry: PendingReply): void => {
      if (entry.state !== 'waiting') return;
      if (entry.deadlineUs > nowUs) {
        nextUs = Math.min(nextUs, entry.deadlineUs);
        return;
      }
      entry.state = 'expired';
      this.waiting--;
      this.#expired.add(entry);
      expired.push(entry);
    };
    this.#numbered.forEach(look);
    this.#forEachQueue((queue) => {
      queue.forEach((entry) => {
        look(entry);
        if (entry.state === 'expired') queue.onExpired();
      });
    });
    this.nextDeadlineUs = nextUs;
    this.#forgetExpiredBefore(nowUs - rememberedUs);
    for (const entry of expired) onExpired(entry);
  }

  #forgetExpiredBefore(timeUs: number): void {
    for (const entry of this.#expired) {
      if (entry.deadlineUs > timeUs) return;
      this.#expired.delete(entry);
      entry.state = 'done';
      const { expectation, key } = entry;
      if (expectation.numbered) this.#numbered.forget(entry);
      for (const place of expectation.places) {
        if (key === null) this.#queues[place]?.onForgotten();
        else if (this.byKey(place, key)?.empty === true) this.forgetKey(place, key);
      }
    }
  }

  /** Forgets everything: the connection is gone. `onDropped` sees each that still waited, once. */
  clear(onDropped: (entry: PendingReply) => void): void {
    const dropped: PendingReply[] = [];
    const drop = (entry: PendingReply): void => {
      if (entry.state !== 'waiting') return;
      entry.state = 'done';
      dropped.push(entry);
    };
    this.#numbered.forEach(drop);
    this.#numbered.clear();
    this.#expired.clear();
    this.#forEachQueue((queue) => {
      queue.forEach(drop);
      queue.clear();
    });
    for (const map of this.#keyed) map.clear();
    this.waiting = 0;
    this.nextDeadlineUs = Number.POSITIVE_INFINITY;
    for (const entry of dropped) onDropped(entry);
  }

  #queue(place: number): ReplyQueue {
    let queue = this.#queues[place];
    if (queue === undefined) {
      queue = new ReplyQueue('in order');
      this.#queues[place] = queue;
    }
    return queue;
  }

  #keyedQueue(place: number, key: string): ReplyQueue {
    // A bot's kind numbers a new map when a bot first waits by other fields.
    this.#keyed[place] ??= new Map();
    const map = this.#keyed[place];
    let queue = map.get(key);
    if (queue === undefined) {
      queue = new ReplyQueue('by key');
      map.set(key, queue);
    }
    return queue;
  }

  #forEachQueue(visit: (queue: ReplyQueue) => void): void {
    for (const queue of this.#queues) if (queue !== undefined) visit(queue);
    for (const map of this.#keyed) for (const queue of map.values()) visit(queue);
  }
}
