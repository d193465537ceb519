import { type SwarmError, withoutFullStop } from '../errors.js';
import { nearest } from '../nearest.js';

/** More words than these are no help in a hint. */
const mostListed = 20;

/** `did you mean …?` for a word that is close to one of `known`; else `lead` and the first of them, or nothing where there are none. */
export function didYouMean(word: string, known: readonly string[], lead: string): string | undefined {
  const close = nearest(word, known);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  if (known.length === 0) return undefined;
  return `${lead} ${known.slice(0, mostListed).join(', ')}${known.length > mostListed ? ' …' : ''}`;
}

/** The sentences of another room's error as a problem has them: no capital, no full stop. */
export function sentencesOf(error: SwarmError): { readonly message: string; readonly hint: string | undefined } {
  return { message: asClause(error.message), hint: error.hint === undefined ? undefined : asClause(error.hint) };
}

/** A sentence as part of another. */
export function asClause(sentence: string): string {
  const [first = '', second = ''] = sentence;
  // An abbreviation keeps its capitals.
  const isWord = second === second.toLowerCase();
  return `${isWord ? first.toLowerCase() : first}${withoutFullStop(sentence.slice(1))}`;
}
