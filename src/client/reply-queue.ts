import type { PendingReply } from './replies.js';

/** Shared by all queues that have never held more than one. */
const noRing: undefined[] = [];

/**
 * What one client waits for under one packet (or one value of `where`), in the order of sending. A packet that comes belongs to the
 * head; a timed-out entry stays as a tombstone until its packet comes, or is not expected any more. After a timeout, a reply that
 * the server skipped cannot be told from a late one, so matches are uncertain until the queue has been empty; but what is alone
 * under its key is certain.
 */
export class ReplyQueue {
  uncertain = false;
  /** The head stands here by itself: where one packet at a time is in flight, nothing else is looked at. */
  #head: PendingReply | undefined;
  /** Those behind it, in a ring whose length is a power of two: it allocates to grow, and then no more. */
  #ring: (PendingReply | undefined)[] = noRing;
  #next = 0;
  #behind = 0;
  readonly #order: 'in order' | 'by key';

  constructor(order: 'in order' | 'by key') {
    this.#order = order;
  }

  push(entry: PendingReply): void {
    if (this.#head === undefined) {
      this.#head = entry;
      return;
    }
    if (this.#behind === this.#ring.length) this.#grow();
    this.#ring[(this.#next + this.#behind++) & (this.#ring.length - 1)] = entry;
  }

  /** The entry that the next packet belongs to; undefined where nothing waits. */
  peek(): PendingReply | undefined {
    // One that waited for several packets is done once any of them came, one that was forgotten without: they leave the queues here.
    while (this.#head?.state === 'done') this.shift();
    return this.#head;
  }

  /** Drops the head. */
  shift(): void {
    if (this.#behind === 0) {
      this.#head = undefined;
      this.uncertain = false;
      return;
    }
    this.#head = this.#ring[this.#next];
    this.#ring[this.#next] = undefined;
    this.#next = (this.#next + 1) & (this.#ring.length - 1);
    this.#behind--;
  }

  /** An entry's time is up. */
  onExpired(): void {
    if (this.#order === 'in order' || this.#behind > 0) this.uncertain = true;
  }

  /** A tombstone that waited here in order is done without its packet, which may come all the same, and be taken for another. */
  onForgotten(): void {
    this.peek();
    this.uncertain = true;
  }

  get empty(): boolean {
    return this.peek() === undefined;
  }

  forEach(visit: (entry: PendingReply) => void): void {
    if (this.#head !== undefined) visit(this.#head);
    for (let i = 0; i < this.#behind; i++) visit(this.#at(i));
  }

  clear(): void {
    this.#head = undefined;
    this.#ring = noRing;
    this.#next = 0;
    this.#behind = 0;
    this.uncertain = false;
  }

  #grow(): void {
    const size = this.#behind;
    const ring = new Array<PendingReply | undefined>(Math.max(4, 2 * size)).fill(undefined);
    for (let i = 0; i < size; i++) ring[i] = this.#at(i);
    this.#ring = ring;
    this.#next = 0;
  }

  /** The entry `i` places behind the head; there are more than `i`. */
  #at(i: number): PendingReply {
    return this.#ring[(this.#next + i) & (this.#ring.length - 1)]!;
  }
}
