import type { PendingReply } from './replies.js';

/**
 * What one client waits for under one packet (or one value of `where`), in the order of sending. A packet that comes belongs to the
 * head; a timed-out entry stays as a tombstone until its packet comes. After a timeout, a reply that the server skipped cannot be
 * told from a late one, so matches are uncertain until the queue has been empty.
 */
export class ReplyQueue {
  uncertain = false;
  /** A ring whose length is a power of two: it allocates to grow, and then no more. */
  #ring: (PendingReply | undefined)[] = [undefined];
  #head = 0;
  #size = 0;

  push(entry: PendingReply): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size++) & (this.#ring.length - 1)] = entry;
  }

  /** The entry that the next packet belongs to; undefined where nothing waits. */
  peek(): PendingReply | undefined {
    // One that waited for several packets is done once any of them came; it leaves the other queues here.
    while (this.#ring[this.#head]?.state === 'done') this.shift();
    return this.#ring[this.#head];
  }

  /** Drops the head. */
  shift(): void {
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    if (--this.#size === 0) this.uncertain = false;
  }

  get empty(): boolean {
    return this.peek() === undefined;
  }

  forEach(visit: (entry: PendingReply) => void): void {
    for (let i = 0; i < this.#size; i++) visit(this.#at(i));
  }

  clear(): void {
    this.#ring = [undefined];
    this.#head = 0;
    this.#size = 0;
    this.uncertain = false;
  }

  #grow(): void {
    const size = this.#size;
    const ring = new Array<PendingReply | undefined>(2 * size).fill(undefined);
    for (let i = 0; i < size; i++) ring[i] = this.#at(i);
    this.#ring = ring;
    this.#head = 0;
  }

  /** The entry `i` places behind the head; there are more than `i`. */
  #at(i: number): PendingReply {
    return this.#ring[(this.#head + i) & (this.#ring.length - 1)]!;
  }
}
