/**
 * What a terminal obeys, or draws in a width of its own choosing: control characters, marks that turn the direction of writing, joiners,
 * lone surrogates, and what chooses between two forms of a letter.
 */
const unprintable = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Zl}|\p{Zp}|\p{Variation_Selector}/gu;

/** A text from elsewhere (a packet's name, an error's words) on one line, with nothing in it that a terminal obeys. */
export function printable(text: string): string {
  return text.replace(unprintable, (letter) => (/\s/.test(letter) ? ' ' : '·'));
}

/** The same of a text that has lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Plain data with every text in it made printable. */
export function allPrintable<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(allPrintable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, allPrintable(part)])) as T;
}
