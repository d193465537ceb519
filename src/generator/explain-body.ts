import { BodyReader } from '../packets/body-reader.js';
import { compileFieldReader, minimumSize } from '../packets/field-reader.js';
import type { FieldDefinition, FieldValue, ListField, PacketDefinition, ScalarField } from '../packets/index.js';
import { pdlField } from '../packets/pdl-field.js';
import { scalarTraits } from '../packets/scalars.js';
import type { Explained, Fault, Part } from './explain.js';

/**
 * Explains the fields of `packet`, whose body stands from `start` to `frameEnd`: that is where the frame's size says it
 * ends, and may lie beyond the end of `bytes`.
 */
export function explainBody(bytes: Uint8Array, start: number, frameEnd: number, packet: PacketDefinition): Explained {
  const body = new Body(bytes, start, frameEnd);
  try {
    body.explainFields(packet.fields, '');
    body.explainEnd();
  } catch (error) {
    if (error instanceof Misfit) return { parts: body.parts, fault: error.fault };
    throw error;
  }
  return { parts: body.parts, fault: undefined };
}

/** Ends the explanation at the first thing that does not fit. */
class Misfit extends Error {
  readonly fault: Fault;

  constructor(offset: number, reason: string) {
    super(reason);
    this.fault = { offset, reason };
  }
}

class Body {
  readonly parts: Part[] = [];
  readonly #bytes: Uint8Array;
  readonly #frameEnd: number;
  readonly #reader = new BodyReader();
  #position: number;

  constructor(bytes: Uint8Array, start: number, frameEnd: number) {
    this.#bytes = bytes;
    this.#position = start;
    this.#frameEnd = frameEnd;
  }

  explainFields(fields: readonly FieldDefinition[], prefix: string): void {
    for (const field of fields.map(pdlField)) {
      const path = `${prefix}${field.name}`;
      if (field.type === 'list') this.#explainList(field, path);
      else if (field.type === 'string') this.#explainText(field, path);
      else this.#take(scalarTraits[field.type].sizeBytes!, path, (from, to) => showValue(this.#read(field, from, to)));
    }
  }

  explainEnd(): void {
    const left = this.#frameEnd - this.#position;
    if (left === 0) return;
    throw new Misfit(this.#position, `the last field ends here, and the frame’s size says that ${left} bytes follow`);
  }

  /** A u16 length in bytes, then the text: two parts. */
  #explainText(field: ScalarField, path: string): void {
    const from = this.#position;
    const sizeBytes = this.#takeU16(`${path} length`, (size) => `${size} bytes`);
    if (sizeBytes % 2 !== 0) throw new Misfit(from, `${path}: a UTF-16 text cannot have ${sizeBytes} bytes`);
    if (sizeBytes > 0) this.#take(sizeBytes, path, (_, to) => showValue(this.#read(field, from, to)));
  }

  #explainList(field: ListField, path: string): void {
    const from = this.#position;
    const count = this.#takeU16(`${path} count`, String);
    const left = this.#frameEnd - this.#position;
    if (count * minimumSize(field.fields) > left) {
      throw new Misfit(
        from,
        `${path}: ${count} elements cannot stand in the ${left} bytes that the frame’s size leaves`,
      );
    }
    for (let i = 0; i < count; i++) this.explainFields(field.fields, `${path}[${i}].`);
  }

  #takeU16(field: string, show: (value: number) => string): number {
    let value = 0;
    this.#take(2, field, (from, to) => {
      this.#reader.begin(this.#bytes, from, to);
      value = this.#reader.takeU16(field);
      return show(value);
    });
    return value;
  }

  #take(sizeBytes: number, field: string, show: (from: number, to: number) => string): void {
    const from = this.#position;
    const to = from + sizeBytes;
    if (to > this.#frameEnd) {
      const left = this.#frameEnd - from;
      throw new Misfit(from, `${field}: ${sizeBytes} bytes are needed, and the frame’s size leaves ${left}`);
    }
    if (to > this.#bytes.length) {
      const missing = this.#frameEnd - this.#bytes.length;
      throw new Misfit(
        this.#bytes.length,
        `the frame breaks off in ${field}: by its size ${missing} more bytes follow`,
      );
    }
    this.parts.push({ offset: from, bytes: this.#bytes.subarray(from, to), field, value: show(from, to) });
    this.#position = to;
  }

  #read(field: ScalarField, from: number, to: number): FieldValue {
    this.#reader.begin(this.#bytes, from, to);
    return compileFieldReader(field)(this.#reader);
  }
}

/** Letters that a terminal would obey or hide are escaped: whoever sent the bytes may mean harm. */
function showValue(value: FieldValue): string {
  if (typeof value !== 'string') return Object.is(value, -0) ? '-0' : String(value);
  return JSON.stringify(value).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`,
  );
}
