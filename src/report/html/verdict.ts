import { seriesKey } from '../../metrics/catalog.js';
import { formatDuration, formatMs, formatQuantileMs } from '../../metrics/format.js';
import { doubtsOf } from '../doubts.js';
import { generatorFacts, generatorReasons } from '../generator-facts.js';
import { gradeOf, gradeSigns, nothingAttempted, originOf, resultOf, titleOf, wasPlayed } from '../headline.js';
import type { Report } from '../report.js';
import { timeRows } from '../time-rows.js';
import { eventLetters } from './charts.js';
import { type Html, html } from './html.js';
import { list, table } from './tables.js';

const signs = {
  true: html`<span class="good">✓</span>`,
  false: html`<span class="bad">✗</span>`,
  undecided: html`<span class="warn">◌</span>`,
} as const;

/** Whether it went well: the first thing that a reader looks for. */
export function verdict(report: Report): Html {
  const { thresholds, events } = report;
  const { sign, word, style } = outcomeWords(report);
  const results = thresholds.map(({ threshold, ok, sentence }) => [
    signs[`${ok}`],
    html`<code>${seriesKey(threshold)} ${threshold.source}</code>`,
    sentence,
  ]);
  return html`<header><h1>${titleOf(report)}</h1><p class="quiet">${originOf(report)}</p></header>
<div class="verdict ${style}"><strong>${sign} ${word}</strong><p>${resultOf(report)}</p>${
    report.generator.verdict !== 'ok' &&
    html`<p class="warn">! The generator was ${report.generator.verdict}: see below.</p>`
  }</div>
${table([{ title: '', style: 'sign' }, { title: 'threshold' }, { title: 'found', style: 'words' }], results)}
${thresholds.length === 0 && html`<p class="quiet">The scenario has no thresholds.</p>`}
${events.length > 0 && html`<ul class="events">${events.map(eventLine)}</ul>`}`;
}

function outcomeWords(report: Report): { readonly sign: string; readonly word: string; readonly style: string } {
  if (report.outcome.name === 'stopped') return { sign: '!', word: 'Stopped', style: 'warn' };
  const grade = gradeOf(report);
  return { sign: gradeSigns[grade], word: gradeWords[grade], style: grade };
}

const gradeWords = { good: 'Passed', warn: 'Ran, with failures', bad: 'Failed' } as const;

function eventLine({ atMs, message }: Report['events'][number], i: number): Html {
  return html`<li><b>${eventLetters[i] ?? ''}</b> at ${formatDuration(atMs)}: ${message}</li>\n`;
}

const verdictWords = {
  ok: html`<strong class="good">✓ ok</strong>: the numbers below are the server’s.`,
  strained: html`<strong class="warn">! strained</strong>: the generator shows in the numbers here and there.`,
  saturated: html`<strong class="bad">✗ saturated</strong>: the numbers below are as much the generator’s as the server’s.`,
} as const;

/** Whose slowness the numbers show, and what else makes them doubtful. */
export function generator(report: Report): Html {
  const doubts = doubtsOf(report);
  if (!wasPlayed(report)) {
    return html`<h2>Can the numbers be trusted?</h2>
<p><strong class="warn">◌ Not judged</strong>: ${nothingAttempted}.</p>
${list(doubts)}`;
  }
  return html`<h2>Can the numbers be trusted?</h2>
<p>Generator ${verdictWords[report.generator.verdict]}</p>
${list(generatorReasons(report))}
<p class="quiet">${generatorFacts(report).join(', ')}</p>
${report.generator.verdict !== 'ok' && lowestTimes(report)}
${doubts.length > 0 && html`<p>What else makes them less than certain:</p>`}
${list(doubts)}`;
}

/** What the percentiles may truly be, where the generator has a part in them. */
function lowestTimes(report: Report): Html | null {
  const rows = timeRows(report).flatMap(({ name, trend }) => {
    const { lowerBounds: lowest } = trend;
    if (lowest === undefined) return [];
    const shown = (['p50', 'p90', 'p95', 'p99', 'p999'] as const).map(
      (percentile) => `${formatMs(lowest[percentile])} – ${formatQuantileMs(trend[percentile])}`,
    );
    return [[name, ...shown]];
  });
  const columns = ['p50', 'p90', 'p95', 'p99', 'p99.9'].map((title) => ({ title, numeric: true }));
  const caption = 'Between which values each percentile lies, were all that the generator may have added taken away.';
  return table([{ title: '' }, ...columns], rows, caption);
}
