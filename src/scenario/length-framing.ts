import type { HeaderField, LengthFraming } from '../core/framing.js';
import { isMatch } from '../core/header.js';
import { counted } from '../metrics/format.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { FramingInput } from './framing-schema.js';
import type { Report } from './problem-list.js';

/** What the scenario says of the header, or of that of a preset. */
export type LengthInput = Omit<Extract<Collected<FramingInput>, { readonly preset: unknown }>, 'preset'>;

/** A stretch of the header; `key` is what the scenario says about it. */
interface Part {
  readonly what: string;
  readonly key: Path;
  readonly start: number;
  readonly end: number;
}

/** A framing by a length field. Reports what does not fit together; undefined where something is wrong. */
export function compileLengthFraming(input: LengthInput, path: Path, report: Report): LengthFraming | undefined {
  const { lengthFieldLength } = input;
  if (lengthFieldLength === undefined) return undefined;
  const { lengthFieldOffset = 0, endian = 'little', lengthAdjustment = 0, maxPacketSize = 65_535 } = input;
  const headerFields = compileFields(input.headerFields, [...path, 'headerFields'], report);
  const id = compileId(input, path, report);
  if (headerFields === undefined || id === undefined) return undefined;
  const lengthField = {
    what: 'the length field',
    key: ['lengthFieldOffset'],
    start: lengthFieldOffset,
    end: lengthFieldOffset + (lengthFieldLength === 'varint' ? 0 : lengthFieldLength),
  };
  const parts = [lengthField, ...idPart(id), ...headerFields.map(fieldPart)];
  if (reportOverlap(parts, path, report)) return undefined;
  if (lengthFieldLength === 'varint' && reportGap(lengthField, parts.slice(1), path, report)) return undefined;
  const fieldsEnd = Math.max(...parts.map(({ end }) => end));
  const headerSize = input.headerSize ?? fieldsEnd;
  if (headerSize < fieldsEnd) {
    return report(
      [...path, 'headerSize'],
      `the header's ${headerSize} bytes end before its fields, which need ${fieldsEnd}`,
    );
  }
  const smallest = headerSize + (lengthFieldLength === 'varint' ? 1 : 0);
  if (maxPacketSize < smallest) {
    return report([...path, 'maxPacketSize'], `${maxPacketSize} bytes do not even hold the header of ${smallest}`);
  }
  return {
    kind: 'length',
    lengthFieldOffset,
    lengthFieldLength,
    endian,
    lengthAdjustment,
    ...id,
    ...(headerFields.length > 0 && { headerFields }),
    headerSize,
    maxPacketSize,
  };
}

type Id = Pick<LengthFraming, 'idOffset' | 'idLength' | 'idMask' | 'idShift' | 'idRest'>;

/** What the framing says about the id; empty where there is none. */
function compileId(input: LengthInput, path: Path, report: Report): Id | undefined {
  const { idOffset, idLength = 2, idMask, idShift, idRest } = input;
  if (idOffset === undefined) {
    for (const key of ['idMask', 'idShift', 'idRest'] as const) {
      if (input[key] === undefined) continue;
      return report([...path, key], `\`${key}\` says which bits are the id, and packets here have none`, {
        part: 'key',
        hint: 'say with idOffset where it begins',
      });
    }
    return {};
  }
  const all = 256 ** idLength - 1;
  const mask = idMask ?? all;
  if (mask > all)
    return report(
      [...path, 'idMask'],
      `the mask ${hex(mask)} is wider than the id, which has ${counted(idLength, 'byte')}`,
    );
  if (mask === 0) return report([...path, 'idMask'], 'the mask leaves no bit to the id');
  if ((mask >>> (idShift ?? 0)) * 2 ** (idShift ?? 0) !== mask) {
    return report([...path, 'idShift'], `a shift by ${idShift} loses bits of the id, whose mask is ${hex(mask)}`);
  }
  const rests = typeof idRest === 'object' ? Object.entries(idRest) : [['', idRest] as const];
  const largestId = mask >>> (idShift ?? 0);
  for (const [key, rest = 0] of rests) {
    if (!/^\d*$/.test(key) || Number(key) > largestId) {
      return report([...path, 'idRest', key], `\`${key}\` is not the id of a packet`, {
        part: 'key',
        hint: `ids here are whole numbers up to ${largestId}`,
      });
    }
    if (rest <= all && (rest & mask) === 0) continue;
    const at = [...path, 'idRest', ...(key === '' ? [] : [key])];
    return report(at, `${hex(rest)} has bits that are not beside the id, whose mask is ${hex(mask)}`);
  }
  return {
    idOffset,
    idLength,
    ...(idMask !== undefined && { idMask }),
    ...(idShift !== undefined && { idShift }),
    ...(idRest !== undefined && {
      idRest: typeof idRest === 'number' ? idRest : Object.fromEntries(definedOf(idRest)),
    }),
  };
}

