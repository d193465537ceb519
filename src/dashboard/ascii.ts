/** Each glyph that a frame is drawn with, and what stands for it where the locale is not UTF-8: one column for one. */
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
  '▸': '>',
  '→': '>',
  '≥': '>',
  '–': '-',
  '·': '-',
  '…': '~',
  '✓': 'o',
  '✗': 'x',
  '◌': '?',
};

/** East Asian letters take two columns, and so do their replacements. */
const wide = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/u;

/** A frame in ASCII, as wide as it was; letters that ASCII does not have become question marks. */
export function toAscii(frame: string): string {
  return frame.replace(/[^\x00-\x7f]/gu, (glyph) => replacements[glyph] ?? (wide.test(glyph) ? '??' : '?'));
}
