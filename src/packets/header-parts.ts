import type { LengthFraming } from '../core/index.js';
import { SwarmError } from '../errors.js';
import type { InlinePacket } from './definition.js';
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
  const taken = [...stretchesOf(framing)];
  for (const { name: field, at, shape } of layout) {
    if (at === undefined) continue;
    const stretch = { what: `\`${field}\``, start: at, end: at + fixedSize(shape)! };
    const room = fixedPartOf(framing);
    if (stretch.end > room) throw unfit(name, stretch, `the header has ${room} bytes of fixed place`);
    const other = taken.find(({ start, end }) => stretch.start < end && start < stretch.end);
    if (other !== undefined) throw unfit(name, stretch, `${bytesOf(other)} of the header hold ${other.what}`);
    taken.push(stretch);
  }
}

/** How much of the header stands at the same place in every frame: what is behind a varint does not. */
function fixedPartOf({ lengthFieldLength, lengthFieldOffset, headerSize }: LengthFraming): number {
  return lengthFieldLength === 'varint' ? lengthFieldOffset : headerSize;
}

/** What the framing itself has in the header. */
function* stretchesOf(framing: LengthFraming): Generator<Stretch> {
  const { lengthFieldOffset, lengthFieldLength, idOffset, idLength, headerFields = [] } = framing;
  if (lengthFieldLength !== 'varint') {
    yield { what: 'the length', start: lengthFieldOffset, end: lengthFieldOffset + lengthFieldLength };
  }
  if (idOffset !== undefined && idLength !== undefined) {
    yield { what: 'the id', start: idOffset, end: idOffset + idLength };
  }
  for (const { name, offset, length } of headerFields) {
    yield { what: `\`${name}\``, start: offset, end: offset + length };
  }
}

function unfit(packet: string, stretch: Stretch, reason: string): SwarmError {
  const message = `Packet ${packet} wants ${stretch.what} in ${bytesOf(stretch)} of the header, but ${reason}.`;
  return new SwarmError('framing-unfit', message, {
    hint: 'Put it at a byte that is free, or say with headerSize how long the header is.',
  });
}

function bytesOf({ start, end }: Stretch): string {
  return end - start > 1 ? `bytes ${start} to ${end - 1}` : `byte ${start}`;
}
