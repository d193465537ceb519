import type { DropCause } from '../metrics/catalog.js';
import {
  type EncodableValue,
  EncodeError,
  type FieldValues,
  type PacketDefinition,
  type PacketEncoder,
} from '../packets/index.js';
import { constantFrame } from '../scenario/constant-frame.js';
import { compileTemplate, ExpressionError, type ReplyShape, type Scope } from '../scenario/expressions.js';
import type { ValueTemplate } from '../scenario/plan.js';
import type { Client } from './client.js';
import type { Cursor } from './cursor.js';
import type { Expectation } from './expectation.js';
import type { ClientHost } from './host.js';
import type { Kind } from './kind.js';
import type { RequestMeters } from './meters.js';
import type { Waiter } from './waiter.js';

/** `sent`, or why it was not: the causes of `dropped_sends`. */
export type SendOutcome = 'sent' | DropCause;

type Evaluate = (scope: Scope) => EncodableValue;

export interface RequestOptions {
  /** Where the scenario says so, `player.every[0]`: for what goes wrong. */
  readonly step: string;
  readonly encoder: PacketEncoder;
  /** Null where a subclass has the values of each send. */
  readonly values: readonly ValueTemplate[] | null;
  /** What `reply` has in the expressions of an `on` list; null elsewhere. */
  readonly reply: ReplyShape | null;
  /** Numbers the requests of a kind: each client counts how often it sent each (`send.index`). */
  readonly slot: number;
  readonly meters: RequestMeters;
  readonly expectation: Expectation | null;
  /** The broadcast that it starts; null where it starts none. */
  readonly broadcast: { readonly book: number; readonly echo: boolean } | null;
}

/** A packet to send, compiled once for all clients of a kind. */
export class Request {
  readonly expectation: Expectation | null;
  /** What was wrong with the last send for the scenario's own fault, and where. */
  blamed = '';
  readonly #step: string;
  readonly #encoder: PacketEncoder;
  readonly #meters: RequestMeters;
  readonly #broadcast: RequestOptions['broadcast'];
  readonly #slot: number;
  readonly #values: readonly Evaluate[];
  /** A packet without expressions, and without a number of its own, is encoded once, and sent from where it stands. */
  readonly #constantFrame: Uint8Array | null;
  /** How long the latest frame was. */
  #frameBytes: number;
  /** Something reads the client's scope, which is to say how often it has sent this. */
  readonly #readsScope: boolean;

  constructor(options: RequestOptions) {
    const { encoder, values, reply } = options;
    this.expectation = options.expectation;
    this.#step = options.step;
    this.#encoder = encoder;
    this.#meters = options.meters;
    this.#broadcast = options.broadcast;
    this.#slot = options.slot;
    // The definition has one field for each value: `validate` saw to it.
    this.#values = (values ?? []).map((value, i) => compileTemplate(value, encoder.definition.fields[i]!, reply));
    const isConstant = values !== null && encoder.writeSequence === null;
    this.#constantFrame = isConstant ? constantFrame(encoder, values) : null;
    this.#frameBytes = this.#constantFrame?.length ?? 0;
    this.#readsScope =
      this.#constantFrame === null || options.broadcast !== null || options.expectation?.readsScope === true;
  }

  /** Of the packet that it sends. */
  get definition(): PacketDefinition {
    return this.#encoder.definition;
  }

  /** Sends for `client` what was due at `dueUs`; the reply, where one is expected, moves on the list of `cursor`, or another `waiter`. */
  send(client: Client, dueUs: number, cursor: Cursor | null, waiter: Waiter | null = cursor): SendOutcome {
    const { host, kind } = client;
    const phase = host.timeline.phaseAt(dueUs);
    const outcome = this.#handOver(client, dueUs, cursor);
    if (outcome !== 'sent') {
      this.drop(host, kind, dueUs, outcome);
      return outcome;
    }
    kind.meters.errors.count(phase);
    // What a list sends is due when it is sent: its one reading of the clock does for both.
    const sentUs = cursor === null ? host.nowUs() : dueUs;
    this.#meters.onSent(this.#frameBytes, dueUs, sentUs, phase);
    if (this.#broadcast !== null) {
      const { book, echo } = this.#broadcast;
      client.audience.onSent(book, client.scope.stamp.timeUs, echo);
    }
    if (this.#broadcast !== null || this.expectation !== null) client.onEffectAwaited(sentUs);
    if (this.expectation !== null) {
      const number = client.session?.replyNumber ?? -1;
      client.inbox.await(this.expectation, this.#meters, waiter, dueUs, sentUs, phase, number);
    }
    return 'sent';
  }

  /** Counts a send that was due at `dueUs` and is not made: an attempt, an error, and a reply that will not come. */
  drop({ timeline }: ClientHost, { meters }: Kind, dueUs: number, cause: DropCause): void {
    const phase = timeline.phaseAt(dueUs);
    meters.errors.count(phase);
    meters.errors.hit(phase);
    this.#meters.onDropped(cause, phase);
    if (this.expectation !== null) this.#meters.onNeverSent(this.expectation.timeoutUs, phase);
  }

  #handOver(client: Client, dueUs: number, cursor: Cursor | null): SendOutcome {
    const { session } = client;
    if (session === null) return 'not-connected';
    const frame = this.#constantFrame;
    if (frame !== null && !this.#readsScope)
      return session.sendRange(frame, 0, frame.length) ? 'sent' : refusal(client);
    const { scope, host } = client;
    scope.send.index = client.nextSendIndex(this.#slot);
    scope.reply = cursor?.reply ?? null;
    // Receivers know nothing of the send but its stamp: the allowance is taken off here.
    if (this.#broadcast !== null) scope.stamp.timeUs = Math.min(host.nowUs(), dueUs + host.allowanceUs);
    try {
      if (frame !== null) return session.sendRange(frame, 0, frame.length) ? 'sent' : refusal(client);
      const values = this.values(scope);
      const size = this.#encoder.frameSize(values);
      const { buffer, offset } = host.sendBuffer.open(size);
      this.#encoder.write(values, buffer, offset);
      this.#frameBytes = size;
      const { writeSequence } = this.#encoder;
      const replyNumber = writeSequence === null ? -1 : writeSequence(buffer, offset, session.sequence);
      host.sendBuffer.closeRange(size);
      if (!session.sendRange(buffer, offset, offset + size)) return refusal(client);
      if (writeSequence !== null) session.onNumbered(replyNumber);
      return 'sent';
    } catch (error) {
      if (error instanceof ExpressionError) return this.blame(client, 'expression', error);
      if (error instanceof EncodeError) return this.blame(client, 'encode', error);
      throw error;
    }
  }

  /** What the packet's fields hold this time. */
  protected values(scope: Scope): FieldValues {
    return this.#values.map((evaluate) => evaluate(scope));
  }

  /** The packet cannot be made, for the scenario's own fault. */
  protected blame(client: Client, outcome: 'expression' | 'encode', error: Error): SendOutcome {
    // The words of an encoder name the packet already.
    const where = outcome === 'encode' ? this.#step : `${this.#step}: ${this.#encoder.packet}`;
    this.blamed = `${where}: ${error.message}`;
    client.sample(`dropped_sends ${outcome}`, this.blamed);
    return outcome;
  }
}

/** Why a session took no packet: its queue is full, or the attempt has cost the client its connection. */
function refusal({ session }: Client): SendOutcome {
  return session === null ? 'not-connected' : 'queue-full';
}
