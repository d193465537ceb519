import { printable } from '../printable.js';

/** A column's heading, and whether its cells are numbers, which stand on the right. */
export interface MarkdownColumn {
  readonly title: string;
  readonly numeric?: boolean;
}

/** A table in GitHub's Markdown. Cells are plain text: what would be markup in them is escaped. Ends with a line break. */
export function markdownTable(columns: readonly MarkdownColumn[], rows: readonly (readonly string[])[]): string {
  const lines = [
    columns.map(({ title }) => escapeMarkdown(title)),
    columns.map(({ numeric }) => (numeric ? '---:' : '---')),
    ...rows.map((cells) => cells.map(escapeMarkdown)),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** A plain text on one line of Markdown: nothing in it is markup, HTML, a mention, a link or the border of a cell. */
export function escapeMarkdown(text: string): string {
  return (
    printable(text)
      .replace(/\s+/g, ' ')
      .replace(/[\\`*_{}[\]<>|~#&$]/g, '\\$&')
      // GitHub makes links of these, and calls people, whatever stands before them.
      .replace(/@|:(?=\/\/)/g, '$&\u200b')
      .replace(/(?<=\bwww)\./gi, '.\u200b')
  );
}
