import type { Part } from './layout.js';

/** Whether a part stands in the packet whose values (or what was read so far) these are. */
export type Presence = (values: readonly unknown[]) => boolean;

/** The presence of the part at `index` of `parts`; null where it always stands there. */
export function compilePresence(parts: readonly Part[], index: number): Presence | null {
  const { when } = parts[index]!;
  if (when === undefined) return null;
  const conditions = when.map(({ part, value }) => ({
    part,
    value,
    // Whole numbers of 64 bits are bigints.
    wide: typeof value === 'number' ? BigInt(value) : value,
    present: compilePresence(parts, part),
  }));
  return (values) => {
    for (const { part, value, wide, present } of conditions) {
      const given = values[part];
      if ((given !== value && given !== wide) || (present !== null && !present(values))) return false;
    }
    return true;
  };
}
