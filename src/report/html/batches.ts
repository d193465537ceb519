import { exactCount, formatBytes, formatCount } from '../../metrics/format.js';
import type { TrendSummary } from '../../metrics/totals.js';
import { readTrend } from '../histograms.js';
import type { Report } from '../report.js';
import { type Content, type Html, html } from './html.js';
import { table } from './tables.js';

/** How many packets each read and each write carried, by powers of two. */
export function batches({ totals }: Report): Html | null {
  const { trends } = totals.measured;
  const titles = { recv_batch: 'Packets per receive', send_batch: 'Packets per send' } as const;
  const parts = (['recv_batch', 'send_batch'] as const).flatMap((metric) =>
    (trends[metric]?.merged ?? []).map((trend) => {
      const bytes = trends[metric === 'recv_batch' ? 'recv_bytes' : 'send_bytes']?.merged[0];
      const size = bytes === undefined ? '' : `, ${formatBytes(bytes.mean.value)} on average`;
      const caption = `${formatCount(trend.mean.value)} on average, ${formatCount(trend.max.value)} at most${size}`;
      const columns = [
        { title: 'packets' },
        { title: metric === 'recv_batch' ? 'receives' : 'sends', numeric: true },
        { title: 'share', numeric: true },
        { title: '', style: 'share' },
      ] as const;
      return html`<div><h3>${titles[metric]}</h3>${table(columns, batchRows(readTrend(metric, trend)), caption)}</div>`;
    }),
  );
  return parts.length === 0 ? null : html`<h2>Batching</h2><div class="charts">${parts}</div>`;
}

function batchRows(trend: TrendSummary): Content[][] {
  const lasts = Array.from({ length: Math.ceil(Math.log2(trend.max + 1)) }, (_, i) => 2 ** (i + 1) - 1);
  const counts = trend.countsBetween(lasts);
  return lasts.flatMap((last, i) => {
    if (last < trend.min) return [];
    const count = counts[i]!;
    const first = (last + 1) / 2;
    const share = count / trend.count;
    const bar = html`<i style="width: ${(100 * share).toFixed(2)}%"></i>`;
    return [
      [
        first === last ? `${first}` : `${first} – ${last}`,
        exactCount(count),
        `${(100 * share).toFixed(1)} %`,
        count > 0 && bar,
      ],
    ];
  });
}
