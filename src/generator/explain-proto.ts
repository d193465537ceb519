import { isUtf8 } from 'node:buffer';
import type { INamespace } from 'protobufjs';
import type { PacketDefinition } from '../packets/index.js';
import { scalarReaders } from '../packets/proto-decoder.js';
import { messageOfType, type ProtoField, type ProtoScalar, packetMessage } from '../packets/proto-messages.js';
import { ProtoReader } from '../packets/proto-reader.js';
import { wire, wireTypeOf } from '../packets/proto-wire.js';
import type { BodyParts } from './body-parts.js';
import { bytesText, namedText, valueText } from './value-text.js';

/** What wire types are called where protobuf's encoding is described. */
const wireNames = ['VARINT', 'I64', 'LEN', 'SGROUP', 'EGROUP', 'I32'];

/** Messages, or groups, that are explained within each other. */
const deepest = 100;

/** Explains the fields of a message, which fill the body: each with its tag, its length if it has one, and its value. */
export function explainProto(body: BodyParts, packet: PacketDefinition, root: INamespace): void {
  new ProtoExplainer(body, root).message(packetMessage(root, packet.name).fields, 0);
}

/** How many elements of a message's repeated fields came already, by the field's number. */
type Counts = Map<number, number>;

class ProtoExplainer {
  readonly #body: BodyParts;
  readonly #root: INamespace;
  readonly #reader = new ProtoReader();

  constructor(body: BodyParts, root: INamespace) {
    this.#body = body;
    this.#root = root;
  }

  message(fields: readonly ProtoField[], depth: number): void {
    const counts: Counts = new Map();
    while (this.#body.left > 0) {
      const from = this.#body.position;
      const ended = this.#field(fields, counts, depth);
      if (ended !== null) this.#body.misfit(from, `the group ${ended} ends here, and never began`);
    }
  }

  /** Explains a field; the number of the group where it is the end of one. */
  #field(fields: readonly ProtoField[], counts: Counts, depth: number): number | null {
    const from = this.#body.position;
    const tag = this.#peekTag();
    const number = tag >>> 3;
    const wireType = tag & 7;
    const field = fields.find((candidate) => candidate.number === number);
    const packed = field !== undefined && isPacked(field, wireType);
    const name = packed ? field.definition.name : this.#nameOf(field, number, counts);
    const wireName = wireNames[wireType];
    this.#varint(`${name} tag`, () => `field ${number}, ${wireName ?? `wire type ${wireType}`}`);
    if (wireName === undefined) this.#body.misfit(from, `there is no wire type ${wireType}`);
    if (field !== undefined) this.#known(field, wireType, name, from, counts, depth);
    else if (wireType === wire.groupEnd) return number;
    else this.#unknown(number, wireType, name, depth);
    return null;
  }

  #peekTag(): number {
    const { position, bytes, readableEnd } = this.#body;
    this.#reader.begin(bytes, position, readableEnd);
    return this.#body.reading('tag', () => this.#reader.tag());
  }

  #nameOf(field: ProtoField | undefined, number: number, counts: Counts): string {
    if (field === undefined) return `unknown ${number}`;
    const { name } = field.definition;
    return field.repeated ? `${name}[${counts.get(number) ?? 0}]` : name;
  }

  #known(field: ProtoField, wireType: number, name: string, from: number, counts: Counts, depth: number): void {
    const { number, repeated, type } = field;
    const expected = wireTypeOf(type);
    const count = () => counts.set(number, (counts.get(number) ?? 0) + 1);
    if (isPacked(field, wireType)) {
      this.#within(name, () => {
        while (this.#body.left > 0) {
          this.#scalar(field, this.#nameOf(field, number, counts));
          count();
        }
      });
      return;
    }
    if (wireType !== expected) {
      this.#body.misfit(from, `${name}: its wire type is ${wireNames[wireType]}, and not ${wireNames[expected]}`);
    }
    if (type === 'message') this.#within(name, () => this.#nested(field, depth + 1));
    else if (expected === wire.bytes) this.#run(name, type === 'string');
    else this.#scalar(field, name);
    if (repeated) count();
  }

  #nested(field: ProtoField, depth: number): void {
    if (depth > deepest) this.#body.misfit(this.#body.position, `messages lie deeper than ${deepest}`);
    // The entries of a map have no type of their own.
    const fields = field.typeName === null ? field.fields : messageOfType(this.#root, field.typeName).fields;
    this.message(fields, depth);
  }

  #unknown(number: number, wireType: number, name: string, depth: number): void {
    if (wireType === wire.varint) this.#varint(name, (low, high) => String(high * 2 ** 32 + low));
    else if (wireType === wire.bytes) this.#run(name, false);
    else if (wireType === wire.groupStart) this.#group(number, depth + 1);
    else this.#body.take(wireType === wire.fixed64 ? 8 : 4, name, (from, to) => bytesText(to - from));
  }

  #group(number: number, depth: number): void {
    if (depth > deepest) this.#body.misfit(this.#body.position, `groups lie deeper than ${deepest}`);
    for (;;) {
      const from = this.#body.position;
      const ended = this.#field([], new Map(), depth);
      if (ended === number) return;
      if (ended !== null) this.#body.misfit(from, `the group ${number} is ended by ${ended}`);
    }
  }

  /** A number, of as many bytes as its type, or itself, says. */
  #scalar({ definition, type }: ProtoField, name: string): void {
    const scalar = definition.type === 'array' ? definition.of : definition;
    const names = 'names' in scalar ? scalar.names : undefined;
    this.#read(name, () => namedText(scalarReaders[type as ProtoScalar](this.#reader), names));
  }

  /** A length, then a text or bytes. */
  #run(name: string, isText: boolean): void {
    const length = this.#length(name);
    if (length === 0) return;
    this.#body.take(length, name, (from, to) => {
      if (!isText) return bytesText(length);
      const text = this.#body.bytes.subarray(from, to);
      if (!isUtf8(text)) this.#body.misfit(from, `${name}: the text is not UTF-8`);
      return valueText(Buffer.from(text).toString());
    });
  }

  /** A length, then what `explain` takes. */
  #within(name: string, explain: () => void): void {
    const length = this.#length(name);
    this.#body.within(length, name, explain);
  }

  #length(name: string): number {
    let length = 0;
    this.#varint(`${name} length`, (low, high) => {
      length = high * 2 ** 32 + low;
      return bytesText(length);
    });
    return length;
  }

  #varint(name: string, show: (low: number, high: number) => string): void {
    this.#read(name, () => {
      this.#reader.varint();
      return show(this.#reader.low, this.#reader.high);
    });
  }

  /** Makes a part of what `read` moves the reader over. */
  #read(name: string, read: () => string): void {
    const { position, bytes, readableEnd } = this.#body;
    this.#reader.begin(bytes, position, readableEnd);
    const value = this.#body.reading(name, read);
    this.#body.take(this.#reader.position - position, name, () => value);
  }
}

/** Several values behind one tag: writers may choose that for numbers, whatever the definition says. */
function isPacked({ repeated, type }: ProtoField, wireType: number): boolean {
  return repeated && wireType === wire.bytes && wireTypeOf(type) !== wire.bytes;
}
