import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { counted } from '../metrics/format.js';
import {
  type ArrayField,
  type FieldDefinition,
  fieldMisfit,
  type ListField,
  type ScalarField,
} from '../packets/index.js';
import type { Span } from '../packets/source-text.js';
import type { EncodableValue } from '../packets/values.js';
import { canBeStamp } from './broadcast.js';
import { bytesHint, type ReadFile, readBytes } from './bytes.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { didYouMean } from './hints.js';
import type { ValueTemplate } from './plan.js';
import type { Report } from './problem-list.js';
import { type CelType, celTypeOf } from './scope.js';
import type { SentInput, ValueInput } from './step-schema.js';
import { splitTemplate, type TemplatePart } from './template.js';
import type { ExpressionPlace, TypedExpressions } from './typed-expressions.js';

type ScalarInput = string | number | bigint | boolean;
type RecordInput = Readonly<Record<string, Collected<ValueInput> | undefined>>;

/** What each type of field takes. Text takes everything, as it is written out. */
const fitting: Readonly<Record<CelType, readonly string[]>> = {
  int: ['int', 'uint', 'dyn'],
  double: ['double', 'int', 'uint', 'dyn'],
  bool: ['bool', 'dyn'],
  string: ['string', 'int', 'uint', 'double', 'bool', 'dyn'],
  bytes: ['bytes', 'dyn'],
};

/** A piece of a text: as it is, an expression with its type and its place, or a stamp. */
export type Piece = { readonly kind: 'text'; readonly text: string } | ExpressionPiece | { readonly kind: 'stamp' };
export interface ExpressionPiece {
  readonly kind: 'expression';
  readonly source: string;
  readonly type: string;
  /** What it gives, where it reads nothing of the run. */
  readonly constant?: unknown;
  readonly span: Span;
}

/** Turns what a scenario writes into templates, and checks that each fits where it goes. */
export class ValueCompiler {
  readonly #expressions: TypedExpressions;
  readonly #readFile: ReadFile;
  readonly report: Report;

  constructor(expressions: TypedExpressions, readFile: ReadFile, report: Report) {
    this.#expressions = expressions;
    this.#readFile = readFile;
    this.report = report;
  }

  /** A value for a field of a packet; `owner` names the packet, or the list's element, in messages. */
  forField(
    input: Collected<ValueInput>,
    field: FieldDefinition,
    owner: string,
    path: Path,
    place: ExpressionPlace,
  ): ValueTemplate | undefined {
    const name = `${owner}.${field.name}`;
    switch (field.type) {
      case 'list':
        return this.#list(input, field, name, path, place);
      case 'array':
        return this.#array(input, field, name, path, place);
      case 'struct': {
        if (!isRecord(input))
          return this.report(path, `${name} is a structure`, {
            hint: `write ${mappingOf(field.fields)}`,
          });
        const values = this.forFields(input, field.fields, name, path, place);
        return values && { kind: 'struct', values };
      }
      default:
        return this.#single(input, field, name, path, place);
    }
  }

  /** Bytes, as a mapping or by an expression. */
  forBytes(
    input: Collected<SentInput>,
    field: ScalarField,
    owner: string,
    path: Path,
    place: ExpressionPlace,
  ): ValueTemplate | undefined {
    // Text is bytes only where it is one expression that gives them.
    if (typeof input === 'string' && input.startsWith('${')) return this.#scalar(input, field, owner, path, place);
    if (!isRecord(input)) return this.report(path, `${owner} is of type bytes`, { hint: bytesHint });
    const { text } = input;
    if (typeof text === 'string' && text.includes('${') && Object.keys(input).length === 1) {
      return this.#printed(text, field, owner, [...path, 'text'], place);
    }
    const bytes = readBytes(input, path, this.#readFile);
    if (!(bytes instanceof Uint8Array)) return this.report(path, `${owner}: ${bytes.message}`, { hint: bytes.hint });
    return this.#constantBytes(bytes, field, owner, path);
  }

  #constantBytes(bytes: Uint8Array, field: ScalarField, owner: string, path: Path): ValueTemplate | undefined {
    const problem = fieldMisfit(field, bytes);
    if (problem !== undefined) return this.report(path, `${owner}: ${problem}`);
    return { kind: 'bytes', hex: Buffer.from(bytes).toString('hex') };
  }

