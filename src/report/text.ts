import { seriesKey } from '../metrics/catalog.js';
import { exactCount, formatBytes, formatCount, formatDuration, formatRate } from '../metrics/format.js';
import { doubtsOf } from './doubts.js';
import { errorKinds } from './errors.js';
import { generatorFacts, generatorReasons } from './generator-facts.js';
import type { PaceReport } from './pace.js';
import type { Report } from './report.js';
import { totalOf } from './scope.js';
import { cut, padStart, row } from './table.js';
import { batches, cellWidth, nameWidth, ownMetrics, packets, reach, times } from './text-tables.js';
import { TextWriter } from './text-writer.js';

export interface TextOptions {
  readonly color: boolean;
  /** Of the terminal; the text is never wider than 100. */
  readonly columns: number;
  /** Where the report lies, for the last line. */
  readonly reportFile?: string;
}

/** The most errors of bots that the summary has the words of; the report has more. */
const mostThrown = 5;

/** The summary of a run for people: the verdict first, then what it rests on. Ends with a line break. */
export function renderText(report: Report, options: TextOptions): string {
  const writer = new TextWriter(Math.min(options.columns, 100), options.color);
  title(report, writer);
  verdict(report, writer);
  amounts(report, writer);
  times(report, writer);
  reach(report, writer);
  ownMetrics(report, writer);
  batches(report, writer);
  packets(report, writer);
  errors(report, writer);
  doubts(report, writer);
  generator(report, writer);
  // Not wrapped: a path is there to be copied.
  if (options.reportFile !== undefined) writer.section(writer.label('report') + options.reportFile);
  return writer.text();
}

function title({ scenario, target, startedAt, machine, tool }: Report, writer: TextWriter): void {
  const started = `${startedAt.slice(0, 19).replace('T', ' ')} UTC`;
  const made = `${started} · swarm ${tool.version} · ${machine.platform}, ${machine.cpuCores} cores`;
  writer.section(
    writer.paint('bold', cut(`${scenario.name} → ${target}`, writer.width)),
    writer.paint('dim', cut(made, writer.width)),
  );
}

function verdict({ outcome, events, thresholds }: Report, writer: TextWriter): void {
  const { name, exitCode, sentence } = outcome;
  const lines =
    name === 'ok'
      ? writer.judged('result', '✓', 'good', sentence)
      : writer.judged('result', '✗', 'bad', `${sentence} Exit code ${exitCode}.`);
  for (const { atMs, message } of events) {
    lines.push(...writer.judged(`at ${formatDuration(atMs)}`, '!', 'warn', message.split('\n')[0] ?? ''));
  }
  thresholds.forEach(({ threshold, ok, sentence: found }, index) => {
    const text = `${seriesKey(threshold)} ${threshold.source}: ${found}`;
    const label = index === 0 ? 'thresholds' : '';
    if (ok === 'undecided') lines.push(...writer.judged(label, '◌', 'warn', text));
    else lines.push(...writer.judged(label, ok ? '✓' : '✗', ok ? 'good' : 'bad', text));
  });
  writer.section(...lines);
}

function amounts({ totals, clients, durations, closedLoops }: Report, writer: TextWriter): void {
  const { measured, wholeRun } = totals;
  const { measuredMs, wholeRunMs } = durations;
  const disconnects = wholeRun.counters.disconnects?.series ?? [];
  const lost = disconnects.filter(({ tags }) => tags.cause !== 'planned').reduce((sum, { value }) => sum + value, 0);
  const connects = [
    `${formatCount(totalOf(wholeRun, 'connects'))} made`,
    `${formatCount(totalOf(wholeRun, 'connect_failures'))} failed`,
    `${formatCount(lost)} lost`,
  ];
  const perSecond = (amount: number) => (measuredMs > 0 ? (amount * 1000) / measuredMs : 0);
  const amount = (label: string, packetCount: number, byteCount: number) => {
    const cells = [
      padStart(formatRate(perSecond(packetCount)), 10),
      padStart(`${formatBytes(perSecond(byteCount))}/s`, 14),
      padStart(`${formatCount(packetCount)} packets`, 20),
      padStart(formatBytes(byteCount), 12),
    ];
    return writer.label(label) + cells.join('');
  };
  writer.section(
    ...writer.fact(
      'clients',
      `${formatCount(clients.mostConnected)} connected at most, of ${formatCount(clients.planned)} planned`,
    ),
    ...writer.fact('connects', connects.join(', ')),
    ...writer.fact('measured', `${formatDuration(measuredMs)} of a run of ${formatDuration(wholeRunMs)}`),
    amount('sent', totalOf(measured, 'packets_sent'), totalOf(measured, 'data_sent')),
    amount('received', totalOf(measured, 'packets_received'), totalOf(measured, 'data_received')),
    ...closedLoops.flatMap((loop, i) =>
      writer.fact(i === 0 ? 'iterations' : '', iterationsOf(loop, closedLoops.length)),
    ),
  );
}

function iterationsOf({ client, iterations, iterationsPerSecond, paceKept }: PaceReport, loops: number): string {
  const kept = paceKept === null ? '' : `, ${(100 * paceKept).toFixed(1)} % of the pace that their pauses allow`;
  return `${loops > 1 ? `${client}: ` : ''}${formatRate(iterationsPerSecond)}, ${formatCount(iterations)} in all${kept}`;
}

/** Failures by kind over the whole run, each with the words of one case. */
function errors({ totals, errorSamples }: Report, writer: TextWriter): void {
  const kinds = errorKinds(totals.wholeRun);
  const thrown = errorSamples.filter(({ kind }) => kind.startsWith('bot '));
  if (kinds.length + thrown.length === 0) {
    writer.section(...writer.judged('errors', '✓', 'good', 'none'));
    return;
  }
  const { hits, total: attempts } = totals.wholeRun.rates.errors ?? { hits: 0, total: 0 };
  const lines = kinds.map(({ kind, label, count }) => {
    const sample = errorSamples.find((candidate) => candidate.kind === kind);
    const counted = row(label, nameWidth - 2, [exactCount(count)], cellWidth);
    const line = `${writer.paint('bad', '✗')} ${counted}`;
    if (sample === undefined) return line;
    return `${line}  ${writer.paint('dim', cut(sample.message, writer.width - nameWidth - cellWidth - 2))}`;
  });
  writer.section(...writer.fact('errors', `${exactCount(hits)} of ${exactCount(attempts)} attempts failed`), ...lines);
  writer.section(
    ...thrown
      .slice(0, mostThrown)
      .flatMap(({ message, count }, i) =>
        writer.fact(i === 0 ? 'bot errors' : '', `${exactCount(count)} × ${message}`),
      ),
  );
}

function doubts(report: Report, writer: TextWriter): void {
  writer.section(...doubtsOf(report).flatMap((text) => writer.sentence(text, 'warn')));
}

const verdictGlyphs = { ok: ['✓', 'good'], strained: ['!', 'warn'], saturated: ['✗', 'bad'] } as const;

function generator(report: Report, writer: TextWriter): void {
  const { verdict: found } = report.generator;
  const [glyph, style] = verdictGlyphs[found];
  writer.section(
    ...writer.judged('generator', glyph, style, `${found}: ${generatorFacts(report).join(', ')}`),
    ...generatorReasons(report).flatMap((sentence) => writer.judged('', '·', style, sentence)),
  );
}
