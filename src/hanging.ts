import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Lines that are pasted, or that a caret stands below: an example, a line of a file. */
const verbatim = /^\s+(\$|\d*\s*\|)\s/;
/** A row of a table of two columns, the first of which may be of several words where it is indented: the second is what hangs. */
const row = /^(?: *\S+| +\S+(?: \S+)*) {2,}/;

/**
 * A text whose lines take at most `columns` of a terminal: longer ones are broken between words, and go on `indent` columns further in. Words
 * that are longer than a line stay whole, as do examples and lines of files: where the terminal breaks those they can still be copied.
 */
export function hanging(text: string, columns: number, indent = 2): string {
  return text
    .split('\n')
    .map((line) => (verbatim.test(line) || stringWidth(line) <= columns ? line : broken(line, columns, indent)))
    .join('\n');
}

function broken(line: string, columns: number, indent: number): string {
  const [column] = row.exec(line) ?? [];
  const head = column ?? line.slice(0, line.search(/[^ ]/));
  const margin = head.length + (column === undefined ? indent : 0);
  return head + wrapAnsi(line.slice(head.length), columns - margin).replaceAll('\n', `\n${' '.repeat(margin)}`);
}
