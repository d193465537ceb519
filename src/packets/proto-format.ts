import type { PacketFormat } from './format.js';
import { compileProtoDecoder, compileProtoEncoder, type ProtoPacketSet } from './proto-codec.js';

/** The messages of a .proto: tagged fields, UTF-8 strings. */
export const protoFormat: PacketFormat<ProtoPacketSet> = {
  named: true,
  freelyOptional: true,
  packets: (set) => set.packets,
  compileEncoder: compileProtoEncoder,
  compileDecoder: compileProtoDecoder,
  stampWidth: () => 1,
};