function definedOf(rests: Readonly<Record<string, number | undefined>>): readonly (readonly [string, number])[] {
  return Object.entries(rests).flatMap(([id, rest]) => (rest === undefined ? [] : [[id, rest] as const]));
}

function compileFields(
  input: LengthInput['headerFields'],
  path: Path,
  report: Report,
): readonly HeaderField[] | undefined {
  const fields: HeaderField[] = [];
  for (const [i, field] of (input ?? []).entries()) {
    const { name, offset, length, value } = field ?? {};
    if (name === undefined || offset === undefined || length === undefined || value === undefined) return undefined;
    if (fields.some((other) => other.name === name))
      return report([...path, i, 'name'], `there are two fields \`${name}\``);
    if (typeof value === 'number' && value >= 256 ** length) {
      return report([...path, i, 'value'], `${value} does not fit ${length === 1 ? 'a byte' : `${length} bytes`}`);
    }
    const compiled: HeaderField = { name, offset, length, value: compileValue(value) };
    if (isMatch(compiled) && fields.some(isMatch)) {
      return report([...path, i, 'value'], 'replies are matched by one field only', { hint: 'write { counts: true }' });
    }
    fields.push(compiled);
  }
  return fields;
}

function compileValue(
  value: number | { readonly counts: unknown } | { readonly match: unknown },
): HeaderField['value'] {
  if (typeof value === 'number') return value;
  return 'match' in value ? { match: true } : { counts: true };
}

function idPart({ idOffset, idLength }: Id): readonly Part[] {
  if (idOffset === undefined || idLength === undefined) return [];
  return [{ what: 'the id', key: ['idOffset'], start: idOffset, end: idOffset + idLength }];
}

function fieldPart({ name, offset, length }: HeaderField, i: number): Part {
  return { what: `the field \`${name}\``, key: ['headerFields', i, 'offset'], start: offset, end: offset + length };
}

/** Reports the first two parts that share bytes, at the later of them in the file's order of keys; false where none do. */
function reportOverlap(parts: readonly Part[], path: Path, report: Report): boolean {
  for (const [i, part] of parts.entries()) {
    const other = parts.slice(0, i).find(({ start, end }) => part.start < end && start < part.end);
    if (other === undefined) continue;
    report([...path, ...part.key], `${part.what} (${bytesOf(part)}) overlaps ${other.what} (${bytesOf(other)})`);
    return true;
  }
  return false;
}

/**
 * Reports bytes of which nothing is said right behind a varint: who leaves them has counted the varint in. False where there are none.
 */
function reportGap({ start }: Part, parts: readonly Part[], path: Path, report: Report): boolean {
  const [next] = parts.filter((part) => part.start >= start).sort((a, b) => a.start - b.start);
  if (next === undefined || next.start === start) return false;
  const gap = next.start - start;
  report(
    [...path, ...next.key],
    `offsets behind a varint are counted as though it had no width: here ${gap === 1 ? 'a byte stands' : `${gap} bytes stand`} between the length and ${next.what}`,
    {
      hint: `write ${next.key.at(-1)}: ${start}; bytes that do stand there are named in headerFields, with { value: 0 }`,
    },
  );
  return true;
}

function bytesOf({ start, end }: Part): string {
  return end - start > 1 ? `bytes ${start} to ${end - 1}` : `byte ${start}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
