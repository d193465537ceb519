import { z } from 'zod';
import { count, mapping, number, text, words } from './schema-parts.js';

const endian = () => z.enum(['little', 'big']).describe('The byte order of numbers.');
const encoding = () => z.enum(['utf-8', 'utf-16le', 'utf-16be', 'latin1']).describe('How texts stand in bytes.');
const yes = () => z.literal(true).register(words, { what: 'true' });
const sizeOrField = (what: string) =>
  z.union([count(0, 65_535), z.string()]).register(words, { what, hint: 'write a number, or the name of a field' });
const fieldHint = 'write a type, as in u16, or { type: string, length: u8 }, { array: Vec, count: n }, { bytes: rest }';
const idWords = { what: 'a packet id', hint: 'write a whole number, or the letter that it is in ASCII' };
const letterId = z
  .string()
  .regex(/^[!-~]$/)
  .register(words, idWords);
const packetId = z.union([count(0, 0xffff_ffff), letterId]).register(words, idWords);
const single = () =>
  z
    .union([number(), z.string(), z.boolean()])
    .register(words, { what: 'a value', hint: 'write a number, text, true or false' });

const longField = z
  .strictObject({
    type: text('a type')
      .optional()
      .describe('u8 … u64, i8 … i64, varint, f32, f64, bool, string, bytes, an enum or a struct.'),
    enum: text('an enum').optional().describe('The enum whose names the number has; `type` says how wide it is.'),
    array: text('a type').optional().describe('The type of the elements.'),
    bytes: sizeOrField('a size')
      .optional()
      .describe('Raw bytes: how many, the field that says so, the type of a length before them, or rest.'),
    const: single().optional().describe('It always holds this: written by itself, and checked when it comes.'),
    length: text('a type')
      .optional()
      .describe('The type of the length (in bytes; of an array, in elements) before it.'),
    size: sizeOrField('a size').optional().describe('How many bytes a text or bytes have, or the field that says so.'),
    count: sizeOrField('a count').optional().describe('How many elements an array has, or the field that says so.'),
    until: z.literal(0).register(words, { what: '0' }).optional().describe('The text ends with a zero.'),
    rest: yes().optional().describe('It goes to the end of the packet.'),
    endian: endian().optional(),
    encoding: encoding().optional(),
    at: count(0, 1023)
      .optional()
      .describe('It stands in the header: the byte where it begins, counted from the start of the packet.'),
    when: mapping(single(), 'write when: { kind: 2 }')
      .optional()
      .describe('It is present only where each of these fields has this value.'),
  })
  .register(words, { what: 'a field', hint: fieldHint });

const fields = () =>
  mapping(
    z.union([z.string(), longField]).register(words, { what: 'a field', hint: fieldHint }),
    'write { name: string, level: u8 }',
  );

/** Packet definitions that the scenario, or a YAML file beside it, describes field by field. */
export const inlinePacketsSchema = z
  .strictObject({
    endian: endian().prefault('little'),
    strings: z
      .strictObject({
        length: text('a type').prefault('u16').describe('The type of the length before a text, in bytes.'),
        encoding: encoding().prefault('utf-8'),
      })
      .register(words, { what: 'the form of strings', hint: 'write strings: { length: u16, encoding: utf-8 }' })
      .prefault({})
      .describe('What `string` alone means.'),
    enums: mapping(
      mapping(count(0, 0xffff_ffff), 'write { chat: 1, whisper: 2 }'),
      'write enums: { Kind: { chat: 1 } }',
    )
      .prefault({})
      .describe('Names for numbers.'),
    structs: mapping(fields(), 'write structs: { Vec: { x: f32, y: f32 } }')
      .prefault({})
      .describe('Fields that stand together, under one name.'),
    definitions: mapping(
      z
        .strictObject({
          id: packetId.describe('The id in the header of its frames: a number, or the letter that it is in ASCII.'),
          to: z.enum(['server', 'client', 'both']).prefault('both').describe('Who receives it.'),
          fields: fields().prefault({}).describe('Its fields, in the order of their bytes.'),
        })
        .register(words, { what: 'a packet', hint: 'write { id: 1, to: server, fields: { name: string } }' }),
      'write definitions: { Login: { id: 1, to: server, fields: { name: string } } }',
    ).describe('The packets, by name.'),
  })
  .register(words, { what: 'packet definitions', hint: 'it has at least definitions' });

export type InlinePacketsInput = z.output<typeof inlinePacketsSchema>;
export type InlineFieldInput = z.output<typeof longField>;
