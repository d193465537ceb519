import { glyphsToAscii } from '../ascii.js';
import { columnsOf } from './printable.js';

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A frame in ASCII, as wide as it was; letters that ASCII does not have become question marks, one for each column. */
export function toAscii(frame: string): string {
  return glyphsToAscii(frame).replace(/[^\x00-\x7f]+/g, (run) =>
    Array.from(letters.segment(run), ({ segment }) => '?'.repeat(columnsOf(segment))).join(''),
  );
}
