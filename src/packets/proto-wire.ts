import type { ProtoScalar } from './proto-messages.js';

/** How long a value is, as its tag says it. The groups of proto2 are passed over, never read. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

const wireTypes: Readonly<Record<ProtoScalar, number>> = {
  double: wire.fixed64,
  float: wire.fixed32,
  int32: wire.varint,
  sint32: wire.varint,
  sfixed32: wire.fixed32,
  uint32: wire.varint,
  fixed32: wire.fixed32,
  int64: wire.varint,
  sint64: wire.varint,
  sfixed64: wire.fixed64,
  uint64: wire.varint,
  fixed64: wire.fixed64,
  bool: wire.varint,
  string: wire.bytes,
  bytes: wire.bytes,
};

/** The wire type of a field's values, one by one. */
export function wireTypeOf(type: ProtoScalar | 'message'): number {
  return type === 'message' ? wire.bytes : wireTypes[type];
}
