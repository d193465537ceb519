import { allPrintable } from '../printable.js';
import { cut, padEnd, padStart } from '../report/table.js';
import { type TextStyle, TextWriter, wrap } from '../report/text-writer.js';
import type { Verdict } from '../statistics/judge.js';
import type { Comparison, Row } from './comparison.js';
import {
  type Conclusion,
  changeCells,
  conclusionOf,
  glyphOf,
  intervalTitle,
  remarksOn,
  titleOf,
  titleOfRow,
  valueText,
} from './words.js';

export interface ComparisonTextOptions {
  readonly color: boolean;
  /** Of the terminal; the text is never wider than 100. */
  readonly columns: number;
}

const styles: Readonly<Record<Verdict | Conclusion, TextStyle>> = {
  ok: 'good',
  better: 'good',
  same: 'good',
  worse: 'bad',
  'cannot tell': 'warn',
};

const remarkIndent = '    ';
const nameWidth = 27;
const valueWidth = 12;
const changeWidth = 10;
const intervalWidth = 22;

/** A comparison for people: what to beware of first, then the numbers, then the verdict. Ends with a line break. */
export function renderComparisonText(raw: Comparison, { color, columns }: ComparisonTextOptions): string {
  const comparison = allPrintable(raw);
  const writer = new TextWriter(Math.min(columns, 100), color);
  const { kind, rows, base, current, cautions, scope } = comparison;
  writer.section(writer.paint('bold', cut(titleOf(comparison), writer.width)));
  // Not wrapped: a path is there to be copied. Rounds go by their folders' names.
  const files =
    kind === 'rounds'
      ? []
      : [base, current].flatMap(({ reports }) => reports.map(({ name, file }) => writer.label(name) + file));
  writer.section(...files);
  writer.section(...cautions.flatMap((caution) => writer.judged('beware', '!', 'warn', caution)));
  writer.section(...writer.sentence(scope, 'dim'));
  const { verdict, sentence } = conclusionOf(comparison);
  const goals = rows.filter(({ failOn }) => failOn !== null);
  const others = rows.filter(({ failOn }) => failOn === null);
  table('may fail', goals, comparison, writer);
  table('information', others, comparison, writer);
  writer.section(...writer.judged('result', glyphOf[verdict], styles[verdict], sentence));
  return writer.text();
}

function table(title: string, rows: readonly Row[], { base, current }: Comparison, writer: TextWriter): void {
  if (rows.length === 0) return;
  const head = cells(title, [
    cut(base.label, valueWidth - 2),
    cut(current.label, valueWidth - 2),
    'change',
    intervalTitle(rows),
  ]);
  writer.section(writer.paint('dim', head), ...rows.flatMap((row) => lines(row, writer)));
}

function lines(row: Row, writer: TextWriter): string[] {
  const style = styles[row.verdict];
  const title = titleOfRow(row);
  const numbers = [valueText(row, row.base), valueText(row, row.current), ...changeCells(row)];
  const fits = title.length < nameWidth - 2;
  const mark = writer.paint(style, glyphOf[row.verdict]);
  return [
    ...(fits ? [] : [`${mark} ${cut(title, writer.width - 2)}`]),
    `${fits ? mark : ' '} ${cells(fits ? title : '', numbers, nameWidth - 2)}  ${writer.paint(style, row.verdict)}`,
    ...remarksOn(row)
      .flatMap((remark) => wrap(remark, writer.width - remarkIndent.length))
      .map((line) => remarkIndent + writer.paint('dim', line)),
  ];
}

function cells(name: string, numbers: readonly string[], width = nameWidth): string {
  const widths = [valueWidth, valueWidth, changeWidth, intervalWidth];
  return padEnd(name, width) + numbers.map((number, i) => padStart(number, widths[i]!)).join('');
}
