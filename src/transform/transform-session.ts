import type { Client } from '../client/client.js';
import { ClientSession, maxQueuedBytes } from '../client/client-session.js';
import { ProtocolError } from '../core/index.js';
import { type Transform, TransformError, type TransformedPacket } from './transform.js';
import type { TransformKind } from './transform-kind.js';

/** A connection whose bytes go through a user's transform: what is common to all that it may cover, and all of sending. */
export abstract class TransformSession extends ClientSession {
  protected readonly client: Client;
  protected readonly kind: TransformKind;
  /** Made in `begin`, before anything is sent or received. */
  #transform!: Transform;

  constructor(client: Client, kind: TransformKind) {
    super(client, kind.sessionOptions);
    this.client = client;
    this.kind = kind;
  }

  override begin(): void {
    try {
      this.#transform = this.kind.code.make(this.client.index);
    } catch (error) {
      this.#fail(error);
      return;
    }
    super.begin();
  }

  /** Encodes in room of the send buffer of its own: what is handed over may be a constant that is sent again. */
  override sendRange(buffer: Uint8Array, start: number, end: number, packets = 1): boolean {
    // A preamble is no frame: only who covers the stream covers it.
    const isBare = packets === 0 && this.kind.receiveCover !== null;
    if (isBare || !this.connected) return super.sendRange(buffer, start, end, packets);
    if (this.queuedBytes + end - start > maxQueuedBytes) return false;
    const { sendCover } = this.kind;
    const { sendBuffer } = this.client.host;
    const from = sendCover.coveredStart(buffer, start);
    const covered = buffer.subarray(from, end - sendCover.trailerSize);
    const room = sendBuffer.open(end - start);
    const bytes = plainView(room.buffer, room.offset + from - start, covered.length);
    bytes.set(covered);
    try {
      const encoded = checkResult('encode', this.#transform.encode(bytes, this.#packetOf(buffer, start, packets)));
      const headSize = sendCover.headSize(encoded.length);
      const size = headSize + encoded.length + sendCover.trailerSize;
      const { buffer: target, offset } = sendBuffer.open(size);
      if (!standsAt(encoded, target, offset + headSize)) target.set(encoded, offset + headSize);
      sendCover.finish(buffer, start, end, target, offset, encoded.length);
      return super.sendRange(target, offset, sendBuffer.closeRange(size), packets);
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** What the transform makes of received bytes; null where that ended the client. Throws a ProtocolError for too many of them. */
  protected decode(
    buffer: Uint8Array,
    start: number,
    end: number,
    packet: TransformedPacket | null,
  ): Uint8Array | null {
    let decoded: Uint8Array;
    try {
      decoded = checkResult('decode', this.#transform.decode(plainView(buffer, start, end - start), packet));
    } catch (error) {
      this.#fail(error);
      return null;
    }
    const { largestDecoded } = this.kind;
    if (decoded.length <= largestDecoded) return decoded;
    throw new ProtocolError(
      'decoded-too-large',
      `${end - start} bytes were decoded to ${decoded.length}, more than the ${largestDecoded} that are let through`,
    );
  }

  #packetOf(frame: Uint8Array, start: number, packets: number): TransformedPacket | null {
    return packets === 0 ? null : this.kind.sentPacket(frame, start);
  }

  #fail(error: unknown): void {
    this.client.fail('transform', this.kind.countError(error, this.client.host));
  }
}

/** A Uint8Array even of what is a Buffer, whose `slice` shares its bytes where that of a Uint8Array copies them. */
function plainView(buffer: Uint8Array, start: number, length: number): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset + start, length);
}

/** Whether `bytes` are those of `buffer` from `start` on, and not merely equal to them. */
export function standsAt(bytes: Uint8Array, buffer: Uint8Array, start: number): boolean {
  return bytes.buffer === buffer.buffer && bytes.byteOffset === buffer.byteOffset + start;
}

function checkResult(method: keyof Transform, result: unknown): Uint8Array {
  if (result instanceof Uint8Array) return result;
  if (result instanceof Promise) {
    // It may fail too, and has been dealt with.
    result.catch(() => {});
    throw new TransformError(`returned a promise from \`${method}\`, which must be synchronous`);
  }
  throw new TransformError(`returned ${kindOf(result)} from \`${method}\`, where bytes (a Uint8Array) are wanted`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
