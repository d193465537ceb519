let viewed: Uint8Array = new Uint8Array(0);
let view = new DataView(viewed.buffer);

/** A view of `buffer` to read numbers from, kept for the next call: what is received stands in one and the same buffer. */
export function dataViewOf(buffer: Uint8Array): DataView {
  if (buffer !== viewed) {
    viewed = buffer;
    view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
  return view;
}