  /** One template for each of `fields`, in their order; every field must be given, unless it may be left out. */
  forFields(
    input: RecordInput,
    fields: readonly FieldDefinition[],
    owner: string,
    path: Path,
    place: ExpressionPlace,
  ): readonly ValueTemplate[] | undefined {
    this.#checkNames(Object.keys(input), fields, owner, path);
    const fits = this.#checkOneofs(input, fields, owner, path);
    const missing = fields
      .filter(({ name, optional, derived }) => !Object.hasOwn(input, name) && !optional && !derived)
      .map(({ name }) => `\`${name}\``);
    if (missing.length > 0) {
      const hint = `write with: ${mappingOf(fields)}`;
      this.report(path, `${owner} needs a value for ${missing.join(', ')}`, { part: 'key', hint });
    }
    const templates = fields.map((field): ValueTemplate | undefined => {
      if (!Object.hasOwn(input, field.name) && (field.optional || field.derived)) return { kind: 'absent' };
      if (field.derived) {
        return this.report([...path, field.name], `${owner}.${field.name} is written by itself`, {
          part: 'key',
          hint: 'leave it out: it is a constant, or counts another field',
        });
      }
      const value = Object.hasOwn(input, field.name) ? input[field.name] : undefined;
      return value === undefined ? undefined : this.forField(value, field, owner, [...path, field.name], place);
    });
    return fits && templates.every((template) => template !== undefined) ? templates : undefined;
  }

  /** A value that stays what it is: one that is saved. Its type is `dyn` where that shows only when it runs. */
  free(
    input: ScalarInput,
    path: Path,
    place: ExpressionPlace,
  ): { readonly template: ValueTemplate; readonly type: CelType | 'dyn' } | undefined {
    if (typeof input === 'boolean') return { template: { kind: 'constant', value: input }, type: 'bool' };
    if (typeof input !== 'string') {
      // A whole number is a bigint in every expression that reads it.
      return typeof input === 'bigint' || Number.isSafeInteger(input)
        ? { template: { kind: 'constant', value: BigInt(input) }, type: 'int' }
        : { template: { kind: 'constant', value: input }, type: 'double' };
    }
    const pieces = this.pieces(input, path, place);
    if (pieces === undefined) return undefined;
    const [only] = pieces;
    if (pieces.length !== 1 || only?.kind !== 'expression') return { template: textTemplate(pieces), type: 'string' };
    // Kept as the bigint that it is, as whole numbers with a sign are.
    const type = only.type === 'uint' ? 'int' : only.type;
    if (!isScalarType(type))
      return this.report(path, `\`${only.source}\` is ${article(type)}: only single values can be kept`, {
        within: only.span,
        hint: 'save one of the values in it',
      });
    return { template: { kind: 'expression', source: only.source }, type };
  }

  /** A condition: one expression that is true or false. */
  condition(input: ScalarInput, path: Path, place: ExpressionPlace): ValueTemplate | undefined {
    const parts = typeof input === 'string' ? this.#split(input, path) : [];
    if (parts === undefined) return undefined;
    const [only] = parts;
    if (parts.length !== 1 || only?.kind !== 'expression') {
      const source =
        typeof input === 'string' && parts.every(({ kind }) => kind === 'text') ? input : 'reply.ok == true';
      return this.report(path, 'a check is one expression that is true or false', { hint: `write '\${${source}}'` });
    }
    const [checked] = this.pieces(input as string, path, place) ?? [];
    if (checked?.kind !== 'expression') return undefined;
    const { type, span } = checked;
    if (type !== 'bool' && type !== 'dyn') {
      return this.report(path, `\`${only.source}\` is ${article(type)}, but a check is true or false`, {
        within: span,
        hint: 'compare it, with ==, < or the like',
      });
    }
    return { kind: 'expression', source: only.source };
  }

