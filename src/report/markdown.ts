import { seriesKey } from '../metrics/catalog.js';
import {
  bareMs,
  counted,
  exactCount,
  formatBytes,
  formatCount,
  formatDuration,
  formatReach,
} from '../metrics/format.js';
import { doubtsOf } from './doubts.js';
import { errorKinds, thrownErrors } from './errors.js';
import { faultyKindWords, neighbourColumns, neighbourRows, neighbourVerdict } from './fault-words.js';
import { generatorFacts, generatorReasons } from './generator-facts.js';
import {
  clientsOf,
  connectsOf,
  failuresOf,
  gradeOf,
  gradeSigns,
  nothingAttempted,
  originOf,
  paceOf,
  perSecond,
  resultOf,
  titleOf,
  wasPlayed,
  windowOf,
} from './headline.js';
import { escapeMarkdown, markdownTable } from './markdown-table.js';
import type { Report } from './report.js';
import { totalOf } from './scope.js';
import { connectRows, stepRows, timeRows } from './time-rows.js';

/** The most rows of steps and of errors: a step summary on GitHub is cut off where it is too long. */
const mostListed = 20;

const marks = { true: '✓', false: '✗', undecided: '◌' } as const;

/** The summary of a run in GitHub's Markdown, for `$GITHUB_STEP_SUMMARY` or a comment. Ends with a line break. */
export function renderMarkdown(report: Report): string {
  const sections = [
    `## ${gradeSigns[gradeOf(report)]} ${escapeMarkdown(titleOf(report))}\n`,
    `${escapeMarkdown(resultOf(report))}\n`,
    events(report),
    thresholds(report),
    generator(report),
    amounts(report),
    times(report),
    errors(report),
    faults(report),
    list(doubtsOf(report)),
    `<sub>${escapeMarkdown(originOf(report))}, seed ${report.seed}</sub>\n`,
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}\n`).join('');
}

function table(...[columns, rows]: Parameters<typeof markdownTable>): string {
  return rows.length === 0 ? '' : markdownTable(columns, rows);
}

function events({ events: happened }: Report): string {
  return list(happened.map(({ atMs, message }) => `at ${formatDuration(atMs)}: ${message.split('\n')[0]}`));
}

function thresholds({ thresholds: results }: Report): string {
  return table(
    [{ title: '' }, { title: 'threshold' }, { title: 'found' }],
    results.map(({ threshold, ok, sentence }) => [
      marks[`${ok}`],
      `${seriesKey(threshold)} ${threshold.source}`,
      sentence,
    ]),
  );
}

function generator(report: Report): string {
  if (!wasPlayed(report)) return `**Generator: not judged** (${nothingAttempted})\n`;
  const facts = `**Generator: ${report.generator.verdict}** (${escapeMarkdown(generatorFacts(report).join(', '))})\n`;
  const reasons = list(generatorReasons(report));
  return reasons === '' ? facts : `${facts}\n${reasons}`;
}

function amounts(report: Report): string {
  const { measured } = report.totals;
  const traffic = (packets: 'packets_sent' | 'packets_received', bytes: 'data_sent' | 'data_received'): string => {
    const rate = `${formatCount(perSecond(report, totalOf(measured, packets)))} packets/s`;
    return `${rate}, ${formatBytes(perSecond(report, totalOf(measured, bytes)))}/s`;
  };
  const loops = report.closedLoops.map((loop) => [`iterations, ${loop.client}`, paceOf(loop)]);
  const reach = (measured.rates.broadcast_reach?.series ?? []).map((series) => [
    `reach, ${series.tags.packet}`,
    `${formatReach(series)}, ${exactCount(series.hits)} of ${counted(series.total, 'copy')} expected`,
  ]);
  return table(
    [{ title: '' }, { title: '' }],
    [
      ['clients', clientsOf(report)],
      ['connects', connectsOf(report)],
      ['measured', windowOf(report)],
      ['sent', traffic('packets_sent', 'data_sent')],
      ['received', traffic('packets_received', 'data_received')],
      ...loops,
      ...reach,
    ],
  );
}

function times(report: Report): string {
  const steps = stepRows(report);
  const rows = [...timeRows(report), ...(steps.length < 2 ? [] : steps.slice(0, mostListed)), ...connectRows(report)];
  const columns = ['count', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'].map((title) => ({ title, numeric: true }));
  return table(
    [{ title: 'milliseconds' }, ...columns],
    rows.map(({ name, trend }) => {
      const { count, p50, p90, p95, p99, p999, max } = trend;
      return [name, formatCount(count), ...[p50, p90, p95, p99, p999, max].map(bareMs)];
    }),
  );
}

function errors(report: Report): string {
  const kinds = errorKinds(report);
  const thrown = thrownErrors(report);
  if (kinds.length + thrown.length === 0) return wasPlayed(report) ? 'No errors.\n' : `Errors: ${nothingAttempted}.\n`;
  const rows = [
    ...kinds.map(({ label, count, sample }) => [label, exactCount(count), sample]),
    ...thrown.map(({ whose, message, count }) => [`${whose} error`, exactCount(count), message]),
  ].slice(0, mostListed);
  return `${failuresOf(report)}:\n\n${table([{ title: 'error' }, { title: 'count', numeric: true }, { title: 'one of them' }], rows)}`;
}

function faults({ faults: found }: Report): string {
  if (found === undefined) return '';
  const { kinds, neighbours } = found;
  const played = list(kinds.map((kind) => `${kind.client}: ${faultyKindWords(kind)}`));
  if (neighbours === null) return `**Faults**\n\n${played}`;
  const { sign, sentence } = neighbourVerdict(neighbours);
  const columns = neighbourColumns.map((title) => ({ title, numeric: true }));
  const rows = neighbourRows(neighbours).map(({ name, cells }) => [name, ...cells]);
  return `**Faults**\n\n${played}\n${sign} ${escapeMarkdown(sentence)}\n\n${table([{ title: 'neighbours, milliseconds' }, ...columns], rows)}`;
}
