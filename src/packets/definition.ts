import type { INamespace } from 'protobufjs';
import type { Part } from './layout.js';

/** One value as JavaScript has it. Whole numbers of 64 bits are bigints; all other numbers are numbers. */
export type SingleValue = number | bigint | boolean | string | Uint8Array;
export type FieldValue = SingleValue | readonly SingleValue[] | FieldRecord | readonly FieldRecord[] | JsonValue;
export interface FieldRecord {
  readonly [field: string]: FieldValue;
}

/** A value of JSON. A whole number that a double would not keep exactly is a bigint, of at most 64 bits. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** C#'s names, which PDL uses, and three that it lacks. `bytes` is a Uint8Array. */
export type ScalarType =
  | 'byte'
  | 'sbyte'
  | 'bool'
  | 'short'
  | 'ushort'
  | 'int'
  | 'uint'
  | 'float'
  | 'long'
  | 'ulong'
  | 'double'
  | 'string'
  | 'bytes';

interface NamedField {
  readonly name: string;
  /** May be left out of what a scenario sends, and may be absent in what comes. */
  readonly optional?: true;
  /** The codec writes it, as it does a count or a constant: a scenario can read it, and never gives it. */
  readonly derived?: true;
  /** The oneof of several fields that it belongs to, of which only one is there at a time. */
  readonly oneof?: string;
}

export interface ScalarField extends NamedField {
  readonly type: ScalarType;
  /** What the packet definitions call the type, where that is another word: for messages. */
  readonly typeName?: string;
  /** An enum: a scenario may write the name or the number; the value is the number. */
  readonly names?: Readonly<Record<string, number>>;
  readonly limits?: Limits;
}

/** What a field takes beyond the rule of its type: whole numbers up to `max`, or texts and bytes of so many bytes on the wire. */
export type Limits =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | {
      readonly kind: 'size';
      readonly encoding: TextEncoding | null;
      readonly minBytes: number;
      readonly maxBytes: number;
      /** It ends at the first U+0000, which its text can therefore not contain. */
      readonly terminated: boolean;
    };

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

/** Elements with fields of their own. `name` is the field's name as scenarios use it (`skills`), `item` the definition's (`skill`). */
export interface ListField extends NamedField {
  readonly type: 'list';
  readonly item: string;
  readonly fields: readonly FieldDefinition[];
  /** How many elements there must be; absent where any number will do. */
  readonly count?: number;
}

/** Elements that are single values. */
export interface ArrayField extends NamedField {
  readonly type: 'array';
  readonly of: ScalarField;
  readonly count?: number;
}

export interface StructField extends NamedField {
  readonly type: 'struct';
  readonly fields: readonly FieldDefinition[];
}

export type FieldDefinition = ScalarField | ListField | ArrayField | StructField;

/** `S_` packets go to the client, `C_` packets to the server, a packet without a prefix both ways (an echo server sends it back). */
export type Direction = 'toServer' | 'toClient' | 'both';

export interface PacketDefinition {
  readonly name: string;
  readonly id: number;
  readonly direction: Direction;
  readonly fields: readonly FieldDefinition[];
}

/** A packet with the place of each byte: `layout` has one part for each field, in the same order. */
export interface InlinePacket extends PacketDefinition {
  readonly layout: readonly Part[];
}

/** The packets of one server: plain data, part of the plan. What can be done with a set is for its format to say. */
export type PacketSet =
  | { readonly format: 'pdl'; readonly packets: readonly PacketDefinition[] }
  | { readonly format: 'inline'; readonly packets: readonly InlinePacket[] }
  /** `root`: the messages as protobufjs describes them in JSON, for what a definition leaves out: numbers, wire types, oneofs. */
  | { readonly format: 'proto'; readonly packets: readonly PacketDefinition[]; readonly root: INamespace }
  /** One text a frame, UTF-8, no id. */
  | { readonly format: 'text' }
  /** One value of JSON a frame, no id. */
  | { readonly format: 'json' }
  /** The bytes of a frame as they are, no id. */
  | { readonly format: 'bytes' };
