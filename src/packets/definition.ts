import type { INamespace } from 'protobufjs';

/** What a scalar may hold in JavaScript. Whole numbers of 64 bits are bigints; all other numbers are numbers. */
export type ScalarValue = number | bigint | boolean | string | Uint8Array;
/** What a field may hold; undefined only where it is optional, or a struct, and was left out. */
export type FieldValue = ScalarValue | FieldRecord | readonly FieldRecord[] | readonly ScalarValue[] | undefined;
export interface FieldRecord {
  readonly [field: string]: FieldValue;
}

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

export interface ScalarField {
  readonly name: string;
  readonly type: ScalarType;
  /** Of an enum: its values by name. */
  readonly names?: Readonly<Record<string, number>>;
  /** It may be left out, and that is told apart from every value it may have. */
  readonly optional?: true;
}

/** Any number of records. In PDL a u16 count of elements, then the elements inline; `name` is the field's name as scenarios use it (`skills`), `item` the PDL's (`skill`). */
export interface ListField {
  readonly name: string;
  readonly type: 'list';
  readonly item: string;
  readonly fields: readonly FieldDefinition[];
}

/** Any number of scalars. */
export interface ArrayField {
  readonly name: string;
  readonly type: 'array';
  readonly of: ScalarType;
}

/** One record within the packet, which may be left out. */
export interface StructField {
  readonly name: string;
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

/** The packets of one server: plain data, part of the plan. */
export type PacketSet =
  | { readonly format: 'pdl'; readonly packets: readonly PacketDefinition[] }
  /** `root`: the messages as protobufjs describes them in JSON, for what a definition leaves out: numbers, wire types, oneofs. */
  | { readonly format: 'proto'; readonly packets: readonly PacketDefinition[]; readonly root: INamespace }
  /** One text a frame, UTF-8, no id. */
  | { readonly format: 'text' };
