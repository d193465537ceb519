import { columnsOf } from './printable.js';

/** Each glyph that a frame is drawn with, and what stands for it where the terminal has ASCII alone: one column for one. */
const replacements: Readonly<Record<string, string>> = {
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '─': '-',
  '│': '|',
  '▁': '_',
  '▂': '_',
  '▃': '.',
  '▄': ':',
  '▅': ':',
  '▆': '=',
  '▇': '#',
  '█': '#',
  '▏': '-',
  '▎': '-',
  '▍': '-',
  '▌': '-',
  '▋': '=',
  '▊': '=',
  '▉': '#',
  '░': '.',
  '▒': ':',
  '▓': '=',
  '▸': '>',
  '→': '>',
  '≥': '>',
  '±': '~',
  '×': 'x',
  '−': '-',
  '–': '-',
  '·': '.',
  '…': '~',
  '▲': '^',
  '▼': 'v',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '✓': 'o',
  '✗': 'x',
  '◌': '?',
};

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A frame in ASCII, as wide as it was; letters that ASCII does not have become question marks, one for each column. */
export function toAscii(frame: string): string {
  return frame.replace(/[^\x00-\x7f]+/g, (run) =>
    Array.from(letters.segment(run), ({ segment }) => replacements[segment] ?? '?'.repeat(columnsOf(segment))).join(''),
  );
}
