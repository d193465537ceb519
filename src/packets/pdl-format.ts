import { compileDecoder } from './decoder.js';
import type { PacketSet } from './definition.js';
import { compileEncoder } from './encoder.js';
import { fieldReader, type PacketFormat } from './format.js';
import { toValues } from './values.js';

/** PDL.xml: UTF-16LE strings and u16 lengths, all little-endian. */
export const pdlFormat: PacketFormat<Extract<PacketSet, { readonly format: 'pdl' }>> = {
  sole: null,
  freelyOptional: false,
  packets: (set) => set.packets,
  compileEncoder,
  compileDecoder,
  toValues,
  whereReader: fieldReader,
  stampWidth: () => 2,
};
