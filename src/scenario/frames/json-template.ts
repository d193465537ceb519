import { type Collected, show } from '../collect.js';
import type { Path } from '../document.js';
import type { ValueTemplate } from '../plan.js';
import type { JsonInput, SentInput } from '../step-schema.js';
import type { ExpressionPlace } from '../typed-expressions.js';
import { article, digitsHint, type ExpressionPiece, isPrintable, type ValueCompiler } from '../values.js';

type JsonPart = Extract<ValueTemplate, { readonly kind: 'json' }>['parts'][number];

/** The types of whole values that JSON has; lists and maps are those of what is in them. */
const writable = /^(u?int|double|bool|string|dyn|null|list|map)/;

/** The text of a value of JSON, of which expressions write parts. Reports what JSON cannot have. */
export function compileJsonTemplate(
  input: Collected<SentInput>,
  path: Path,
  place: ExpressionPlace,
  values: ValueCompiler,
): ValueTemplate | undefined {
  const template = new JsonTemplate(place, values);
  if (!template.write(input, path)) return undefined;
  const { parts } = template;
  const [only] = parts;
  return parts.length === 1 && typeof only === 'string' ? { kind: 'constant', value: only } : { kind: 'json', parts };
}

class JsonTemplate {
  readonly parts: JsonPart[] = [];
  readonly #place: ExpressionPlace;
  readonly #values: ValueCompiler;

  constructor(place: ExpressionPlace, values: ValueCompiler) {
    this.#place = place;
    this.#values = values;
  }

  /** False where something is wrong, which was reported; the rest is looked at all the same. */
  write(input: Collected<JsonInput> | undefined, path: Path): boolean {
    switch (typeof input) {
      case 'undefined':
        return false;
      case 'string':
        return this.#text(input, path);
      case 'number':
        return this.#number(input, path);
      case 'bigint':
      case 'boolean':
        return this.#literal(String(input));
    }
    if (input === null) return this.#literal('null');
    return Array.isArray(input)
      ? this.#array(input, path)
      : this.#object(input as Collected<{ [key: string]: JsonInput }>, path);
  }

  #array(items: readonly (Collected<JsonInput> | undefined)[], path: Path): boolean {
    let sound = true;
    this.#literal('[');
    items.forEach((item, i) => {
      if (i > 0) this.#literal(',');
      sound = this.write(item, [...path, i]) && sound;
    });
    this.#literal(']');
    return sound;
  }

  #object(members: { readonly [key: string]: Collected<JsonInput> | undefined }, path: Path): boolean {
    let sound = true;
    this.#literal('{');
    Object.entries(members).forEach(([key, member], i) => {
      this.#literal(`${i > 0 ? ',' : ''}${JSON.stringify(key)}:`);
      sound = this.write(member, [...path, key]) && sound;
    });
    this.#literal('}');
    return sound;
  }

  #number(value: number, path: Path): boolean {
    if (!Number.isFinite(value)) {
      this.#values.report(path, `JSON has no number ${show(value)}`);
      return false;
    }
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 2 ** 64) {
      this.#values.report(path, 'not every digit of this whole number is kept', { hint: digitsHint });
      return false;
    }
    return this.#literal(JSON.stringify(value));
  }

  #text(text: string, path: Path): boolean {
    const pieces = this.#values.pieces(text, path, this.#place);
    if (pieces === undefined) return false;
    const [only] = pieces;
    if (pieces.length === 1 && only?.kind === 'expression') return this.#expression(only, false, path);
    this.#literal('"');
    const sound = pieces.map((piece) => {
      if (piece.kind === 'text') return this.#literal(JSON.stringify(piece.text).slice(1, -1));
      if (piece.kind === 'expression') return this.#expression(piece, true, path);
      this.parts.push({ stamp: true });
      return true;
    });
    this.#literal('"');
    return sound.every(Boolean);
  }

  #expression({ source, type, span }: ExpressionPiece, quoted: boolean, path: Path): boolean {
    this.parts.push({ source, quoted });
    if (quoted ? isPrintable(type) : writable.test(type)) return true;
    const message = quoted
      ? `an expression in text must be one value, not ${article(type)}`
      : `JSON has no place for ${article(type)}`;
    this.#values.report(path, message, { within: span });
    return false;
  }

  #literal(text: string): true {
    const last = this.parts.at(-1);
    if (typeof last === 'string') this.parts[this.parts.length - 1] = last + text;
    else this.parts.push(text);
    return true;
  }
}
