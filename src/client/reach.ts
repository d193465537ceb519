import type { Phase } from '../metrics/catalog.js';
import type { ReachRow } from '../metrics/snapshot.js';

/** Sends are counted in buckets of this width, by the time in their stamp. */
export const bucketUs = 100_000;
/** Reports may come this much after a bucket closed: so long its place in the ring is not used again. */
const slackUs = 5_000_000;

/** One client's time in the room of one broadcast, and how many copies it got of each bucket. */
export class Member {
  readonly joinedUs: number;
  readonly #mask: number;
  readonly #buckets: Int32Array;
  readonly #copies: Uint32Array;

  constructor(joinedUs: number, ringSize: number) {
    this.joinedUs = joinedUs;
    this.#mask = ringSize - 1;
    this.#buckets = new Int32Array(ringSize).fill(-1);
    this.#copies = new Uint32Array(ringSize);
  }

  count(bucket: number): void {
    const place = bucket & this.#mask;
    if (this.#buckets[place] !== bucket) {
      this.#buckets[place] = bucket;
      this.#copies[place] = 0;
    }
    this.#copies[place]!++;
  }

  copiesOf(bucket: number): number {
    const place = bucket & this.#mask;
    return this.#buckets[place] === bucket ? this.#copies[place]! : 0;
  }
}

export interface ReachOptions {
  readonly packet: string;
  readonly guardUs: number;
  readonly timeoutUs: number;
  readonly phaseAt: (runUs: number) => Phase;
}

/**
 * What one worker knows of the reach of one broadcast packet: sums per 100 ms of stamped time, which add up over workers.
 *
 * A copy is expected for each client that was in the room from `guard` before the bucket until `guard` after it:
 *
 *     ── guard ──┤ bucket ├── guard ──┤            ├── timeout ──┤
 *     joined by here                  still here: eligible       closed: what has not come is missing
 *
 * Who leaves before then was not eligible, and its copies are taken back. So clients may come and go, and what is lost shows.
 */
export class ReachBook {
  readonly packet: string;
  readonly #guardUs: number;
  readonly #timeoutUs: number;
  readonly #phaseAt: (runUs: number) => Phase;
  readonly #mask: number;
  readonly #sends: Float64Array;
  /** Sends of members who are not to hear their own. */
  readonly #silentSends: Float64Array;
  readonly #copies: Float64Array;
  readonly #eligible: Float64Array;
  readonly #members = new Set<Member>();
  /** The first bucket whose eligible members are not counted yet, and the first that is not closed. */
  #uncounted = 0;
  #open = 0;

  constructor({ packet, guardUs, timeoutUs, phaseAt }: ReachOptions) {
    this.packet = packet;
    this.#guardUs = guardUs;
    this.#timeoutUs = timeoutUs;
    this.#phaseAt = phaseAt;
    const buckets = Math.ceil((2 * guardUs + timeoutUs + slackUs) / bucketUs);
    const ringSize = 2 ** Math.ceil(Math.log2(buckets));
    this.#mask = ringSize - 1;
    this.#sends = new Float64Array(ringSize);
    this.#silentSends = new Float64Array(ringSize);
    this.#copies = new Float64Array(ringSize);
    this.#eligible = new Float64Array(ringSize);
  }

  /** Buckets before this one are closed. */
  get closedBefore(): number {
    return this.#open;
  }

  join(nowUs: number): Member {
    const member = new Member(nowUs, this.#mask + 1);
    this.#members.add(member);
    return member;
  }

  /** The member leaves now: of buckets that it was to be there for until later, it was not eligible. */
  leave(member: Member, nowUs: number): void {
    this.#countEligible(nowUs);
    this.#members.delete(member);
    for (let bucket = this.#uncounted; bucket <= bucketAt(nowUs); bucket++) {
      this.#copies[bucket & this.#mask]! -= member.copiesOf(bucket);
    }
  }

  /** `member` sent what carries this stamp; null where it is in no room (yet). */
  onSend(stampUs: number, member: Member | null, echo: boolean): void {
    const bucket = bucketAt(stampUs);
    const place = bucket & this.#mask;
    this.#sends[place]!++;
    if (!echo && member !== null && this.#isEligible(member, bucket)) this.#silentSends[place]!++;
  }

  /** `member` got a copy of what carries this stamp; false where its bucket is closed: the copy was counted as missing. */
  onCopy(stampUs: number, member: Member): boolean {
    const bucket = bucketAt(stampUs);
    if (bucket < this.#open) return false;
    if (!this.#isEligible(member, bucket)) return true;
    this.#copies[bucket & this.#mask]!++;
    member.count(bucket);
    return true;
  }

  /** Counts and closes what is due by now; what was closed goes to `onClosed`. */
  advance(nowUs: number, onClosed: (row: ReachRow) => void): void {
    this.#countEligible(nowUs);
    while ((this.#open + 1) * bucketUs + this.#guardUs + this.#timeoutUs <= nowUs) this.#close(onClosed);
  }

  /** Nobody is in the room any more, and nobody will come: nothing that is open can change, and need be waited for. */
  finish(nowUs: number, onClosed: (row: ReachRow) => void): void {
    while (this.#open <= bucketAt(nowUs)) this.#close(onClosed);
  }

  #close(onClosed: (row: ReachRow) => void): void {
    const bucket = this.#open++;
    const place = bucket & this.#mask;
    const sends = this.#sends[place]!;
    const eligible = this.#eligible[place]!;
    const copies = this.#copies[place]!;
    if (sends + eligible + copies > 0) {
      const { packet } = this;
      const phase = this.#phaseAt(bucket * bucketUs);
      onClosed({
        packet,
        bucket,
        phase,
        sends,
        silentSends: this.#silentSends[place]!,
        eligible,
        copies,
        timeoutUs: this.#timeoutUs,
      });
    }
    this.#sends[place] = 0;
    this.#silentSends[place] = 0;
    this.#copies[place] = 0;
    this.#eligible[place] = 0;
  }

  #countEligible(nowUs: number): void {
    while ((this.#uncounted + 1) * bucketUs + this.#guardUs <= nowUs) {
      let eligible = 0;
      for (const member of this.#members) if (this.#isEligible(member, this.#uncounted)) eligible++;
      this.#eligible[this.#uncounted & this.#mask] = eligible;
      this.#uncounted++;
    }
  }

  #isEligible(member: Member, bucket: number): boolean {
    return member.joinedUs <= bucket * bucketUs - this.#guardUs;
  }
}

function bucketAt(stampUs: number): number {
  return Math.floor(stampUs / bucketUs);
}
