import type { LengthFraming } from '../core/index.js';
import type { InlinePacket } from './definition.js';
import { FramingUnfit, type UnfitPart } from './framing-unfit.js';
import { fixedSize } from './layout.js';

interface Stretch {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Checks that the fields which a packet has in the header stand in bytes that are nobody else's.
 * @throws SwarmError `framing-unfit` where one reaches out of the header, or into what is written there already.
 */
export function checkHeaderParts({ name, layout }: InlinePacket, framing: LengthFraming): void {
  const taken = stretchesOf(framing);
  for (const { name: field, at, shape } of layout) {
    if (at === undefined) continue;
    const stretch = { what: `\`${field}\``, start: at, end: at + fixedSize(shape)! };
    const beyond = beyondHeader(stretch, framing);
    if (beyond !== undefined) throw unfit({ packet: name, field }, stretch, beyond);
    const other = taken.find(({ start, end }) => stretch.start < end && start < stretch.end);
    if (other !== undefined) throw unfit({ packet: name, field }, stretch, `${other.what} stands in ${bytesOf(other)}`);
    taken.push(stretch);
  }
}

/** Why the stretch is not within what stands at the same place in every frame; undefined where it is. */
function beyondHeader({ end }: Stretch, framing: LengthFraming): string | undefined {
  const { lengthFieldLength, lengthFieldOffset, headerSize } = framing;
  if (lengthFieldLength !== 'varint') return end > headerSize ? `the header has ${headerSize} bytes` : undefined;
  return end > lengthFieldOffset ? `from byte ${lengthFieldOffset} on a varint moves what is behind it` : undefined;
}

/** What the framing itself has in the header; a varint is kept off by `beyondHeader`. */
function stretchesOf(framing: LengthFraming): Stretch[] {
  const { lengthFieldOffset, lengthFieldLength, idOffset = 0, idLength = 0, headerFields = [] } = framing;
  const lengthEnd = lengthFieldOffset + (lengthFieldLength === 'varint' ? 0 : lengthFieldLength);
  return [
    { what: 'the length', start: lengthFieldOffset, end: lengthEnd },
    { what: 'the id', start: idOffset, end: idOffset + idLength },
    ...headerFields.map(({ name, offset, length }) => ({
      what: `\`${name}\``,
      start: offset,
      end: offset + length,
    })),
  ];
}

function unfit(part: UnfitPart, stretch: Stretch, reason: string): FramingUnfit {
  const message = `Packet ${part.packet} wants ${stretch.what} in ${bytesOf(stretch)} of the header, but ${reason}.`;
  return new FramingUnfit(
    part,
    message,
    'Put it at a byte that is free, or say with headerSize how long the header is.',
  );
}

function bytesOf({ start, end }: Stretch): string {
  return end - start > 1 ? `bytes ${start} to ${end - 1}` : `byte ${start}`;
}
