import {
  counted,
  exactCount,
  formatBytes,
  formatCount,
  formatQuantileMs,
  formatRate,
  formatReach,
} from '../../metrics/format.js';
import { connectsOf, failuresOf, paceOf, perSecond, windowOf } from '../headline.js';
import type { Report } from '../report.js';
import { totalOf } from '../scope.js';
import { connectRows, headTime, timeRows } from '../time-rows.js';
import { type Html, html } from './html.js';
import { facts, timesTable } from './tables.js';

/** The numbers that are quoted. */
export function keyFigures(report: Report): Html {
  const { clients, totals } = report;
  const { measured, wholeRun } = totals;
  const rate = (metric: 'packets_sent' | 'packets_received') =>
    formatRate(perSecond(report, totalOf(measured, metric)));
  const bytes = (metric: 'data_sent' | 'data_received') =>
    `${formatBytes(perSecond(report, totalOf(measured, metric)))}/s`;
  const reach = measured.rates.broadcast_reach;
  const errors = wholeRun.rates.errors;
  const tiles: (readonly [string, string, string] | null)[] = [
    ['clients', formatCount(clients.mostConnected), `connected at most, of ${formatCount(clients.planned)} planned`],
    ['packets sent', rate('packets_sent'), bytes('data_sent')],
    ['packets received', rate('packets_received'), bytes('data_received')],
    ...timeTiles(report),
    reach === undefined
      ? null
      : ['reach', formatReach(reach), `${exactCount(reach.hits)} of ${counted(reach.total, 'copy')}`],
    errors === undefined || errors.total === 0
      ? null
      : ['errors, whole run', `${Number(((100 * errors.hits) / errors.total).toPrecision(3))} %`, failuresOf(report)],
  ];
  const shown = tiles.filter((tile) => tile !== null);
  return html`<h2>Key figures</h2>
<p class="quiet">Of the measured window, ${windowOf(report)}; connects, lost connections and errors of the whole run.</p>
<dl class="figures">${shown.map(([label, value, note]) => html`<div><dt>${label}</dt><dd>${value}<small>${note}</small></dd></div>\n`)}</dl>
${facts([['connects', connectsOf(report)], ...report.closedLoops.map((loop) => [`iterations, ${loop.client}`, paceOf(loop)] as const)])}
${timesTable([...timeRows(report), ...connectRows(report)])}`;
}

function timeTiles(report: Report): (readonly [string, string, string])[] {
  const head = headTime(report);
  if (head === undefined) return [];
  const { name, trend } = head;
  return (['p50', 'p95', 'p99'] as const).map((percentile) => [percentile, formatQuantileMs(trend[percentile]), name]);
}
