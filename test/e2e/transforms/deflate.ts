import { deflateRawSync, inflateRawSync } from 'node:zlib';

export default () => ({
  encode: (bytes: Uint8Array) => deflateRawSync(bytes),
  decode: (bytes: Uint8Array) => inflateRawSync(bytes, { maxOutputLength: 100_000 }),
});
