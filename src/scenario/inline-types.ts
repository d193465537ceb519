import type { FieldDefinition, ScalarField } from '../packets/definition.js';
import { type IntegerLayout, maximumOf, scalarTypeOf } from '../packets/integers.js';
import type { Endian, Part, Shape } from '../packets/layout.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { didYouMean } from './hints.js';
import { FieldsReader } from './inline-fields.js';
import type { InlineFieldInput, InlinePacketsInput } from './inline-schema.js';
import type { Report } from './problem-list.js';

type FieldsInput = Readonly<Record<string, Collected<string | InlineFieldInput> | undefined>>;

/** Fields with the place of their bytes. */
export interface CompiledFields {
  readonly fields: readonly FieldDefinition[];
  readonly parts: readonly Part[];
}

/** A type, before it is given a field's name. */
export interface CompiledType {
  readonly shape: Shape;
  readonly field: WithoutName<FieldDefinition>;
}
type WithoutName<Field> = Field extends unknown ? Omit<Field, 'name'> : never;

const integers: Readonly<Record<string, Omit<IntegerLayout, 'endian'>>> = {
  u8: { kind: 'integer', sizeBytes: 1, signed: false },
  i8: { kind: 'integer', sizeBytes: 1, signed: true },
  u16: { kind: 'integer', sizeBytes: 2, signed: false },
  i16: { kind: 'integer', sizeBytes: 2, signed: true },
  u24: { kind: 'integer', sizeBytes: 3, signed: false },
  i24: { kind: 'integer', sizeBytes: 3, signed: true },
  u32: { kind: 'integer', sizeBytes: 4, signed: false },
  i32: { kind: 'integer', sizeBytes: 4, signed: true },
  u64: { kind: 'integer', sizeBytes: 8, signed: false },
  i64: { kind: 'integer', sizeBytes: 8, signed: true },
  varint: { kind: 'integer', sizeBytes: null, signed: false },
};
const builtIn = [...Object.keys(integers), 'f32', 'f64', 'bool', 'string', 'bytes'];

/** Whether `endian` says anything about the type. */
export function hasByteOrder(type: string): boolean {
  return Object.hasOwn(integers, type) || type === 'f32' || type === 'f64';
}

/** Structures are written out wherever they are used: this bounds what they can grow to. */
const maxFields = 4096;

/** The types of one set of packet definitions: those that every set has, its enums and its structures. */
export class InlineTypes {
  readonly #input: Collected<InlinePacketsInput>;
  readonly #path: Path;
  readonly #report: Report;
  readonly #endian: Endian;
  /** Structures that are being written out, from the outermost in. */
  readonly #open: string[] = [];
  #written = 0;

