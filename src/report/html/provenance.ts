import { counted, formatBytes, formatCount, formatDuration, formatMs } from '../../metrics/format.js';
import type { Json } from '../canonical-json.js';
import type { Report } from '../report.js';
import { type Html, html } from './html.js';
import { facts, table } from './tables.js';

/** A plan with the rows of a large file in it is nothing to be read, in characters. */
const longestJson = 200_000;

/** What was run, on which machine, by whom: enough to do it again. */
export function provenance(report: Report): Html {
  const { scenario, target, seed, planDigest, startedAt, tool, plan, server } = report;
  return html`<h2>Scenario</h2>
${facts([
  ['file', scenario.file],
  ['target', target],
  ['started', startedAt],
  ['seed', `${seed}`],
  ['plan', html`<code>${planDigest}</code>`],
  ['swarm', tool.version],
])}
${stages(report)}
${
  scenario.text !== null &&
  html`<details open><summary>The scenario as its file says, without what options changed</summary><pre>${scenario.text}</pre></details>`
}
${jsonDetails('The plan that was played, with every default', plan)}
${server !== null && jsonDetails('What the embedded server counted', server)}
${machine(report)}`;
}

function jsonDetails(title: string, value: Json): Html {
  const text = JSON.stringify(value, null, 2);
  const shown =
    text.length <= longestJson ? html`<pre>${text}</pre>` : html`<p>It is too long for a page: see report.json.</p>`;
  return html`<details><summary>${title}</summary>${shown}</details>`;
}

function stages({ stages: played }: Report): Html | null {
  const rows = played.map(({ fromMs, toMs, target }, i) => [
    `${i + 1}`,
    formatDuration(fromMs),
    formatDuration(toMs - fromMs),
    formatCount(target),
  ]);
  const columns = ['from', 'for', 'clients at its end'].map((title) => ({ title, numeric: true }));
  return table([{ title: 'stage' }, ...columns], rows);
}

function machine({ machine: made, generator }: Report): Html {
  const columns = [
    'clients',
    'cpu',
    'memory, at most',
    'loop delay, at most',
    'loop busy',
    'waited for a CPU',
    'garbage collection',
  ];
  const rows = generator.workers.map(({ index, lost, clients, usage }) => [
    `${index}${lost ? ', lost' : ''}`,
    formatCount(clients),
    ...(usage === null
      ? columns.slice(1).map(() => '–')
      : [
          `${Math.round(usage.cpuPercent)} %`,
          formatBytes(usage.rssMaxBytes),
          formatMs(usage.loopDelayMaxMs),
          share(usage.loopUtilization),
          usage.runQueueShare === null ? '–' : share(usage.runQueueShare),
          share(usage.gcShare),
        ]),
  ]);
  return html`<h2>Machine</h2>
${facts([
  ['name', made.hostname ?? null],
  ['system', made.platform],
  ['CPU', `${made.cpuModel}, ${counted(made.cpuCores, 'core')}`],
  ['memory', formatBytes(made.memoryBytes)],
  ['Node.js', made.nodeVersion],
])}
${table([{ title: 'worker' }, ...columns.map((title) => ({ title, numeric: true }))], rows, '100 % CPU is one core.')}`;
}

function share(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
