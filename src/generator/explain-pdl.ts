import { BodyReader } from '../packets/body-reader.js';
import { compileFieldReader, minimumSize } from '../packets/field-reader.js';
import type { FieldDefinition, ListField, PacketDefinition, ScalarField } from '../packets/index.js';
import { pdlField } from '../packets/pdl-field.js';
import { scalarTraits } from '../packets/scalars.js';
import type { BodyParts } from './body-parts.js';
import { valueText } from './value-text.js';

/** Explains the fields of a PDL packet, which fill its body. */
export function explainPdl(body: BodyParts, packet: PacketDefinition): void {
  new PdlExplainer(body).fields(packet.fields, '');
  body.requireEnd();
}

class PdlExplainer {
  readonly #body: BodyParts;
  readonly #reader = new BodyReader();

  constructor(body: BodyParts) {
    this.#body = body;
  }

  fields(fields: readonly FieldDefinition[], prefix: string): void {
    for (const field of fields.map(pdlField)) {
      const path = `${prefix}${field.name}`;
      if (field.type === 'list') this.#list(field, path);
      else if (field.type === 'string') this.#text(field, path);
      else this.#value(field, scalarTraits[field.type].sizeBytes!, path);
    }
  }

  /** A u16 length in bytes, then the text: two parts. */
  #text(field: ScalarField, path: string): void {
    const from = this.#body.position;
    const sizeBytes = this.#takeU16(`${path} length`, (size) => `${size} bytes`);
    if (sizeBytes % 2 !== 0) this.#body.misfit(from, `${path}: a UTF-16 text cannot have ${sizeBytes} bytes`);
    if (sizeBytes === 0) return;
    this.#body.take(sizeBytes, path, (_, to) => this.#read(field, from, to));
  }

  #list(field: ListField, path: string): void {
    const from = this.#body.position;
    const count = this.#takeU16(`${path} count`, String);
    const { left } = this.#body;
    if (count * minimumSize(field.fields) > left) {
      const reason = `${path}: ${count} elements cannot stand in the ${left} bytes that the frame’s size leaves`;
      this.#body.misfit(from, reason);
    }
    for (let i = 0; i < count; i++) this.fields(field.fields, `${path}[${i}].`);
  }

  #takeU16(field: string, show: (value: number) => string): number {
    let value = 0;
    this.#body.take(2, field, (from, to) => {
      this.#reader.begin(this.#body.bytes, from, to);
      value = this.#reader.takeU16(field);
      return show(value);
    });
    return value;
  }

  #value(field: ScalarField, sizeBytes: number, path: string): void {
    this.#body.take(sizeBytes, path, (from, to) => this.#read(field, from, to));
  }

  #read(field: ScalarField, from: number, to: number): string {
    this.#reader.begin(this.#body.bytes, from, to);
    return valueText(compileFieldReader(field)(this.#reader));
  }
}