  constructor(input: Collected<InlinePacketsInput>, path: Path, report: Report) {
    this.#input = input;
    this.#path = path;
    const reported = new Set<string>();
    // A structure is read wherever it is used; its mistakes are worth saying once.
    this.#report = (at, message, options) => {
      const key = `${at.join('/')} ${message}`;
      if (reported.has(key)) return undefined;
      reported.add(key);
      return report(at, message, options);
    };
    this.#endian = input.endian ?? 'little';
  }

  /** Reports names that types cannot have, and structures that are wrong though no packet uses them. */
  check(): void {
    const enums = Object.keys(this.#input.enums ?? {});
    for (const [group, names] of [
      ['enums', enums],
      ['structs', Object.keys(this.#input.structs ?? {})],
    ] as const) {
      for (const name of names) {
        const at = [...this.#path, group, name];
        if (builtIn.includes(name))
          this.#report(at, `\`${name}\` is a type already`, { part: 'key', hint: 'give it another name' });
        else if (group === 'structs' && enums.includes(name)) {
          this.#report(at, `\`${name}\` is an enum already`, { part: 'key', hint: 'give it another name' });
        }
      }
    }
    for (const name of Object.keys(this.#input.structs ?? {})) this.#struct(name, [...this.#path, 'structs', name]);
    if (this.#written <= maxFields) this.#written = 0;
  }

  /** The fields of a packet; undefined where one is wrong, which is reported. */
  packet(inputs: FieldsInput, path: Path): CompiledFields | undefined {
    return this.#fields(inputs, path, true);
  }

  #fields(inputs: FieldsInput, path: Path, hasHeader: boolean): CompiledFields | undefined {
    const reader = new FieldsReader(this, this.#report, path, hasHeader);
    for (const [name, input] of Object.entries(inputs)) {
      if (++this.#written > maxFields) {
        // Said where it happens first: everything after that has the same cause.
        if (this.#written > maxFields + 1) return undefined;
        return this.#report([...path, name], `with this the packets have more than ${maxFields} fields`, {
          part: 'key',
          hint: 'a struct counts wherever it is used: use it in fewer places',
        });
      }
      if (input === undefined) reader.fail();
      else reader.read(name, input);
    }
    return reader.finish();
  }

  /** The byte order of a field that says this about it, or nothing. */
  endianOf(given: Endian | undefined): Endian {
    return given ?? this.#endian;
  }

  /** An integer type by its name; undefined where that is another type's. */
  integer(name: string, endian: Endian): IntegerLayout | undefined {
    return Object.hasOwn(integers, name) ? { ...integers[name]!, endian } : undefined;
  }

  /** The type of a length, which is not negative. */
  length(name: string, endian: Endian, path: Path): IntegerLayout | undefined {
    const layout = this.integer(name, endian);
    if (layout !== undefined && !layout.signed) return layout;
    return this.#report(path, `\`${name}\` is not the type of a length`, { hint: 'write u8, u16, u32 or varint' });
  }

  /** What `string` alone means. */
  strings(): { readonly length: string; readonly encoding: Extract<Shape, { kind: 'string' }>['encoding'] } {
    const { length = 'u16', encoding = 'utf-8' } = this.#input.strings ?? {};
    return { length, encoding };
  }

  enumValues(name: string): Readonly<Record<string, number>> | undefined {
    const { enums = {} } = this.#input;
    const values = Object.hasOwn(enums, name) ? enums[name] : undefined;
    if (values === undefined) return undefined;
    return Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
    );
  }

  /** A number, an enum or a structure by its name: all that is not a text or bytes. */
  named(name: string, endian: Endian, path: Path): CompiledType | undefined {
    const integer = this.integer(name, endian);
    if (integer !== undefined) return integerType(integer, name);
    if (name === 'bool') return { shape: { kind: 'bool' }, field: { type: 'bool' } };
    if (name === 'f32')
      return { shape: { kind: 'float', sizeBytes: 4, endian }, field: { type: 'float', typeName: name } };
    if (name === 'f64')
      return { shape: { kind: 'float', sizeBytes: 8, endian }, field: { type: 'double', typeName: name } };
    if (this.enumValues(name) !== undefined) return this.enumType(name, 'u8', endian, path);
    return this.#struct(name, path);
  }

  enumType(name: string, width: string, endian: Endian, path: Path): CompiledType | undefined {
    const names = this.enumValues(name);
    if (names === undefined) {
      const hint = didYouMean(name, Object.keys(this.#input.enums ?? {}), 'the enums are');
      return this.#report(path, `there is no enum \`${name}\``, { hint });
    }
    const layout = this.integer(width, endian);
    if (layout === undefined) return this.#report(path, `an enum is a whole number, which \`${width}\` is not`);
    const large = Object.entries(names).find(([, value]) => value > maximumOf(layout));
    if (large !== undefined) {
      return this.#report(path, `${name}.${large[0]} is ${large[1]}, which does not fit ${width}`, {
        hint: `write { enum: ${name}, type: u16 }`,
      });
    }
    const { shape, field } = integerType(layout, width);
    return { shape, field: { ...(field as WithoutName<ScalarField>), typeName: name, names } };
  }

  #struct(name: string, path: Path): CompiledType | undefined {
    const { structs = {} } = this.#input;
    const inputs = Object.hasOwn(structs, name) ? structs[name] : undefined;
    if (inputs === undefined) {
      const known = [...builtIn, ...Object.keys(this.#input.enums ?? {}), ...Object.keys(structs)];
      return this.#report(path, `there is no type \`${name}\``, { hint: didYouMean(name, known, 'the types are') });
    }
    const at = [...this.#path, 'structs', name];
    if (this.#open.includes(name))
      return this.#report(at, `\`${name}\` would contain itself`, {
        part: 'key',
        hint: 'take the field that leads back to it out',
      });
    if (Object.keys(inputs).length === 0)
      return this.#report(at, `\`${name}\` has no fields`, {
        part: 'key',
        hint: 'give it one: { x: u16 }, or leave it out',
      });
    this.#open.push(name);
    const compiled = this.#fields(inputs, at, false);
    this.#open.pop();
    if (compiled === undefined) return undefined;
    return { shape: { kind: 'struct', parts: compiled.parts }, field: { type: 'struct', fields: compiled.fields } };
  }
}

function integerType(layout: IntegerLayout, typeName: string): CompiledType {
  const field: WithoutName<ScalarField> = { type: scalarTypeOf(layout), typeName };
  if (layout.sizeBytes !== 3) return { shape: layout, field };
  const max = maximumOf(layout);
  return { shape: layout, field: { ...field, limits: { kind: 'integer', min: layout.signed ? -max - 1 : 0, max } } };
}
