/**
 * What a terminal obeys, or draws in a width of its own choosing: control characters, marks that turn the direction of writing, joiners,
 * lone surrogates, and what chooses between two forms of a letter.
 */
const unprintable = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Zl}|\p{Zp}|\p{Variation_Selector}/gu;

/** A text from elsewhere (a packet's name, an error's words) on one line, with nothing in it that a terminal obeys. */
export function printable(text: string): string {
  return text.replace(unprintable, (letter) => (/\s/.test(letter) ? ' ' : '·'));
}
