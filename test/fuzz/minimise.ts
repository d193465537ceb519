/** The shortest input found by taking stretches away, larger ones first, for which `stillHolds`. */
export function minimised(input: Uint8Array, stillHolds: (input: Uint8Array) => boolean, mostTries = 2000): Uint8Array {
  let smallest = input;
  let tries = 0;
  for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && tries < mostTries; tries++) {
      const shorter = Uint8Array.of(...smallest.subarray(0, at), ...smallest.subarray(at + size));
      if (stillHolds(shorter)) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}
