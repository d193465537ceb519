import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { titleOf } from '../headline.js';
import type { Report } from '../report.js';
import { batches } from './batches.js';
import { botMetrics, clients, errors, packets } from './breakdowns.js';
import { chartData, type TitledChart } from './charts.js';
import { faults } from './faults.js';
import { flowCharts } from './flow-charts.js';
import { type Html, html, inline, jsonScript } from './html.js';
import { keyFigures } from './key-figures.js';
import { distributionChart, timeCharts } from './latency-charts.js';
import { memoryChart } from './memory-chart.js';
import { provenance } from './provenance.js';
import { stylesheet } from './stylesheet.js';
import { generator, verdict } from './verdict.js';

/** A run as one HTML file, that needs nothing beside it: neither other files nor a network. */
export function renderHtml(report: Report): string {
  const flow = flowCharts(report);
  const { percentiles, heatMaps } = timeCharts(report);
  const latency = [...distributionChart(report), ...heatMaps];
  const memory = memoryChart(report);
  const data = chartData(report, [...flow, ...percentiles, ...latency, ...memory]);
  const { uplot, uplotStyle, charts } = assets();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy([uplot, charts])}">
<title>${titleOf(report)}</title>
${inline('style', `${uplotStyle}\n${stylesheet}`)}
</head>
<body>
<main>
${verdict(report)}
${generator(report)}
${keyFigures(report)}
${flow.length > 0 && html`<h2>Over time</h2><p class="quiet">Dotted lines are where a stage of the load ends; what is shaded is not measured.</p>`}
${figures(flow, 'charts')}
${figures(percentiles, 'charts wide')}
${latency.length > 0 && html`<h2>Latency</h2>`}
${figures(latency, 'charts wide')}
${batches(report)}
${packets(report)}
${clients(report)}
${botMetrics(report)}
${errors(report)}${faults(report)}
${provenance(report)}
${figures(memory, 'charts wide')}
<noscript><p class="quiet">The charts need JavaScript; all else is complete without.</p></noscript>
</main>
${jsonScript('chart-data', data)}
${inline('script', uplot)}
${inline('script', charts, ' type="module"')}
</body>
</html>
`.text;
}

function figures(charts: readonly TitledChart[], layout: 'charts' | 'charts wide'): Html | null {
  if (charts.length === 0) return null;
  const figure = ({ id, title, caption }: TitledChart) =>
    html`<figure><figcaption><h3>${title}</h3><p>${caption}</p></figcaption><div data-chart="${id}" role="img" aria-label="${title}"></div></figure>\n`;
  return html`<div class="${layout}">${charts.map(figure)}</div>`;
}

/** Nothing is loaded, and no script runs but these: whatever a name or an error text may contain. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`;
}

/** The scripts and styles that go into the page. */
function assets(): { readonly uplot: string; readonly uplotStyle: string; readonly charts: string } {
  const { resolve } = createRequire(import.meta.url);
  const read = (path: string | URL): string => readFileSync(path, 'utf8').trim();
  return {
    uplot: read(resolve('uplot/dist/uPlot.iife.min.js')),
    uplotStyle: read(resolve('uplot/dist/uPlot.min.css')),
    charts: read(new URL('./browser/charts.js', import.meta.url)),
  };
}
