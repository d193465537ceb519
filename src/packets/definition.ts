/** What a field may hold in JavaScript. Whole numbers of 64 bits are bigints; all other numbers are numbers. */
export type FieldValue = number | bigint | boolean | string | readonly FieldRecord[];
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
  | 'float'
  | 'long'
  | 'double'
  | 'string';

export interface ScalarField {
  readonly name: string;
  readonly type: ScalarType;
}

/** A u16 count of elements, then the elements inline. `name` is the field's name as scenarios use it (`skills`), `item` the PDL's (`skill`). */
export interface ListField {
  readonly name: string;
  readonly type: 'list';
  readonly item: string;
  readonly fields: readonly FieldDefinition[];
}

export type FieldDefinition = ScalarField | ListField;

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
  /** One text a frame, UTF-8, no id. */
  | { readonly format: 'text' };