  /** The pieces of a text, its expressions checked; undefined where one is wrong, which is reported. */
  pieces(text: string, path: Path, place: ExpressionPlace): readonly Piece[] | undefined {
    const pieces = this.#split(text, path)?.map((part) => this.#piece(part, path, place));
    return pieces?.every((piece) => piece !== undefined) ? pieces : undefined;
  }

  #piece(part: TemplatePart, path: Path, place: ExpressionPlace): Piece | undefined {
    if (part.kind === 'text') return part;
    const { source, offset } = part;
    if (place.send && source.trim() === 'stamp') return { kind: 'stamp' };
    const checked = this.#expressions.check(source, place);
    if (checked.ok) {
      const { type, constant } = checked;
      return { kind: 'expression', source, type, constant, span: { start: offset, end: offset + source.length } };
    }
    const { start, end } = checked.span;
    return this.report(path, checked.message, {
      hint: checked.hint,
      within: { start: offset + start, end: offset + Math.max(end, start + 1) },
    });
  }

  #checkNames(names: readonly string[], fields: readonly FieldDefinition[], owner: string, path: Path): void {
    const known = fields.map(({ name }) => name);
    for (const name of names) {
      if (known.includes(name)) continue;
      this.report([...path, name], `${owner} has no field \`${name}\``, {
        part: 'key',
        hint: didYouMean(name, known, 'its fields are'),
      });
    }
  }

  /** Of a oneof only one field can be there: reports the others that are given; whether there were none. */
  #checkOneofs(input: RecordInput, fields: readonly FieldDefinition[], owner: string, path: Path): boolean {
    const given = new Map<string, string>();
    let fits = true;
    for (const name of Object.keys(input)) {
      const oneof = fields.find((field) => field.name === name)?.oneof;
      if (oneof === undefined) continue;
      const first = given.get(oneof);
      if (first === undefined) given.set(oneof, name);
      else {
        fits = false;
        const message = `${owner} has \`${first}\` already, and only one field of the oneof \`${oneof}\` can be there`;
        this.report([...path, name], message, { part: 'key', hint: `keep one of \`${first}\` and \`${name}\`` });
      }
    }
    return fits;
  }

  #list(
    input: Collected<ValueInput>,
    { fields, count }: ListField,
    owner: string,
    path: Path,
    place: ExpressionPlace,
  ): ValueTemplate | undefined {
    const hint = 'write [ { field: value } ], one mapping per element';
    if (!isList(input)) return this.report(path, `${owner} is a list`, { hint });
    this.#checkCount(input.length, count, owner, path);
    const items = input.map((item, i) => {
      if (item === undefined || isRecord(item)) {
        return item && this.forFields(item, fields, `${owner}[${i}]`, [...path, i], place);
      }
      return this.report([...path, i], `${owner} is a list of structures`, { hint });
    });
    return items.every((item) => item !== undefined) ? { kind: 'list', items } : undefined;
  }

  #array(
    input: Collected<ValueInput>,
    { of, count }: ArrayField,
    owner: string,
    path: Path,
    place: ExpressionPlace,
  ): ValueTemplate | undefined {
    const type = of.typeName ?? of.type;
    if (!isList(input)) return this.report(path, `${owner} is an array of ${type}`, { hint: 'write [ value, value ]' });
    this.#checkCount(input.length, count, owner, path);
    const items = input.map((item, i) =>
      item === undefined ? undefined : this.#single(item, of, `${owner}[${i}]`, [...path, i], place),
    );
    return items.every((item) => item !== undefined) ? { kind: 'array', items } : undefined;
  }

  #checkCount(given: number, count: number | undefined, owner: string, path: Path): void {
    if (count === undefined || given === count) return;
    this.report(path, `${owner} has ${counted(count, 'element')}, and ${given} ${given === 1 ? 'is' : 'are'} given`, {
      hint: `write ${count} of them`,
    });
  }

  #single(
    input: Collected<ValueInput>,
    field: ScalarField,
    owner: string,
    path: Path,
    place: ExpressionPlace,
  ): ValueTemplate | undefined {
    if (field.type === 'bytes') return this.forBytes(input, field, owner, path, place);
    if (isList(input) || isRecord(input)) {
      const given = isList(input) ? 'a list' : 'a mapping';
      return this.report(path, `${owner} is one ${field.typeName ?? field.type}, not ${given}`, {
        hint: 'write one value',
      });
    }
    return this.#scalar(input, field, owner, path, place);
  }

  /** Text with expressions in it, each of which is printed. */
  #printed(
    text: string,
    field: ScalarField,
    owner: string,
    path: Path,
    place: ExpressionPlace,
  ): ValueTemplate | undefined {
    const pieces = this.pieces(text, path, place);
    if (pieces === undefined) return undefined;
    const unprintable = unprintableOf(pieces);
    if (unprintable === undefined) {
      const template = textTemplate(pieces);
      // Escaped, and no expression at all.
      return template.kind === 'constant'
        ? this.#constantBytes(Buffer.from(String(template.value)), field, owner, path)
        : template;
    }
    return this.report(path, `${owner}: an expression in text must be one value, not ${article(unprintable.type)}`, {
      within: unprintable.span,
    });
  }

  #scalar(
    input: ScalarInput,
    field: ScalarField,
    owner: string,
    path: Path,
    place: ExpressionPlace,
  ): ValueTemplate | undefined {
    const { typeName: type = field.type } = field;
    if (typeof input !== 'string') {
      const isWide = field.type === 'long' || field.type === 'ulong';
      const value = isWide && Number.isSafeInteger(input) ? BigInt(input) : input;
      const problem = fieldMisfit(field, value);
      if (problem === undefined) return { kind: 'constant', value };
      const hint = literalHint(field.type, input);
      return this.report(path, `${owner} is of type ${type}: ${problem}`, { hint });
    }
    if (field.names !== undefined && !input.includes('${')) return this.#enumValue(input, field.names, owner, path);
    const pieces = this.pieces(input, path, place);
    if (pieces === undefined) return undefined;
    const [only] = pieces;
    if (pieces.length === 1 && only?.kind === 'stamp' && field.type !== 'string') {
      if (canBeStamp(field)) return { kind: 'stamp' };
      return this.report(path, `${owner} is of type ${type}, which is too narrow for a stamp`, {
        hint: 'a stamp goes into a string, or a whole number of 32 bits or more',
      });
    }
    if (pieces.length === 1 && only?.kind === 'expression') {
      const given = only.type;
      if (fitting[celTypeOf(field.type)].includes(given)) {
        const problem = only.constant === undefined ? undefined : constantMisfit(field, only.constant);
        if (problem === undefined) return { kind: 'expression', source: only.source };
        return this.report(path, `${owner} is of type ${type}: ${problem}`, { within: only.span });
      }
      const hint = conversion(given, celTypeOf(field.type));
      return this.report(path, `${owner} is of type ${type}, but \`${only.source}\` is ${article(given)}`, {
        within: only.span,
        hint,
      });
    }
    if (field.type !== 'string') {
      const hint = field.type === 'bytes' ? bytesHint : unquoted(input, field.type);
      return this.report(path, `${owner} is of type ${type}, but this is text`, { hint });
    }
    const unprintable = unprintableOf(pieces);
    if (unprintable !== undefined)
      return this.report(path, `an expression in text must be one value, not ${article(unprintable.type)}`);
    const template = textTemplate(pieces);
    const problem = template.kind === 'constant' ? fieldMisfit(field, template.value) : undefined;
    return problem === undefined ? template : this.report(path, `${owner}: ${problem}`);
  }

  #enumValue(
    name: string,
    names: Readonly<Record<string, number>>,
    owner: string,
    path: Path,
  ): ValueTemplate | undefined {
    const value = Object.hasOwn(names, name) ? names[name] : undefined;
    if (value !== undefined) return { kind: 'constant', value };
    const hint = didYouMean(name, Object.keys(names), 'its values are');
    return this.report(path, `\`${name}\` is not a value of ${owner}`, { hint });
  }

  #split(text: string, path: Path): readonly TemplatePart[] | undefined {
    const parts = splitTemplate(text);
    if (!('kind' in parts)) return parts;
    const within = { start: parts.offset, end: text.length };
    return this.report(path, 'this `${` is never closed', {
      within,
      hint: 'close it with `}`; a literal `${` is written `$${`',
    });
  }
}

