import { compileFraming, type Framing } from '../core/index.js';
import { SwarmError } from '../errors.js';
import type { PacketDecoder } from './codec.js';
import { DecodeError } from './codec-errors.js';
import type { FieldRecord } from './definition.js';
import { asBuffer } from './texts.js';

/** The id that `PacketSession` reports where the framing has none. */
export const noId = -1;

/**
 * Refuses a framing in which frames carry a packet id, for a format whose packets have none.
 * @throws SwarmError `framing-unfit`; `what` begins its sentence, as in `Text packets`.
 */
export function refuseIds(framing: Framing, what: string): void {
  if (framing.kind !== 'length' || framing.idOffset === undefined) return;
  throw new SwarmError('framing-unfit', `${what} have no id, and this framing has a place for one.`, {
    hint: 'Use framing by a delimiter, raw, or a length field without idOffset.',
  });
}

/** A decoder that hands `read` the bytes of a frame's body, `start` to `end` of a buffer that is valid until it returns. */
export function bodyDecoder(
  framing: Framing,
  read: (body: Buffer, start: number, end: number) => FieldRecord,
): PacketDecoder {
  const parser = compileFraming(framing);
  return {
    decode(buffer, start, end) {
      const bodyStart = parser.bodyOffset(buffer, start);
      if (end < bodyStart) throw new DecodeError('truncated', '', 'the frame ends inside its header');
      return read(asBuffer(buffer), bodyStart, end);
    },
  };
}

/** The delimiters of a framing as Buffers, the one that is written first; none where it has none. */
export function delimitersOf(framing: Framing): readonly Buffer[] {
  return framing.kind === 'delimiter' ? framing.delimiters.map((bytes) => Buffer.from(bytes)) : [];
}

/** Looks through body and delimiter together: the end of the one and the beginning of the other can form a delimiter too. */
export function containsDelimiter(body: Uint8Array, delimiters: readonly Buffer[]): boolean {
  const [written] = delimiters;
  if (written === undefined) return false;
  const frame = Buffer.concat([body, written]);
  return delimiters.some((delimiter) => {
    const at = frame.indexOf(delimiter);
    return at >= 0 && at < body.length;
  });
}
