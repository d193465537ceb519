import type { Tone } from './facts.js';
import { type Scroll, scrollOf } from './navigation.js';

/** A column of a table; the first is as wide as the others leave it. */
export interface Column<Row> {
  readonly label: string;
  /** With the gap before it. */
  readonly width: number;
  text(row: Row): string;
}

export interface TableView {
  /** The heads of the first column, and of the others as they stand. */
  readonly head: readonly [string, string];
  readonly rows: readonly { readonly name: string; readonly tone: Tone; readonly cells: string }[];
  readonly scroll: Scroll;
}

export interface TableOptions<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly tone?: (row: Row) => Tone;
  readonly width: number;
  /** With the line of the heads. */
  readonly lines: number;
  readonly top: number;
}

/** Names are cut to this before a column is left out. */
const leastNameWidth = 10;

/** As many columns and rows as fit; only of the rows that are shown, cells are made. */
export function tableOf<Row>({ columns, rows, tone, width, lines, top }: TableOptions<Row>): TableView {
  const [names, ...others] = columns;
  const shown = fitting(others, width - leastNameWidth);
  const scroll = scrollOf(rows.length, Math.max(1, lines - 1), top);
  const lineOf = (cell: (column: Column<Row>) => string) =>
    shown.map((column) => cell(column).padStart(column.width)).join('');
  return {
    head: [names?.label ?? '', lineOf(({ label }) => label)],
    rows: rows.slice(scroll.top, scroll.top + scroll.page).map((row) => ({
      name: names?.text(row) ?? '',
      tone: tone?.(row) ?? 'plain',
      cells: lineOf((column) => column.text(row)),
    })),
    scroll,
  };
}

function fitting<Row>(columns: readonly Column<Row>[], width: number): readonly Column<Row>[] {
  let room = width;
  return columns.filter((column) => {
    room -= column.width;
    return room >= 0;
  });
}