function textTemplate(pieces: readonly Piece[]): ValueTemplate {
  if (pieces.every((piece) => piece.kind === 'text'))
    return { kind: 'constant', value: pieces.map(({ text }) => text).join('') };
  return {
    kind: 'text',
    parts: pieces.map((piece) => {
      if (piece.kind === 'text') return piece.text;
      return piece.kind === 'stamp' ? { stamp: true } : { source: piece.source };
    }),
  };
}

/** Why what a constant expression gives does not fit a field, whose type takes the expression's. */
function constantMisfit(field: ScalarField, constant: unknown): string | undefined {
  const { value } = constant instanceof UnsignedInt ? constant : { value: constant };
  if (field.type === 'string') return fieldMisfit(field, String(value));
  const isWide = field.type === 'long' || field.type === 'ulong';
  return fieldMisfit(field, typeof value === 'bigint' && !isWide ? Number(value) : (value as EncodableValue));
}

/** The first expression in a text that gives what cannot be printed. */
function unprintableOf(pieces: readonly Piece[]) {
  return pieces.find((piece) => piece.kind === 'expression' && !isPrintable(piece.type)) as ExpressionPiece | undefined;
}

/** Whether text takes a value of this type. */
export function isPrintable(type: string): boolean {
  return fitting.string.includes(type);
}

