import type { Phase } from '../metrics/catalog.js';
import { DecodeError, type FieldRecord } from '../packets/index.js';
import { ExpressionError, type Scope } from '../scenario/expressions.js';
import { describeFrame, describeUnfinished } from './came-instead.js';
import type { Client } from './client.js';
import { type Expectation, whereKey } from './expectation.js';
import type { RequestMeters } from './meters.js';
import { PendingReplies, type PendingReply } from './replies.js';
import type { ReplyQueue } from './reply-queue.js';
import type { FrameRoute, Route } from './route.js';
import type { Waiter } from './waiter.js';

/** What one client waits for, and what becomes of the packets that come: matched, checked, saved, answered, or too late. */
export class Inbox {
  readonly #client: Client;
  readonly #replies: PendingReplies;
  /** The last frame that came while others were waited for, since one of them came. */
  #stray: FieldRecord | null = null;

  constructor(client: Client) {
    this.#client = client;
    this.#replies = new PendingReplies(client.kind.keyMaps);
  }

  /** How many packets are still waited for. */
  get waiting(): number {
    return this.#replies.waiting;
  }

  /** Nothing times out before this. */
  get nextDeadlineUs(): number {
    return this.#replies.nextDeadlineUs;
  }

  /**
   * Waits for what `expectation` says, by the request's `number` where it has one. Times are recorded in `meters`; the packet, or its
   * absence, moves `waiter` on.
   */
  await(
    expectation: Expectation,
    meters: RequestMeters | null,
    waiter: Waiter | null,
    dueUs: number,
    sentUs: number,
    phase: Phase,
    number = -1,
  ): void {
    const key = expectation.whereFields.length === 0 ? null : expectation.key(this.#client.scope);
    const wokenAtUs = this.#replies.nextDeadlineUs;
    this.#replies.add(expectation, meters, waiter, dueUs, sentUs, phase, key, number);
    const { nextDeadlineUs } = this.#replies;
    if (nextDeadlineUs < wokenAtUs) this.#client.host.wakeAt(this.#client, nextDeadlineUs);
  }

  /** A packet that somebody may wait for, or that is to be answered: bytes `start` to `end` of `buffer`. */
  receive(route: Route, id: number, buffer: Uint8Array, start: number, end: number, arrivedUs: number): void {
    try {
      if (route.broadcast !== null) this.#client.audience.receive(route.broadcast, buffer, start, end, arrivedUs);
      // What comes after its time is late, even where the wake-up that would say so is late too.
      if (arrivedUs > this.nextDeadlineUs) this.expire(arrivedUs);
      this.#client.driver?.hear(id, buffer, start, end);
      if (route.frames !== null) {
        this.#receiveFrame(route, route.frames, buffer, start, end, arrivedUs);
      } else if (!this.#takeReply(route, id, buffer, start, end, arrivedUs) && route.on !== null) {
        this.#client.answer(route.on.program, route.on.decoder.decode(buffer, start, end));
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#countProtocolError(error.code, () => `${route.packet}: ${error.message}`);
    }
  }

  /** A packet that the definitions do not have, of so many bytes. */
  receiveUnknown(id: number, bytes: number): void {
    this.#client.kind.meters.countUnknownPacket(bytes);
    this.#countProtocolError(
      'unknown-packet',
      () => `a packet with id ${id} came, which the packet definitions do not have`,
    );
  }

  /** Times out what should have come by now. */
  expire(nowUs: number): void {
    this.#replies.expire(nowUs, (entry) => this.#onTimeout(entry));
  }

  /** The connection is gone: what is still waited for will not come within its time. */
  drop(nowUs: number): void {
    this.#stray = null;
    this.#replies.clear(({ expectation, meters, phase, dueUs, sentUs, deadlineUs }) => {
      expectation.lostReplies.add(1, phase);
      this.#client.kind.meters.errors.hit(phase);
      meters?.onUnanswered(dueUs, sentUs, Math.max(nowUs, deadlineUs), phase);
    });
  }

  #takeReply(route: Route, id: number, buffer: Uint8Array, start: number, end: number, arrivedUs: number): boolean {
    for (const { map, readers, decoder } of route.keyed) {
      if (this.#replies.isKeyMapEmpty(map)) continue;
      const record = decoder.decode(buffer, start, end);
      const key = whereKey(readers.map((read) => read(record)));
      const queue = this.#replies.byKey(map, key);
      const entry = queue?.peek();
      if (queue === undefined || entry === undefined) continue;
      // What the key was read of is well-formed.
      const reply = entry.expectation.readsReply ? readReply(entry, id, buffer, start, end) : null;
      this.#onReply(queue, entry, reply, arrivedUs);
      if (queue.empty) this.#replies.forgetKey(map, key);
      return true;
    }
    if (
      route.readMatch !== null &&
      this.#takeNumbered(route.readMatch(buffer, start), id, buffer, start, end, arrivedUs)
    ) {
      return true;
    }
    // Asked for first: an array is slow to find that it has no place −1.
    if (route.queue < 0) return false;
    const queue = this.#replies.inOrder(route.queue);
    const entry = queue?.peek();
    if (queue === undefined || entry === undefined) return false;
    this.#onReply(queue, entry, readReply(entry, id, buffer, start, end), arrivedUs);
    return true;
  }

  #takeNumbered(
    number: number,
    id: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    arrivedUs: number,
  ): boolean {
    const entry = this.#replies.byNumber(number);
    // Another packet with the same number is no reply: a notice about the request, say.
    if (entry === undefined || !awaitsPacket(entry, id)) return false;
    this.#onReply(null, entry, readReply(entry, id, buffer, start, end), arrivedUs);
    return true;
  }

  #receiveFrame(
    route: Route,
    frames: FrameRoute,
    buffer: Uint8Array,
    start: number,
    end: number,
    arrivedUs: number,
  ): void {
    const number = route.readMatch?.(buffer, start) ?? -1;
    const numbered = number < 0 ? undefined : this.#replies.byNumber(number);
    // A frame that nobody looks at is not decoded.
    if (numbered === undefined && frames.answers.length === 0 && !this.#isAwaited(route, frames)) return;
    const frame = frames.decoder.decode(buffer, start, end);
    if (this.#takeNumberedFrame(numbered, frame, arrivedUs)) return;
    if (this.#takeKeyedFrame(route, frame, arrivedUs) || this.#takeFrameInOrder(frames, frame, arrivedUs)) return;
    this.#stray = frame;
    for (const answer of frames.answers) {
      const reply = answer.frame.match(frame);
      if (reply !== null) this.#client.answer(answer.program, reply);
    }
  }

  #isAwaited({ keyed }: Route, { queues }: FrameRoute): boolean {
    for (const queue of queues) if (this.#replies.inOrder(queue)?.peek() !== undefined) return true;
    for (const { map } of keyed) if (!this.#replies.isKeyMapEmpty(map)) return true;
    return false;
  }

  #takeNumberedFrame(entry: PendingReply | undefined, frame: FieldRecord, arrivedUs: number): boolean {
    const reply = replyIn(frame, entry);
    if (entry === undefined || reply === null) return false;
    this.#onReply(null, entry, reply, arrivedUs);
    return true;
  }

  #takeKeyedFrame({ keyed }: Route, frame: FieldRecord, arrivedUs: number): boolean {
    for (const { map, readers } of keyed) {
      if (this.#replies.isKeyMapEmpty(map)) continue;
      const key = whereKey(readers.map((read) => read(frame)));
      const queue = this.#replies.byKey(map, key);
      const entry = queue?.peek();
      const reply = replyIn(frame, entry);
      if (queue === undefined || entry === undefined || reply === null) continue;
      this.#onReply(queue, entry, reply, arrivedUs);
      if (queue.empty) this.#replies.forgetKey(map, key);
      return true;
    }
    return false;
  }

  /** Of the requests that wait first for their set of frames, the one takes it that was sent first. */
  #takeFrameInOrder({ queues }: FrameRoute, frame: FieldRecord, arrivedUs: number): boolean {
    let first: { readonly queue: ReplyQueue; readonly entry: PendingReply; readonly reply: FieldRecord } | null = null;
    for (const place of queues) {
      const queue = this.#replies.inOrder(place);
      const entry = queue?.peek();
      if (queue === undefined || entry === undefined) continue;
      if (first !== null && first.entry.sentUs <= entry.sentUs) continue;
      const reply = replyIn(frame, entry);
      if (reply !== null) first = { queue, entry, reply };
    }
    if (first === null) return false;
    this.#onReply(first.queue, first.entry, first.reply, arrivedUs);
    return true;
  }

  /** `queue`: where the entry was found; null where that was by its number, which leaves no doubt. */
  #onReply(queue: ReplyQueue | null, entry: PendingReply, reply: Scope['reply'], arrivedUs: number): void {
    const { expectation, meters, waiter, phase } = entry;
    this.#stray = null;
    const late = entry.state === 'expired';
    if (queue?.uncertain === true) meters?.onUncertainMatch(phase);
    if (!late) meters?.onReply(entry, arrivedUs, arrivedUs - this.#client.host.waitingSinceUs);
    this.#replies.settle(queue, entry);
    this.#client.onEffect();
    if (late) {
      meters?.onLateReply(phase);
    } else {
      if (expectation.readsReply && !this.#applyReply(expectation, reply, phase)) return;
      waiter?.onReply(this.#client, reply);
    }
    this.#client.onSettled();
  }

  /** Checks and saves; false where that ended the connection. */
  #applyReply(expectation: Expectation, reply: Scope['reply'], phase: Phase): boolean {
    const { scope } = this.#client;
    scope.reply = reply;
    try {
      for (const { name, rate, evaluate } of expectation.checks) {
        rate.count(phase);
        if (evaluate(scope) === true) rate.hit(phase);
        else this.#client.sample(`checks ${name}`, `${expectation.path}: the check ${name} did not hold`);
      }
      expectation.save(scope);
      return true;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#client.kind.meters.countFailure(phase);
      this.#client.fail('script', `${expectation.path}: ${error.message}`);
      return false;
    }
  }

  #onTimeout({ expectation, meters, waiter, phase, dueUs, sentUs, deadlineUs }: PendingReply): void {
    const { kind, mayAct } = this.#client;
    expectation.timeouts.add(1, phase);
    meters?.onUnanswered(dueUs, sentUs, deadlineUs, phase);
    kind.meters.errors.hit(phase);
    this.#client.sample('timeouts', () => `${expectation.missed}${this.#cameInstead()}`);
    if (mayAct) waiter?.onTimeout(this.#client, expectation);
    this.#client.onSettled();
  }

  /** What may explain a timeout: that a packet never ended, which nothing else shows, or that something else came. */
  #cameInstead(): string {
    const { session } = this.#client;
    if (session !== null && session.unconsumedBytes > 0) return `; ${describeUnfinished(session)}`;
    return this.#stray === null ? '' : `; what came last was ${describeFrame(this.#stray)}`;
  }

  #countProtocolError(code: string, message: string | (() => string)): void {
    const { meters } = this.#client.kind;
    meters.protocolErrors(code).add(1);
    meters.countFailure();
    this.#client.sample(`protocol_errors ${code}`, message);
  }
}

/** What is read of the reply. Throws a DecodeError also where that is nothing: only a well-formed reply is an answer. */
function readReply(
  { expectation: { awaited } }: PendingReply,
  id: number,
  buffer: Uint8Array,
  start: number,
  end: number,
): Scope['reply'] {
  return awaited.kind === 'packets' ? (awaited.decoders.get(id)?.decode(buffer, start, end) ?? null) : null;
}

function awaitsPacket({ expectation: { awaited } }: PendingReply, id: number): boolean {
  return awaited.kind === 'packets' && awaited.decoders.has(id);
}

/** What is read of the frame, by the first that waits for it of the frames of an expectation; null where it is none of them. */
function replyIn(frame: FieldRecord, entry: PendingReply | undefined): FieldRecord | null {
  if (entry?.expectation.awaited.kind !== 'frames') return null;
  for (const matcher of entry.expectation.awaited.frames) {
    const reply = matcher.match(frame);
    if (reply !== null) return reply;
  }
  return null;
}
