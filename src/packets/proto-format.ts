import { fieldReader, type PacketFormat } from './format.js';
import { compileProtoDecoder, compileProtoEncoder, type ProtoPacketSet } from './proto-codec.js';
import { toValues } from './values.js';

/** The messages of a .proto: tagged fields, UTF-8 strings. */
export const protoFormat: PacketFormat<ProtoPacketSet> = {
  sole: null,
  freelyOptional: true,
  packets: (set) => set.packets,
  compileEncoder: compileProtoEncoder,
  compileDecoder: compileProtoDecoder,
  toValues,
  whereReader: fieldReader,
  stampWidth: () => 1,
};