/** The cure for a number that YAML read as something else than the field holds. */
function literalHint(type: string, input: number | bigint | boolean): string | undefined {
  if (type === 'string') return `write '${input}', in quotes`;
  const isInexact = Number.isInteger(input) && !Number.isSafeInteger(input);
  return isInexact ? digitsHint : undefined;
}

/** The cure for a whole number beyond 2^53 with an exponent, as in 1e19. */
export const digitsHint = 'write all of its digits, without an exponent: each is kept';

/** The cure for an expression of another type than the field's. */
function conversion(given: string, wanted: CelType): string | undefined {
  if (wanted === 'bool') return 'compare it, with ==, < or the like';
  const converts = given === 'string' || given === 'double';
  if (converts && (wanted === 'int' || wanted === 'double')) return `write ${wanted}(…) around it`;
  return wanted === 'bytes' ? bytesHint : undefined;
}

/** The cure for `'12'` where a number goes: YAML takes what stands in quotes for text. */
function unquoted(text: string, type: string): string | undefined {
  const isLiteral = type === 'bool' ? /^(true|false)$/ : /^-?\d+(\.\d+)?$/;
  if (isLiteral.test(text)) return `write ${text}, without quotes`;
  return type === 'bool' ? 'write true or false' : "write a number, or an expression that gives one: '${send.index}'";
}

/** What to write for these fields. */
function mappingOf(fields: readonly FieldDefinition[]): string {
  const given = fields.filter(({ derived }) => !derived);
  return `{ ${given.map(({ name }) => `${name}: …`).join(', ')} }`;
}

function isList(input: Collected<ValueInput>): input is readonly (Collected<ValueInput> | undefined)[] {
  return Array.isArray(input);
}

function isRecord(input: Collected<SentInput>): input is RecordInput {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function isScalarType(type: string): type is CelType | 'dyn' {
  return type === 'dyn' || type in fitting;
}

/** A type of CEL, or of a field, as a message names it. */
export function article(type: string): string {
  if (type === 'bytes') return 'bytes';
  if (type === 'struct' || type.startsWith('Reply')) return 'a structure';
  if (type === 'array') return 'an array';
  if (type.startsWith('list')) return 'a list';
  if (type.startsWith('map')) return 'a map';
  return `${type === 'int' ? 'an' : 'a'} ${type}`;
}
