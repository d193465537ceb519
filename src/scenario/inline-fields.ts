import type { FieldDefinition, Limits, ScalarField } from '../packets/definition.js';
import { maximumOf } from '../packets/integers.js';
import { characterSize, type Extent, fixedSize, minimumSize, type Part, type Shape } from '../packets/layout.js';
import { fieldMisfit } from '../packets/scalars.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { didYouMean } from './hints.js';
import type { InlineFieldInput } from './inline-schema.js';
import { type CompiledFields, type CompiledType, hasByteOrder, type InlineTypes } from './inline-types.js';
import type { Report } from './problem-list.js';

type FieldInput = { readonly [Key in keyof Collected<InlineFieldInput>]?: Collected<InlineFieldInput>[Key] };
type FieldKey = keyof InlineFieldInput;
type Form = 'number' | 'enum' | 'text' | 'bytes' | 'array' | 'other';

/** Which keys say something about each form of field, besides the one that names its type. */
const meaningful: Readonly<Record<Form, readonly FieldKey[]>> = {
  number: ['type', 'const', 'endian', 'at', 'when'],
  enum: ['enum', 'type', 'endian', 'at', 'when'],
  text: ['type', 'const', 'length', 'size', 'until', 'rest', 'endian', 'encoding', 'at', 'when'],
  bytes: ['type', 'bytes', 'length', 'size', 'rest', 'endian', 'at', 'when'],
  array: ['array', 'length', 'count', 'rest', 'endian', 'when'],
  other: ['type', 'const', 'at', 'when'],
};
const extentKeys = ['length', 'size', 'count', 'until', 'rest'] as const satisfies readonly FieldKey[];

/** Reads the fields of one packet or structure, in order: each may refer to those before it. */
export class FieldsReader {
  readonly #types: InlineTypes;
  readonly #report: Report;
  readonly #path: Path;
  readonly #hasHeader: boolean;
  readonly #fields: FieldDefinition[] = [];
  readonly #parts: Part[] = [];
  #sound = true;

