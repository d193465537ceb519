import { SwarmError } from '../errors.js';
import { SourceText } from '../packets/source-text.js';

/**
 * Bytes as people copy them: `0e 00 02 00`, `0e:00:02:00`, `0x0e, 0x00`, `\x0e\x00`, or without anything between.
 *
 *     bytes     = { separator | [ "0x" ] digit digit { digit digit } }
 *     separator = white space | ":" | "," | ";" | "\x"
 *
 * `source` is where the text comes from, for messages.
 * @throws SwarmError `hex-invalid` with the place of every mistake.
 */
export function parseHex(text: string, source: string): Uint8Array {
  const place = new SourceText(text, source);
  // As long as before, so that places stay true.
  const separated = text.replace(/\\x/gi, '  ');
  const groups = [...separated.matchAll(/[^\s:,;]+/gu)].map(({ 0: group, index }) => {
    const prefix = /^0x/i.test(group) ? 2 : 0;
    return { digits: group.slice(prefix), start: index + prefix, end: index + group.length };
  });
  const problems = groups.flatMap(({ digits, start, end }) => {
    const wrong = /[^0-9a-f]/iu.exec(digits);
    if (wrong !== null) {
      const at = start + wrong.index;
      return [place.problem({ start: at, end: at + wrong[0].length }, `${wrong[0]} is not a hexadecimal digit`)];
    }
    if (digits.length > 0 && digits.length % 2 === 0) return [];
    return [place.problem({ start, end }, 'a byte has two digits, and half a byte is left here')];
  });
  if (problems.length === 0 && groups.length > 0) {
    return Uint8Array.from(
      groups.flatMap(({ digits }) => (digits.match(/../g) ?? []).map((byte) => parseInt(byte, 16))),
    );
  }
  const message = groups.length === 0 ? `There are no bytes in ${source}.` : `${source} is not bytes in hexadecimal.`;
  throw new SwarmError('hex-invalid', message, { problems, hint: 'Write them as in 0e 00 02 00 or 0e000200.' });
}
