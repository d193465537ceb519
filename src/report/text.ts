import type { WorkerResult } from '../coordinator/run-result.js';
import { seriesKey } from '../metrics/catalog.js';
import { formatBytes, formatCount, formatDuration, formatMs, formatRate } from '../metrics/format.js';
import type { Steadiness } from '../metrics/steadiness.js';
import { errorKinds } from './errors.js';
import type { PaceReport } from './pace.js';
import type { Report, WorkerUsageReport } from './report.js';
import type { ScopeReport } from './scope.js';
import { cut, padStart, row } from './table.js';
import { batches, cellWidth, exact, nameWidth, ownMetrics, packets, reach, times } from './text-tables.js';
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
    `${formatCount(total(wholeRun, 'connects'))} made`,
    `${formatCount(total(wholeRun, 'connect_failures'))} failed`,
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
    amount('sent', total(measured, 'packets_sent'), total(measured, 'data_sent')),
    amount('received', total(measured, 'packets_received'), total(measured, 'data_received')),
    ...closedLoops.flatMap((loop, i) =>
      writer.fact(i === 0 ? 'iterations' : '', iterationsOf(loop, closedLoops.length)),
    ),
  );
}

function iterationsOf({ client, iterations, iterationsPerSecond, paceKept }: PaceReport, loops: number): string {
  const kept = paceKept === null ? '' : `, ${(100 * paceKept).toFixed(1)} % of the pace that their pauses allow`;
  return `${loops > 1 ? `${client}: ` : ''}${formatRate(iterationsPerSecond)}, ${formatCount(iterations)} in all${kept}`;
}

function total(scope: ScopeReport, metric: keyof ScopeReport['counters']): number {
  return scope.counters[metric]?.total ?? 0;
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
    const counted = row(label, nameWidth - 2, [exact(count)], cellWidth);
    const line = `${writer.paint('bad', '✗')} ${counted}`;
    if (sample === undefined) return line;
    return `${line}  ${writer.paint('dim', cut(sample.message, writer.width - nameWidth - cellWidth - 2))}`;
  });
  writer.section(...writer.fact('errors', `${exact(hits)} of ${exact(attempts)} attempts failed`), ...lines);
  writer.section(
    ...thrown
      .slice(0, mostThrown)
      .flatMap(({ message, count }, i) => writer.fact(i === 0 ? 'bot errors' : '', `${exact(count)} × ${message}`)),
  );
}

/** What makes the numbers above less than certain. */
function doubts({ totals, clients, steered, steadiness, generator }: Report, writer: TextWriter): void {
  const { clampedValues, workers } = generator;
  const late = total(totals.wholeRun, 'late_replies');
  const uncertain = total(totals.wholeRun, 'uncertain_matches');
  const { count: silent, examples } = clients.withoutEffect;
  const sentences = [
    steered.length > 0 ? byHand(steered.length) : '',
    silent > 0
      ? `${exact(silent)} clients were connected at the end, but nothing they sent had any effect: ${examples.join(', ')}${silent > examples.length ? ', …' : ''}`
      : '',
    late > 0 ? `${exact(late)} replies came after their timeout; they count as timeouts` : '',
    uncertain > 0
      ? `${exact(uncertain)} replies after a timeout may have been matched wrongly; \`where\` is the cure`
      : '',
    steadiness === null || steadiness.steady ? '' : unsteady(steadiness),
    ...workers.filter(({ clock }) => clock.correctedUs !== 0).map(corrected),
    clampedValues > 0 ? `${exact(clampedValues)} values lay outside the histograms' range and count as its end` : '',
  ];
  writer.section(...sentences.filter((text) => text !== '').flatMap((text) => writer.sentence(text, 'warn')));
}

function byHand(times: number): string {
  return `steered by hand ${times === 1 ? 'once' : `${exact(times)} times`}: the load was not the plan’s, and the numbers are not to be compared with another run’s`;
}

function corrected({ index, clock }: WorkerResult): string {
  return `the clock of worker ${index} differed by ${formatMs(clock.correctedUs / 1000)}, which was taken into account`;
}

function unsteady({ of, firstThirdP50Ms, lastThirdP50Ms }: Steadiness): string {
  const medians = `${formatMs(firstThirdP50Ms)} in the first third of the measured window, ${formatMs(lastThirdP50Ms)} in the last`;
  return `not steady: the p50 of ${of.metric} is ${medians}`;
}

const verdictGlyphs = { ok: ['✓', 'good'], strained: ['!', 'warn'], saturated: ['✗', 'bad'] } as const;

/** What the load cost this machine: without it nobody can tell whose slowness the times above show. */
function generator(report: Report, writer: TextWriter): void {
  const { verdict: found, reasons, workers, sendLag, senderSideP99Ms } = report.generator;
  const { workersLost } = report.outcome;
  const cpuPercent = workers.reduce((sum, { usage }) => sum + (usage?.cpuPercent ?? 0), 0);
  const delayMs = Math.max(0, ...workers.map(({ usage }) => usage?.loopDelayMaxMs ?? 0));
  const parts = [
    `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}`,
    ...(workersLost > 0 ? [`${workersLost} lost`] : []),
    `cpu ${Math.round(cpuPercent)} %`,
    `loop delay max ${formatMs(delayMs)}`,
    ...(sendLag === null ? [] : [`send lag p99 ${formatMs(sendLag.p99.value)}`]),
    ...(senderSideP99Ms === null ? [] : [`sender’s side of p99 ${formatMs(senderSideP99Ms)}`]),
  ];
  const [glyph, style] = verdictGlyphs[found];
  writer.section(
    ...writer.judged('generator', glyph, style, `${found}: ${parts.join(', ')}`),
    ...reasons.flatMap(({ sentence }) => writer.judged('', '·', style, sentence)),
    ...(reasons.length > 0 ? writer.judged('', '·', style, burden(workers)) : []),
  );
}

/** What explains a generator that does not keep up: of each worker's time, the highest shares. */
function burden(workers: Report['generator']['workers']): string {
  const most = (share: keyof WorkerUsageReport): string =>
    `${Math.round(100 * Math.max(0, ...workers.map(({ usage }) => usage?.[share] ?? 0)))} %`;
  const waited = workers.some(({ usage }) => usage !== null && usage.runQueueShare !== null)
    ? `, ${most('runQueueShare')} waiting for a CPU`
    : '';
  return `a worker’s time, at most: ${most('loopUtilization')} busy, ${most('gcShare')} collecting garbage${waited}`;
}