  /** `hasHeader`: the fields are a packet's, and may stand in its header. */
  constructor(types: InlineTypes, report: Report, path: Path, hasHeader: boolean) {
    this.#types = types;
    this.#path = path;
    this.#hasHeader = hasHeader;
    this.#report = (...problem) => {
      this.#sound = false;
      return report(...problem);
    };
  }

  /** A field that was reported elsewhere: the fields as a whole are wrong. */
  fail(): void {
    this.#sound = false;
  }

  /** `written`: a type alone, or the long form. */
  read(name: string, written: string | FieldInput): void {
    const isShort = typeof written === 'string';
    const input: FieldInput = isShort ? { type: written } : written;
    const at = [...this.#path, name];
    if (!isName(name)) {
      this.#report(at, `\`${name}\` is not a name for a field`, { part: 'key', hint: 'use letters, digits and _' });
    }
    const compiled = this.#type(input, at, isShort);
    if (compiled === undefined) {
      this.#sound = false;
      return;
    }
    const { shape, field } = compiled;
    const constant = this.#constant(input.const, { ...field, name } as FieldDefinition, [...at, 'const']);
    const when = this.#when(input.when, [...at, 'when']);
    if (input.at !== undefined) this.#checkPlace(shape, [...at, 'at']);
    this.#parts.push({
      name,
      shape,
      ...(constant !== undefined && { constant }),
      ...(when !== undefined && { when }),
      ...(input.at !== undefined && { at: input.at }),
    });
    this.#fields.push({
      ...field,
      name,
      ...(when !== undefined && { optional: true }),
      ...(constant !== undefined && { derived: true }),
    } as FieldDefinition);
    if ('extent' in shape && shape.extent.kind === 'counted') this.#linkCount(shape.extent.part);
  }

  finish(): CompiledFields | undefined {
    const inBody = this.#parts.filter(({ at }) => at === undefined);
    for (const { name, shape } of inBody.slice(0, -1)) {
      if (!isOpen(shape)) continue;
      this.#report([...this.#path, name], `\`${name}\` goes to the end of the packet, so nothing can follow it`, {
        part: 'key',
        hint: 'put it last, or say how long it is: length: u16',
      });
    }
    return this.#sound ? { fields: this.#fields, parts: this.#parts } : undefined;
  }

  #type(input: FieldInput, at: Path, isShort: boolean): CompiledType | undefined {
    const form = formOf(input);
    if (form === undefined) {
      return this.#report(at, 'the type of the field is missing', { part: 'key', hint: 'write u16, or { type: u16 }' });
    }
    for (const key of Object.keys(input) as FieldKey[]) {
      if (input[key] === undefined || meaningful[form].includes(key)) continue;
      const hint = `it may have ${meaningful[form].join(', ')}`;
      return this.#report([...at, key], `\`${key}\` has no meaning for this field`, { part: 'key', hint });
    }
    const given = extentKeys.filter((key) => input[key] !== undefined);
    if (given.length > 1) {
      return this.#report([...at, given[1]!], `\`${given[0]}\` and \`${given[1]}\` both say how long it is`, {
        part: 'key',
        hint: 'keep one of the two',
      });
    }
    const endian = this.#types.endianOf(input.endian);
    switch (form) {
      case 'text':
        return this.#text(input, at);
      case 'bytes':
        return this.#bytes(input, at);
      case 'array':
        return this.#array(input, at);
      case 'enum':
        return this.#types.enumType(input.enum!, input.type ?? 'u8', endian, [...at, 'enum']);
      default:
        return this.#types.named(input.type!, endian, isShort ? at : [...at, 'type']);
    }
  }

  #text(input: FieldInput, at: Path): CompiledType | undefined {
    const { length, encoding: usual } = this.#types.strings();
    const encoding = input.encoding ?? usual;
    const said = extentKeys.some((key) => input[key] !== undefined);
    const extent = this.#extent(said ? input : { ...input, length }, at);
    if (extent === undefined) return undefined;
    if (extent.kind === 'fixed' && extent.size % characterSize(encoding) !== 0) {
      return this.#report([...at, 'size'], `a text in ${encoding} cannot have ${extent.size} bytes`, {
        hint: `its characters have ${characterSize(encoding)} bytes: write ${extent.size + 1}`,
      });
    }
    const limits = this.#limits(extent, encoding, 0);
    return { shape: { kind: 'string', encoding, extent }, field: { type: 'string', limits } };
  }

  #bytes(input: FieldInput, at: Path): CompiledType | undefined {
    const { bytes } = input;
    let said = input;
    if (bytes === 'rest') said = { ...input, rest: true };
    else if (typeof bytes === 'number') said = { ...input, size: bytes };
    else if (bytes !== undefined) {
      said =
        this.#types.integer(bytes, 'little') === undefined ? { ...input, size: bytes } : { ...input, length: bytes };
    }
    const given = extentKeys.filter((key) => said[key] !== undefined);
    if (given.length !== 1) {
      return this.#report(at, 'bytes need to be told how many they are', {
        part: 'key',
        hint: 'write { bytes: 16 }, { bytes: u16 } for a length before them, { bytes: count } or { bytes: rest }',
      });
    }
    const extent = this.#extent(said, at, bytes === undefined ? undefined : [...at, 'bytes']);
    if (extent === undefined) return undefined;
    const limits = this.#limits(extent, null, extent.kind === 'fixed' ? extent.size : 0);
    return { shape: { kind: 'bytes', extent }, field: { type: 'bytes', limits } };
  }

  #array(input: FieldInput, at: Path): CompiledType | undefined {
    const of = this.#element(input, [...at, 'array']);
    if (!extentKeys.some((key) => input[key] !== undefined)) {
      return this.#report(at, 'an array needs to be told how many elements it has', {
        part: 'key',
        hint: 'write length: u16 for a count before it, count: 4, count: field, or rest: true',
      });
    }
    const extent = this.#extent(input, at);
    if (of === undefined || extent === undefined) return undefined;
    if (minimumSize(of.shape) === 0 || isOpen(of.shape)) {
      const why = isOpen(of.shape) ? 'takes all that is left' : 'may have no bytes at all';
      return this.#report([...at, 'array'], `an element of this array ${why}: their number could not be told`);
    }
    const shape: Shape = { kind: 'array', of: of.shape, extent };
    const count = extent.kind === 'fixed' ? { count: extent.size } : {};
    if (of.field.type === 'struct') {
      return { shape, field: { type: 'list', item: input.array!, fields: of.field.fields, ...count } };
    }
    return { shape, field: { type: 'array', of: { ...(of.field as Omit<ScalarField, 'name'>), name: '' }, ...count } };
  }

  #element(input: FieldInput, at: Path): CompiledType | undefined {
    if (input.array === 'bytes') {
      return this.#report(at, 'bytes in an array need a structure around them', { hint: 'name a structure' });
    }
    return input.array === 'string'
      ? this.#text({}, at)
      : this.#types.named(input.array!, this.#types.endianOf(input.endian), at);
  }

  /** `place`: where the size stands, if not under a key of its own. */
  #extent(input: FieldInput, at: Path, place?: Path): Extent | undefined {
    const { length, size, count, until, rest } = input;
    if (rest !== undefined) return { kind: 'rest' };
    if (until !== undefined) return { kind: 'terminated' };
    if (length !== undefined) {
      const layout = this.#types.length(length, this.#types.endianOf(input.endian), place ?? [...at, 'length']);
      return layout && { kind: 'prefixed', length: layout };
    }
    const number = size ?? count;
    if (typeof number === 'number') return { kind: 'fixed', size: number };
    const part = this.#counter(number!, place ?? [...at, size === undefined ? 'count' : 'size']);
    return part === undefined ? undefined : { kind: 'counted', part };
  }

  /** The earlier field that counts this one. */
  #counter(name: string, at: Path): number | undefined {
    const index = this.#earlier(name, at);
    if (index === undefined) return undefined;
    const { shape, constant, when, counts } = this.#parts[index]!;
    const { names } = this.#fields[index] as ScalarField;
    if (shape.kind !== 'integer' || shape.signed || names !== undefined) {
      return this.#report(at, `\`${name}\` cannot count: it is not an unsigned whole number`);
    }
    if (constant !== undefined || when !== undefined) {
      return this.#report(at, `\`${name}\` cannot count: it is a constant, or not always there`);
    }
    if (counts === undefined) return index;
    return this.#report(at, `\`${name}\` counts \`${this.#parts[counts]!.name}\` already`, {
      hint: 'give each a count of its own',
    });
  }

  #linkCount(index: number): void {
    this.#parts[index] = { ...this.#parts[index]!, counts: this.#parts.length - 1 };
    this.#fields[index] = { ...this.#fields[index]!, derived: true };
  }

  #earlier(name: string, at: Path): number | undefined {
    const index = this.#parts.findIndex((part) => part.name === name);
    if (index !== -1) return index;
    const known = this.#parts.map((part) => part.name);
    return this.#report(at, `no field \`${name}\` stands before this one`, {
      hint: didYouMean(name, known, 'before it stand') ?? 'define it before this one, as a whole number',
    });
  }

  #limits(extent: Extent, encoding: Extract<Limits, { kind: 'size' }>['encoding'], minBytes: number): Limits {
    const maxBytes =
      extent.kind === 'fixed'
        ? extent.size
        : extent.kind === 'prefixed'
          ? maximumOf(extent.length)
          : Number.MAX_SAFE_INTEGER;
    const terminated = extent.kind === 'terminated' || (extent.kind === 'fixed' && encoding !== null);
    return { kind: 'size', encoding, minBytes, maxBytes, terminated };
  }

  #constant(given: FieldInput['const'], field: FieldDefinition, at: Path): Part['constant'] {
    if (given === undefined) return undefined;
    if (field.type === 'list' || field.type === 'array' || field.type === 'struct') {
      return this.#report(at, 'only a single value can be constant', { part: 'key' });
    }
    const isWide = field.type === 'long' || field.type === 'ulong';
    const value = isWide && Number.isSafeInteger(given) ? BigInt(given) : given;
    const problem = fieldMisfit(field, field.type === 'float' ? Math.fround(Number(value)) : value);
    if (problem !== undefined) return this.#report(at, `the constant does not fit its field: ${problem}`);
    // What comes back has been through 32 bits too.
    return field.type === 'float' ? Math.fround(Number(value)) : value;
  }

  #checkPlace(shape: Shape, at: Path): void {
    if (!this.#hasHeader) {
      this.#report(at, 'only the fields of a packet itself can stand in its header', {
        part: 'key',
        hint: 'leave `at` out',
      });
    } else if (shape.kind === 'struct' || fixedSize(shape) === null) {
      this.#report(at, 'only a single value that always has the same size can stand in the header', {
        part: 'key',
        hint: 'use a number, a bool, { type: string, size: 4 } or { bytes: 4 }',
      });
    }
  }

  #when(input: FieldInput['when'], at: Path): Part['when'] {
    if (input === undefined) return undefined;
    return Object.entries(input).flatMap(([name, given]) => {
      const place = [...at, name];
      const part = this.#earlier(name, place);
      if (part === undefined || given === undefined) return [];
      const { shape, constant, counts } = this.#parts[part]!;
      const { names = {} } = this.#fields[part] as ScalarField;
      if ((shape.kind !== 'integer' && shape.kind !== 'bool') || constant !== undefined || counts !== undefined) {
        this.#report(place, `\`${name}\` decides nothing: it is not a whole number, an enum or a bool that is given`);
        return [];
      }
      const value = typeof given === 'string' && Object.hasOwn(names, given) ? names[given]! : given;
      if (typeof value === 'string' || (typeof value === 'boolean') !== (shape.kind === 'bool')) {
        this.#report(place, `\`${given}\` is not a value of \`${name}\``, {
          hint: didYouMean(String(given), Object.keys(names), 'its values are'),
        });
        return [];
      }
      return [{ part, value }];
    });
  }
}

function formOf(input: FieldInput): Form | undefined {
  if (input.array !== undefined) return 'array';
  if (input.bytes !== undefined || input.type === 'bytes') return 'bytes';
  if (input.enum !== undefined) return 'enum';
  if (input.type === 'string') return 'text';
  if (input.type === undefined) return undefined;
  return hasByteOrder(input.type) ? 'number' : 'other';
}

/** A name that an expression can read after a dot; `__proto__` could not be a field of a JavaScript object. */
export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && text !== '__proto__';
}

/** Whether it takes all that is left of the packet. */
function isOpen(shape: Shape): boolean {
  if (shape.kind === 'struct') return shape.parts.some((part) => isOpen(part.shape));
  return 'extent' in shape && shape.extent.kind === 'rest';
}
