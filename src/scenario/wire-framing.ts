import type { Framing, LengthFraming } from '../core/index.js';
import type { TransformPlan } from './plan.js';

type Covers = TransformPlan['covers'];

const raw: Framing = { kind: 'raw' };

/** A framing as far as it shows on the wire, where a transform covers a part of each frame, or everything; null: nothing. */
export function wireFraming(framing: Framing, covers: Covers | null): Framing {
  if (covers === null) return framing;
  if (covers === 'stream') return raw;
  return framing.kind === 'length' ? headOnly(framing, coveredOffset(framing, covers)) : framing;
}

/** Where the covered part of a frame begins, counted as though a varint had no width. */
export function coveredOffset(
  { headerSize, lengthFieldOffset, lengthFieldLength }: LengthFraming,
  covers: Exclude<Covers, 'stream'>,
): number {
  if (covers === 'body') return headerSize;
  return lengthFieldOffset + (lengthFieldLength === 'varint' ? 0 : lengthFieldLength);
}

/** The framing with a header of `size` bytes, and without the id where that lies behind them. */
function headOnly(framing: LengthFraming, size: number): LengthFraming {
  const { idOffset, idLength, idMask, idShift, idRest, headerFields, ...rest } = framing;
  const head = { ...rest, headerSize: size };
  if (idOffset === undefined || idLength === undefined || idOffset + idLength > size) return head;
  return { ...framing, headerFields: [], headerSize: size };
}
