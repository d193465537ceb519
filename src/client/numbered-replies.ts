import type { PendingReply } from './replies.js';

/**
 * What one client waits for by the number in a header field, found in constant time. Numbers wrap: where more packets are under way
 * than there are numbers, those that share one wait in order. A tombstone is forgotten once its number is used again: a lap later
 * its packet will not come any more, and its place is needed.
 */
export class NumberedReplies {
  /** The first entry under each number; the others follow by `next`. */
  readonly #heads = new Map<number, PendingReply>();

  add(entry: PendingReply): void {
    const { number } = entry;
    let head = this.#heads.get(number) ?? null;
    while (head?.state === 'expired') head = head.next;
    if (head === null) {
      this.#heads.set(number, entry);
      return;
    }
    this.#heads.set(number, head);
    while (head.next !== null) head = head.next;
    head.next = entry;
  }

  /** The entry that a packet with this number belongs to; undefined where nothing waits. */
  find(number: number): PendingReply | undefined {
    return this.#heads.get(number);
  }

  /** Drops what `find` finds. */
  shift(number: number): void {
    const next = this.#heads.get(number)?.next ?? null;
    if (next === null) this.#heads.delete(number);
    else this.#heads.set(number, next);
  }

  /** Drops `gone`, where it still stands. */
  forget(gone: PendingReply): void {
    const head = this.#heads.get(gone.number) ?? null;
    if (head === gone) {
      this.shift(gone.number);
      return;
    }
    let before = head;
    while (before !== null && before.next !== gone) before = before.next;
    if (before !== null) before.next = gone.next;
  }

  forEach(visit: (entry: PendingReply) => void): void {
    for (const head of this.#heads.values()) {
      for (let entry: PendingReply | null = head; entry !== null; entry = entry.next) visit(entry);
    }
  }

  clear(): void {
    this.#heads.clear();
  }
}
