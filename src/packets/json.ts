import { isUtf8 } from 'node:buffer';
import type { Framing } from '../core/index.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import { DecodeError, EncodeError } from './codec-errors.js';
import type { JsonObject, JsonValue, PacketDefinition, PacketSet, SingleValue } from './definition.js';
import type { PacketFormat, WhereReader } from './format.js';
import { frameBody } from './frame-body.js';
import type { FrameMatcher } from './frame-matcher.js';
import { atPointer, parsePointer } from './json-pointer.js';
import { readJson } from './json-reader.js';
import { jsonText } from './json-text.js';
import { bodyDecoder, containsDelimiter, delimitersOf, noId, refuseIds } from './plain-frame.js';
import { asBuffer } from './texts.js';

/** The one packet of a JSON protocol. Encoders take its text, which has been written already; decoders give its value, as `value`. */
const jsonPacket: PacketDefinition = {
  name: 'json',
  id: noId,
  direction: 'both',
  fields: [{ name: 'value', type: 'string' }],
};

function compileJsonEncoder(framing: Framing): PacketEncoder {
  refuseIds(framing, 'JSON packets');
  // A control character never stands in JSON that was written without line breaks, and so never a delimiter that has one.
  const delimiters = delimitersOf(framing).filter((delimiter) => delimiter.every((byte) => byte >= 0x20));
  return frameBody(jsonPacket, framing, {
    size: ([text]) => Buffer.byteLength(text as string),
    write([text], buffer, offset) {
      if (delimiters.length > 0 && containsDelimiter(Buffer.from(text as string), delimiters)) {
        throw new EncodeError('value', 'the JSON contains the delimiter, and would arrive as more than one frame');
      }
      return offset + asBuffer(buffer).write(text as string, offset);
    },
  });
}

function compileJsonDecoder(framing: Framing): PacketDecoder {
  refuseIds(framing, 'JSON packets');
  return bodyDecoder(framing, (body, start, end) => {
    const bytes = body.subarray(start, end);
    if (!isUtf8(bytes)) throw new DecodeError('bad-text', '', 'the frame is not UTF-8');
    return { value: readJson(bytes.toString('utf8')) };
  });
}

/** Compares single values: what a pointer leads to may be anything. */
function whereReader(pointer: string): WhereReader | null {
  const parts = parsePointer(pointer);
  if (parts === null) return null;
  return ({ value }) => {
    const at = atPointer(value as JsonValue, parts);
    return typeof at === 'object' ? undefined : at;
  };
}

export const jsonFormat: PacketFormat<Extract<PacketSet, { readonly format: 'json' }>> = {
  sole: jsonPacket,
  freelyOptional: false,
  packets: () => [jsonPacket],
  compileEncoder: (_packet, framing) => compileJsonEncoder(framing),
  compileDecoder: (_packet, framing) => compileJsonDecoder(framing),
  toValues(_packet, { value, ...others }) {
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw new EncodeError(`json.${unknown}`, 'there is no such field: write { value: … }');
    return [jsonText(value)];
  },
  whereReader: (_packet, pointer) => whereReader(pointer),
  stampWidth: () => 1,
};

/** Values that have these single values where these pointers lead. */
export function jsonFrames(members: Readonly<Record<string, SingleValue | null>>): FrameMatcher {
  const wanted = Object.entries(members).map(([pointer, value]) => ({ parts: parsePointer(pointer) ?? [], value }));
  return {
    match(frame) {
      for (const { parts, value } of wanted) {
        const at = atPointer(frame.value as JsonValue, parts);
        // A bigint equals the number that it is.
        // biome-ignore lint/suspicious/noDoubleEquals: the types are compared beside it.
        if (at !== value && !(isNumeric(at) && isNumeric(value) && at == value)) return null;
      }
      return frame;
    },
    example(heard, read) {
      // The answer repeats what was asked, so that keys and stamps come back, and has whatever else is read of it.
      let answer = (heard?.value ?? {}) as JsonValue;
      for (const pointer of read) {
        const parts = parsePointer(pointer) ?? [];
        if (atPointer(answer, parts) === undefined) answer = withMember(answer, parts, 1);
      }
      for (const { parts, value } of wanted) answer = withMember(answer, parts, value as JsonValue);
      return [jsonText(answer)];
    },
  };
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The value with `member` where the parts of a pointer lead; what does not lead there gives way to objects. */
function withMember(value: JsonValue | undefined, [part, ...rest]: readonly string[], member: JsonValue): JsonValue {
  if (part === undefined) return member;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const object = isObject ? (value as JsonObject) : {};
  return { ...object, [part]: withMember(object[part], rest, member) };
}
