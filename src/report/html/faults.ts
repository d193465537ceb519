import { faultyKindWords, neighbourColumns, neighbourRows, neighbourVerdict } from '../fault-words.js';
import type { NeighboursReport } from '../neighbours.js';
import type { Report } from '../report.js';
import { type Html, html } from './html.js';
import { list, table } from './tables.js';

/** What clients did wrong, and how the others fared beside them. */
export function faults({ faults: found }: Report): Html | null {
  if (found === undefined) return null;
  const { kinds, neighbours } = found;
  return html`
<h2>Faults</h2>
${neighbours !== null && verdict(neighbours)}
${list(kinds.map((kind) => html`<b>${kind.client}</b>: ${faultyKindWords(kind)}`))}
${neighbours !== null && html`<h3>Neighbours</h3>${neighbourTable(neighbours)}`}`;
}

function verdict(neighbours: NeighboursReport): Html {
  const { sign, style, sentence } = neighbourVerdict(neighbours);
  return html`<p><span class="${style}">${sign}</span> ${sentence}</p>`;
}

function neighbourTable(neighbours: NeighboursReport): Html | null {
  const columns = neighbourColumns.map((title) => ({ title, numeric: true }));
  const rows = neighbourRows(neighbours).map(({ name, cells }) => [name, ...cells]);
  const caption =
    'The clients without faults before the first fault, while faults were played, and when none was any more; only they are in the totals of this report.';
  return table([{ title: 'milliseconds' }, ...columns], rows, caption);
}
