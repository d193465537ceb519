import { columnsOf } from './table.js';

const styles = { good: [32, 39], bad: [31, 39], warn: [33, 39], dim: [2, 22], bold: [1, 22] } as const;

export type TextStyle = keyof typeof styles;

/** Where the values of labelled lines begin. */
const labelWidth = 14;

/** Collects sections of lines. Each line begins with a space; between sections stands an empty line. */
export class TextWriter {
  /** Columns that a line may take. */
  readonly width: number;
  readonly #color: boolean;
  readonly #sections: string[] = [];

  constructor(columns: number, color: boolean) {
    this.width = columns - 1;
    this.#color = color;
  }

  paint(style: TextStyle, text: string): string {
    if (!this.#color) return text;
    const [on, off] = styles[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }

  label(text: string): string {
    return this.paint('dim', text.padEnd(labelWidth));
  }

  /** A labelled text, wrapped. */
  fact(label: string, text: string): string[] {
    return wrap(text, this.width - labelWidth).map((line, index) => this.label(index === 0 ? label : '') + line);
  }

  /** A labelled text behind a glyph in the glyph's style, wrapped. */
  judged(label: string, glyph: string, style: TextStyle, text: string): string[] {
    return wrap(text, this.width - labelWidth - 2).map((line, index) =>
      index === 0 ? `${this.label(label)}${this.paint(style, glyph)} ${line}` : `${this.label('')}  ${line}`,
    );
  }

  /** Lines wrapped to the width, in one style. */
  sentence(text: string, style: TextStyle): string[] {
    return wrap(text, this.width).map((line) => this.paint(style, line));
  }

  section(...lines: readonly string[]): void {
    if (lines.length > 0) this.#sections.push(lines.map((line) => ` ${line.trimEnd()}\n`).join(''));
  }

  text(): string {
    return this.#sections.join('\n');
  }
}

/** Breaks a text between words; a word longer than a line is broken where the line ends. */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/).flatMap((part) => pieces(part, width))) {
    const line = lines.at(-1);
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function pieces(word: string, width: number): string[] {
  const found = [''];
  for (const letter of word) {
    const longer = found.at(-1) + letter;
    if (columnsOf(longer) <= width) found[found.length - 1] = longer;
    else found.push(letter);
  }
  return found;
}
