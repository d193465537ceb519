/** Eight bytes to convert numbers in, whatever the machine's own byte order. */
const bytes = new Uint8Array(8);
const view = new DataView(bytes.buffer);

/** Writes a number of IEEE 754 where there is room for it; returns where it ends. */
export function writeFloat(
  value: number,
  sizeBytes: 4 | 8,
  littleEndian: boolean,
  buffer: Uint8Array,
  offset: number,
): number {
  if (sizeBytes === 4) view.setFloat32(0, value, littleEndian);
  else view.setFloat64(0, value, littleEndian);
  for (let i = 0; i < sizeBytes; i++) buffer[offset + i] = bytes[i]!;
  return offset + sizeBytes;
}
