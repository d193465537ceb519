import { z } from 'zod';
import { presetNames, presets } from './framing-presets.js';
import { count, text, words } from './schema-parts.js';

const offset = () => count(0, 1023);
const bits = () => count(0, 2 ** 32 - 1);
const isTrue = () => z.literal(true).register(words, { what: 'true' });
const maxPacketSize = () => count(1, 2 ** 31 - 1);

const presetName = z.enum(presetNames).meta({ enumDescriptions: presetNames.map((name) => presets[name].sentence) });

const delimiterText = () => text('text', 'write "\\r\\n"');
const delimiterFraming = z
  .strictObject({
    delimiter: z
      .union([
        delimiterText(),
        z
          .array(delimiterText())
          .min(1)
          .register(words, { what: 'a list of delimiters', hint: 'write ["\\r\\n", "\\n"]' }),
      ])
      .register(words, { what: 'a delimiter', hint: 'write "\\r\\n", or a list of several' })
      .describe('Ends each packet; of a list whichever comes first, and the first of it is what clients send.'),
    maxPacketSize: maxPacketSize().prefault(65535).describe('The largest packet in bytes, delimiter left out.'),
  })
  .register(words, { what: 'framing by a delimiter' });

const fixedFraming = z
  .strictObject({ fixedLength: maxPacketSize().describe('The size of every packet in bytes.') })
  .register(words, { what: 'framing by a fixed length' });

const headerValue = z
  .union([
    count(0, Number.MAX_SAFE_INTEGER),
    z
      .strictObject({ counts: isTrue().describe('Counts the packets of the connection from 0, and wraps.') })
      .register(words, { what: 'a number that counts' }),
    z
      .strictObject({ match: isTrue().describe('Counts too, and the reply carries the same number.') })
      .register(words, { what: 'a number to match replies by' }),
  ])
  .register(words, {
    what: 'the value of a header field',
    hint: 'write a number, { counts: true } or { match: true }',
  });

const headerField = z
  .strictObject({
    name: text('a name').describe('Tells the fields apart.'),
    offset: offset().describe('Where it begins, in bytes from the start of the packet.'),
    length: z.literal([1, 2, 4, 8]).register(words, { what: 'a size in bytes' }).describe('Its size in bytes.'),
    value: headerValue.describe(
      'A constant; or { counts: true }: counts the packets of the connection from 0, and wraps; or { match: true }: the same, and the reply is the packet that carries the same number.',
    ),
  })
  .register(words, {
    what: 'a header field',
    hint: 'write { name: sequence, offset: 4, length: 4, value: { counts: true } }',
  });

/** What can be said of a header with a length, or changed of a preset that has one. */
const lengthKeys = {
  lengthFieldOffset: offset().describe('Where the length field begins, in bytes; 0 by default.'),
  lengthFieldLength: z
    .literal([1, 2, 3, 4, 8, 'varint'])
    .register(words, { what: 'a size in bytes' })
    .describe(
      'The size of the length field in bytes; varint: as in MQTT and protobuf, and offsets behind it and headerSize leave it out.',
    ),
  endian: z.enum(['little', 'big']).describe('The byte order of all fields of the header; little by default.'),
  lengthAdjustment: count(-1023, 1023).describe(
    'packet size = lengthFieldOffset + lengthFieldLength + value of the field + lengthAdjustment',
  ),
  idOffset: offset().describe('Where the packet id begins, in bytes; absent where packets have none.'),
  idLength: z
    .literal([1, 2, 4])
    .register(words, { what: 'a size in bytes' })
    .describe('The size of the packet id in bytes; 2 by default.'),
  idMask: bits().describe('The bits of these bytes that are the id, as in 0xf0.'),
  idShift: count(0, 31).describe('How far up the id stands in them: 4 where its mask is 0xf0.'),
  idRest: z
    .union([
      bits(),
      z
        .record(z.string().regex(/^\d+$/), bits())
        .register(words, { what: 'a mapping of packet ids', hint: 'write { 8: 2 }' }),
    ])
    .register(words, { what: 'the bits beside the id', hint: 'write 0x02, or by packet id { 8: 2 }' })
    .describe('What clients write into the other bits: a number, or one by packet id.'),
  headerFields: z
    .array(headerField)
    .register(words, { what: 'a list of header fields', hint: 'begin each field with a dash' })
    .describe('What else stands in the header. Bytes that nothing is said of are 0.'),
  headerSize: count(0, 1024).describe('Bytes before the body; by default, up to the end of the last field.'),
  maxPacketSize: maxPacketSize().describe('The largest packet in bytes, header included; 65,535 by default.'),
} as const;

const lengthFraming = z
  .strictObject({
    ...z.object(lengthKeys).partial().shape,
    lengthFieldLength: lengthKeys.lengthFieldLength,
  })
  .register(words, { what: 'framing by a length field', later: ['initialBytesToStrip'] });

const presetFraming = z
  .strictObject({
    preset: presetName.describe('A framing by name; what else is said goes before what it says itself.'),
    ...z.object(lengthKeys).partial().shape,
  })
  .register(words, { what: 'a framing by name', hint: 'write { preset: u32be, maxPacketSize: 1000000 }' });

const alternatives = [presetName, presetFraming, delimiterFraming, fixedFraming, lengthFraming] as const;
const framingWords = {
  what: 'a framing',
  hint: `write ${presetNames.join(', ')}, { delimiter: "\\r\\n" }, { fixedLength: 16 }, or the fields of a length header`,
};
const direction = (key: 'send' | 'receive') =>
  z.union(alternatives).register(words, {
    ...framingWords,
    missing: `write ${key}: servercore, or another framing; where both directions are alike, say it once, as framing: servercore`,
  });
const twoFramings = z
  .strictObject({
    send: direction('send').describe('What clients send.'),
    receive: direction('receive').describe('What clients receive.'),
  })
  .register(words, { what: 'framing by direction' });

/** `protocol.framing`: how packets are cut from the stream. */
export const framing = z.union([...alternatives, twoFramings]).register(words, framingWords);

/** `protocol.preamble`: what a client sends before all packets. */
export const preamble = z
  .union([
    text('text'),
    z
      .strictObject({
        hex: text('bytes in hex', "write { hex: 'ca fe' }").describe('Bytes, two digits each; spaces do not count.'),
      })
      .register(words, { what: 'bytes in hex' }),
  ])
  .register(words, { what: 'a preamble', hint: "write text, or { hex: 'ca fe' }" });

export type FramingInput = z.output<typeof framing>;
export type PreambleInput = z.output<typeof preamble>;
