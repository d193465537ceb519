import { bareMs, formatCount } from '../../metrics/format.js';
import type { TimeRow } from '../time-rows.js';
import { type Content, type Html, html } from './html.js';

export interface Column {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly numeric?: boolean;
  /** How its cells look where they are neither plain text nor numbers. */
  readonly style?: 'sign' | 'share' | 'words';
}

/** A table whose first column names the rows, unless it is a sign; null where there are no rows. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  caption?: string,
): Html | null {
  if (rows.length === 0) return null;
  const named = columns.findIndex(({ style }) => style !== 'sign');
  const head = columns.map((column) => html`<th scope="col"${classOf(column)}>${column.title}</th>`);
  const cell = (content: Content, i: number) => {
    const column = columns[i]!;
    if (i === named) return html`<th scope="row">${content}</th>`;
    return html`<td${classOf(column)}>${content}</td>`;
  };
  return html`<div class="scroll"><table>${caption !== undefined && html`<caption><span>${caption}</span></caption>`}
<thead><tr>${head}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

function classOf({ numeric, style }: Column): Html | null {
  const name = style ?? (numeric ? 'number' : undefined);
  return name === undefined ? null : html` class="${name}"`;
}

/** Times in milliseconds. `≥` stands where the percentile falls among what was never answered. */
export function timesTable(rows: readonly TimeRow[], caption?: string): Html | null {
  const someUnanswered = rows.some(({ trend }) => trend.unanswered > 0);
  const numbers = [
    'count',
    ...(someUnanswered ? ['unanswered'] : []),
    'mean',
    'p50',
    'p90',
    'p95',
    'p99',
    'p99.9',
    'max',
  ];
  return table(
    [{ title: 'milliseconds' }, ...numbers.map((title) => ({ title, numeric: true }))],
    rows.map(({ name, trend }) => {
      const { count, unanswered, mean, p50, p90, p95, p99, p999, max } = trend;
      const counts = [count, ...(someUnanswered ? [unanswered] : [])].map(formatCount);
      return [name, ...counts, ...[mean, p50, p90, p95, p99, p999, max].map(bareMs)];
    }),
    caption,
  );
}

/** Labelled facts; those without a value are left out. */
export function facts(entries: readonly (readonly [string, Content])[]): Html {
  const known = entries.filter(([, value]) => value !== null && value !== '');
  return html`<dl class="facts">${known.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>\n`)}</dl>`;
}

export function list(sentences: readonly Content[]): Html | null {
  return sentences.length === 0 ? null : html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>\n`)}</ul>`;
}
