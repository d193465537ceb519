import { StampFinder, stampSender } from '../packets/stamp.js';
import type { Client } from './client.js';
import { bucketUs, type Member } from './reach.js';
import type { BroadcastRoute } from './route.js';

/** One client's part in broadcasts: when it is in the room, what it says there, and what it hears. */
export class Audience {
  readonly #client: Client;
  /** One for each book of the worker; empty while the client is not in the room. */
  #memberships: readonly Member[] = [];

  constructor(client: Client) {
    this.#client = client;
  }

  /** The start list is done: from now on the client counts as being there; not one that plays faults, of whom nothing can be expected. */
  join(nowUs: number): void {
    if (this.#client.kind.playFaults !== null) return;
    this.#memberships = this.#client.host.books.map((book) => book.join(nowUs));
  }

  /** The client leaves, or was lost; does nothing where it was not there. */
  leave(nowUs: number): void {
    this.#memberships.forEach((member, i) => {
      this.#client.host.books[i]?.leave(member, nowUs);
    });
    this.#memberships = [];
  }

  /** The client sent what `stampUs` stands in. */
  onSent(book: number, stampUs: number, echo: boolean): void {
    this.#client.host.books[book]?.onSend(stampUs, this.#memberships[book] ?? null, echo);
  }

  /** A copy came: bytes `start` to `end` of `buffer`. What carries no stamp is nobody's of ours, and passes. */
  receive(route: BroadcastRoute, buffer: Uint8Array, start: number, end: number, arrivedUs: number): void {
    const { host, kind } = this.#client;
    const { stamp } = route;
    let timeUs: number;
    if (stamp instanceof StampFinder) {
      if (!stamp.find(buffer, start, end)) return;
      timeUs = stamp.timeUs;
      if (stamp.sender === stampSender(this.#client.index)) this.#client.onEffect();
    } else {
      timeUs = unwrap(stamp.decoder.decode(buffer, start, end)[stamp.field] as number | bigint, arrivedUs);
    }
    // A stamp from the future is another run's; a little of it may be the difference of two machines' clocks.
    if (timeUs > arrivedUs + bucketUs) return;
    const member = this.#memberships[route.book];
    const inTime = member === undefined || (host.books[route.book]?.onCopy(timeUs, member) ?? true);
    if (inTime) {
      const phase = host.timeline.phaseAt(timeUs);
      const valueUs = Math.max(0, arrivedUs - timeUs);
      route.times.record(valueUs, phase);
      kind.meters.audit.judge(valueUs, arrivedUs - host.waitingSinceUs, phase);
    }
  }
}

/** The latest time before `arrivedUs` that a stamp of 32 bits can stand for; one of 64 bits stands for itself. */
function unwrap(value: number | bigint, arrivedUs: number): number {
  if (typeof value === 'bigint') return Number(value);
  const behindUs = (Math.floor(arrivedUs) - value) >>> 0;
  return Math.floor(arrivedUs) - behindUs;
}
