import { compileDecoder } from './decoder.js';
import type { PacketSet } from './definition.js';
import { compileEncoder } from './encoder.js';
import type { PacketFormat } from './format.js';

/** PDL.xml: UTF-16LE strings and u16 lengths, all little-endian. */
export const pdlFormat: PacketFormat<Extract<PacketSet, { readonly format: 'pdl' }>> = {
  named: true,
  freelyOptional: false,
  packets: (set) => set.packets,
  compileEncoder,
  compileDecoder,
  stampWidth: () => 2,
};
