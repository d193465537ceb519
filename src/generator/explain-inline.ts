import { BodyReader } from '../packets/body-reader.js';
import type { FieldDefinition, InlinePacket, SingleValue } from '../packets/index.js';
import { compileIntegerReader, type IntegerLayout } from '../packets/integers.js';
import { characterSize, type Extent, minimumSize, type Part, type Shape } from '../packets/layout.js';
import { compilePresence } from '../packets/presence.js';
import { compileStructReader } from '../packets/shape-reader.js';
import type { BodyParts } from './body-parts.js';
import { bytesText, namedText, valueText } from './value-text.js';

/** Explains the fields of a packet that was described field by field, which fill its body. */
export function explainInline(body: BodyParts, packet: InlinePacket): void {
  new InlineExplainer(body).struct(packet.layout, packet.fields, '');
  body.requireEnd();
}

/** What earlier parts of a structure say of how far a later one goes. */
type Count = (part: number) => number;

class InlineExplainer {
  readonly #body: BodyParts;
  readonly #reader = new BodyReader();

  constructor(body: BodyParts) {
    this.#body = body;
  }

  /** `fields`: what the parts are called, one for each of them. */
  struct(parts: readonly Part[], fields: readonly FieldDefinition[], prefix: string): void {
    const seen: (SingleValue | undefined)[] = parts.map(() => undefined);
    parts.forEach((part, i) => {
      if (compilePresence(parts, i)?.(seen) === false) return;
      const from = this.#body.position;
      const path = `${prefix}${part.name}`;
      seen[i] = this.#shape(part.shape, fields[i]!, path, (counted) => Number(seen[counted]));
      if (part.constant === undefined || part.constant === seen[i]) return;
      const came = valueText(seen[i] ?? 'nothing');
      this.#body.misfit(from, `${path}: it is always ${valueText(part.constant)}, and ${came} came`);
    });
  }

  /** Takes the parts of one value, and returns it if it is a single one. */
  #shape(shape: Shape, field: FieldDefinition, path: string, count: Count): SingleValue | undefined {
    switch (shape.kind) {
      case 'integer':
      case 'float':
      case 'bool':
        return this.#number(shape, path, 'names' in field ? field.names : undefined);
      case 'struct':
        this.struct(shape.parts, 'fields' in field ? field.fields : [], `${path}.`);
        return undefined;
      case 'array':
        return this.#array(shape, field, path, count);
      default:
        return this.#run(shape, path, count);
    }
  }

  #number(
    shape: Exclude<Shape, { readonly extent: Extent } | { readonly kind: 'struct' }>,
    path: string,
    names?: Readonly<Record<string, number>>,
  ): SingleValue {
    const sizeBytes = shape.kind === 'integer' ? this.#integerSize(shape, path) : minimumSize(shape);
    let value: SingleValue = 0;
    this.#body.take(sizeBytes, path, (from, to) => {
      value = this.#read(shape, from, to);
      return namedText(value, names);
    });
    return value;
  }

  #integerSize(layout: IntegerLayout, path: string): number {
    if (layout.sizeBytes !== null) return layout.sizeBytes;
    this.#reader.begin(this.#body.bytes, this.#body.position, this.#body.readableEnd);
    const read = compileIntegerReader(layout);
    this.#body.reading(path, () => read(this.#reader, path));
    return this.#reader.position - this.#body.position;
  }

  /** A text, or bytes: of a size that stands before it, somewhere else, or nowhere. */
  #run(shape: Extract<Shape, { readonly kind: 'string' | 'bytes' }>, path: string, count: Count): SingleValue {
    const { extent } = shape;
    const step = shape.kind === 'string' ? characterSize(shape.encoding) : 1;
    const sizeBytes = this.#extent(extent, path, 'length', count) ?? this.#terminatedSize(step, path);
    // A length that stands before it was explained already.
    const whole = extent.kind === 'fixed' || extent.kind === 'terminated' ? shape : { ...shape, extent: rest };
    let value: SingleValue = '';
    if (sizeBytes === 0) return value;
    this.#body.take(sizeBytes, path, (from, to) => {
      value = this.#read(whole, from, to);
      return typeof value === 'string' ? valueText(value) : bytesText(sizeBytes);
    });
    return value;
  }

  #array(
    shape: Extract<Shape, { readonly kind: 'array' }>,
    field: FieldDefinition,
    path: string,
    count: Count,
  ): undefined {
    const from = this.#body.position;
    const elements = shape.extent.kind === 'rest' ? null : this.#extent(shape.extent, path, 'count', count);
    const { left } = this.#body;
    if (elements !== null && elements * minimumSize(shape.of) > left) {
      const reason = `${path}: ${elements} elements cannot stand in the ${left} bytes that the frame’s size leaves`;
      this.#body.misfit(from, reason);
    }
    for (let i = 0; elements === null ? this.#body.left > 0 : i < elements; i++) {
      this.#shape(shape.of, field.type === 'array' ? field.of : field, `${path}[${i}]`, count);
    }
  }

  /** The size in bytes, or the number of elements; null for a text that goes on up to its end. */
  #extent(extent: Extent, path: string, what: 'length' | 'count', count: Count): number | null {
    switch (extent.kind) {
      case 'prefixed':
        return Number(this.#number(extent.length, `${path} ${what}`));
      case 'fixed':
        return extent.size;
      case 'counted':
        return count(extent.part);
      case 'rest':
        return this.#body.left;
      case 'terminated':
        return null;
    }
  }

  #terminatedSize(step: 1 | 2, path: string): number {
    const { bytes, position, readableEnd } = this.#body;
    for (let end = position + step; end <= readableEnd; end += step) {
      if (bytes[end - step] === 0 && (step === 1 || bytes[end - 1] === 0)) return end - position;
    }
    return this.#body.misfit(position, `${path}: no zero ends the text in the ${bytesText(this.#body.left)} left`);
  }

  #read(shape: Shape, from: number, to: number): SingleValue {
    this.#reader.begin(this.#body.bytes, from, to);
    return compileStructReader([{ name: 'value', shape }], () => true)(this.#reader).value as SingleValue;
  }
}

const rest: Extent = { kind: 'rest' };
