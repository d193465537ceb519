import type { PendingReply } from './replies.js';

/**
 * What one client waits for under one packet (or one value of `where`), in the order of sending. A packet that comes belongs to the
 * head; a timed-out entry stays as a tombstone until its packet comes. After a timeout, a reply that the server skipped cannot be
 * told from a late one, so matches are uncertain until the queue has been empty.
 */
export class ReplyQueue {
  uncertain = false;
  #entries: (PendingReply | undefined)[] = [];
  #head = 0;

  push(entry: PendingReply): void {
    this.#entries.push(entry);
  }

  /** The entry that the next packet belongs to; undefined where nothing waits. */
  peek(): PendingReply | undefined {
    // One that waited for several packets is done once any of them came; it leaves the other queues here.
    while (this.#entries[this.#head]?.state === 'done') this.shift();
    return this.#entries[this.#head];
  }

  /** Drops the head. */
  shift(): void {
    this.#entries[this.#head++] = undefined;
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0;
      this.#head = 0;
      this.uncertain = false;
    } else if (this.#head > 32 && this.#head * 2 > this.#entries.length) {
      // Before `_ _ _ a b`, after `a b`: only once half is spent, so that a shift stays O(1) on average.
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  get empty(): boolean {
    return this.peek() === undefined;
  }

  forEach(visit: (entry: PendingReply) => void): void {
    for (let i = this.#head; i < this.#entries.length; i++) visit(this.#entries[i] as PendingReply);
  }

  clear(): void {
    this.#entries.length = 0;
    this.#head = 0;
    this.uncertain = false;
  }
}
