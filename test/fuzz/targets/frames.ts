import { isDeepStrictEqual } from 'node:util';
import { type FieldRecord, Protocol, toValues } from '../../../src/packets/index.js';
import { fromHex } from '../../core/hex.js';
import { formats } from '../../packets/everything.js';
import { isCodecError, isDecodeError } from '../errors.js';
import { bytesOf, ensure, type FuzzTarget, resultOf } from '../target.js';

/** The codecs of the packet that has something of everything, in one format. */
function codecOf(format: keyof typeof formats) {
  const { packets, framing, packet, record } = formats[format]!;
  const protocol = new Protocol({ send: framing, receive: framing, packets });
  const encoder = protocol.encoder(packet, 'client');
  const decoder = protocol.decoder(packet, 'all', 'server');
  const encode = (values: Readonly<Record<string, unknown>>): Uint8Array => {
    const prepared = toValues(encoder.definition, values);
    const frame = new Uint8Array(encoder.frameSize(prepared));
    encoder.write(prepared, frame, 0);
    return frame;
  };
  const headerSize = framing.kind === 'length' ? framing.headerSize : 0;
  const decode = (frame: Uint8Array): FieldRecord => structuredClone(decoder.decode(frame, 0, frame.length));
  return { encode, decode, headerSize, record };
}

/** A target for the bodies of frames in a format: what is read, and can be written, is read again as it was. */
function bodiesOf(format: keyof typeof formats): FuzzTarget {
  let made: ReturnType<typeof codecOf> | undefined;
  const codec = () => {
    made ??= codecOf(format);
    return made;
  };
  return {
    about: `bodies of packets: ${format}`,
    maxBytes: 512,
    // Sizes, a number of ten bytes, letters, and half of one, which no UTF-8 has.
    tokens: [...['00000000', 'ffffffff', '80808080808080808001', 'eda080'].map(fromHex), bytesOf('héllo')],
    seeds: () => [codec().encode(codec().record).subarray(codec().headerSize), bytesOf('')],
    eat(input) {
      const { encode, decode, headerSize, record } = codec();
      const frame = encode(record);
      const hostile = Uint8Array.of(...frame.subarray(0, headerSize), ...input);
      const read = resultOf(() => decode(hostile), isDecodeError);
      if (read === null) return;
      const written = resultOf(() => encode(read), isCodecError);
      if (written !== null)
        ensure(isDeepStrictEqual(decode(written), read), 'what was read is written so that it is read again');
    },
  };
}

export const pdlBodies = bodiesOf('PDL');
export const inlineBodies = bodiesOf('inline');
export const protoBodies = bodiesOf('protobuf');
