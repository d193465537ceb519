import { nearest } from '../nearest.js';

/** `did you mean …?` for a word that is close to one of `known`; else `lead` and all of them, or nothing where there are none. */
export function didYouMean(word: string, known: readonly string[], lead: string): string | undefined {
  const close = nearest(word, known);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  return known.length === 0 ? undefined : `${lead} ${known.join(', ')}`;
}
