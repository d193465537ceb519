/** East Asian letters take two columns of a terminal. */
const wide = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/gu;
/** Letters that are drawn over the one before them take none. */
const combining = /\p{M}/gu;

/** How many columns a text takes in a terminal. */
export function columnsOf(text: string): number {
  const letters = [...text].length;
  return letters + (text.match(wide)?.length ?? 0) - (text.match(combining)?.length ?? 0);
}

/** Cuts a text that is too long, so that it ends with an ellipsis. */
export function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let kept = '';
  for (const letter of text) {
    if (columnsOf(kept + letter) > width - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

/** Cuts a text that is too long in its middle: its end tells it from others that begin alike. */
export function cutMiddle(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  const half = Math.floor((width - 1) / 2);
  let end = '';
  for (const letter of [...text].reverse()) {
    if (columnsOf(letter + end) > half) break;
    end = letter + end;
  }
  return cut(text, width - columnsOf(end)) + end;
}

/** Fills a text up on its right to so many columns of a terminal; one that is longer stays as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** Fills a text up on its left, as `padEnd` does on its right. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columnsOf(text))) + text;
}

/** A row: the first cell on the left, cut in its middle where it is too long, the others on the right of columns `width` wide. */
export function row(first: string, firstWidth: number, cells: readonly string[], width: number): string {
  return padEnd(cutMiddle(first, firstWidth), firstWidth) + cells.map((cell) => padStart(cell, width)).join('');
}
