import { seriesKey } from '../metrics/catalog.js';
import { counted, exactCount, formatBytes, formatCount, formatDuration, formatRate } from '../metrics/format.js';
import { allPrintable } from '../printable.js';
import { doubtsOf } from './doubts.js';
import { type ErrorKind, errorKinds, type ThrownError, thrownErrors, userCode } from './errors.js';
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
import type { Report } from './report.js';
import { totalOf } from './scope.js';
import { columnsOf, cut, padEnd, padStart } from './table.js';
import { batches, cellWidth, faults, nameWidth, ownMetrics, packets, reach, times } from './text-tables.js';
import { TextWriter, wrap } from './text-writer.js';

export interface TextOptions {
  readonly color: boolean;
  /** Of the terminal; the text is never wider than 100. */
  readonly columns: number;
  /** Where the report lies, for the last line. */
  readonly reportFile?: string;
}

/** The most errors of the user's code that the summary has the words of; the report has more. */
const mostThrown = 5;
/** Before the lines below an error. */
const hanging = '    ';

/** The summary of a run for people: the verdict first, then what it rests on. Ends with a line break. */
export function renderText(raw: Report, options: TextOptions): string {
  const report = allPrintable({ ...raw, events: raw.events.map(inFirstLine) });
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
  faults(report, writer);
  doubts(report, writer);
  generator(report, writer);
  // Not wrapped: a path is there to be copied.
  if (options.reportFile !== undefined) writer.section(writer.label('report') + options.reportFile);
  return writer.text();
}

/** What user code threw has a stack below its message. */
function inFirstLine(event: Report['events'][number]): Report['events'][number] {
  return { ...event, message: event.message.split('\n')[0]! };
}

function title(report: Report, writer: TextWriter): void {
  writer.section(
    writer.paint('bold', cut(titleOf(report), writer.width)),
    writer.paint('dim', cut(originOf(report), writer.width)),
  );
}

function verdict(report: Report, writer: TextWriter): void {
  const { events, thresholds } = report;
  const grade = gradeOf(report);
  const lines = writer.judged('result', gradeSigns[grade], grade, resultOf(report));
  for (const { atMs, message } of events) {
    lines.push(...writer.judged(`at ${formatDuration(atMs)}`, '!', 'warn', message));
  }
  thresholds.forEach(({ threshold, ok, sentence: found }, index) => {
    const text = `${seriesKey(threshold)} ${threshold.source}: ${found}`;
    const label = index === 0 ? 'thresholds' : '';
    if (ok === 'undecided') lines.push(...writer.judged(label, '◌', 'warn', text));
    else lines.push(...writer.judged(label, ok ? '✓' : '✗', ok ? 'good' : 'bad', text));
  });
  writer.section(...lines);
}

function amounts(report: Report, writer: TextWriter): void {
  const { measured } = report.totals;
  const { closedLoops } = report;
  const amount = (label: string, packetCount: number, byteCount: number) => {
    const cells = [
      padStart(formatRate(perSecond(report, packetCount)), 10),
      padStart(`${formatBytes(perSecond(report, byteCount))}/s`, 14),
      padStart(counted(packetCount, 'packet', formatCount), 20),
      padStart(formatBytes(byteCount), 12),
    ];
    return writer.label(label) + cells.join('');
  };
  writer.section(
    ...writer.fact('clients', clientsOf(report)),
    ...writer.fact('connects', connectsOf(report)),
    ...writer.fact('measured', windowOf(report)),
    amount('sent', totalOf(measured, 'packets_sent'), totalOf(measured, 'data_sent')),
    amount('received', totalOf(measured, 'packets_received'), totalOf(measured, 'data_received')),
    ...closedLoops.flatMap((loop, i) =>
      writer.fact(i === 0 ? 'iterations' : '', `${closedLoops.length > 1 ? `${loop.client}: ` : ''}${paceOf(loop)}`),
    ),
  );
}

/** Failures by kind over the whole run, each with the words of one case. */
function errors(report: Report, writer: TextWriter): void {
  const kinds = errorKinds(report);
  const thrown = thrownErrors(report);
  if (kinds.length + thrown.length === 0) {
    writer.section(
      ...(wasPlayed(report)
        ? writer.judged('errors', '✓', 'good', 'none')
        : writer.judged('errors', '◌', 'warn', nothingAttempted)),
    );
    return;
  }
  writer.section(...writer.fact('errors', failuresOf(report)), ...kinds.flatMap((kind) => errorLines(kind, writer)));
  writer.section(...userCode.flatMap((whose) => thrownLines(whose, thrown, writer)));
}

/** A kind with its count; the words of one case behind them where there is room, else below. */
function errorLines({ label, count, sample }: ErrorKind, writer: TextWriter): string[] {
  const counted = `${padEnd(label, nameWidth - 2)} ${padStart(exactCount(count), cellWidth - 1)}`;
  const glyph = writer.paint('bad', '✗');
  const fits = (text: string) => columnsOf(`✗ ${text}`) <= writer.width;
  if (sample !== '' && fits(`${counted}  ${sample}`)) return [`${glyph} ${counted}  ${writer.paint('dim', sample)}`];
  // Users name checks as they like.
  const [first = '', ...rest] = fits(counted) ? [counted] : wrap(counted, writer.width - 2);
  const head = [`${glyph} ${first}`, ...rest.map((line) => `  ${line}`)];
  if (sample === '') return head;
  return [...head, ...wrap(sample, writer.width - hanging.length).map((line) => hanging + writer.paint('dim', line))];
}

function thrownLines(whose: ThrownError['whose'], thrown: readonly ThrownError[], writer: TextWriter): string[] {
  const own = thrown.filter((error) => error.whose === whose);
  const more = own.length - mostThrown;
  return [
    ...own
      .slice(0, mostThrown)
      .flatMap(({ message, count }, i) =>
        writer.fact(i === 0 ? `in ${whose}` : '', `${exactCount(count)} × ${message}`),
      ),
    ...(more > 0 ? writer.fact('', `and ${more} more, in the report`) : []),
  ];
}

function doubts(report: Report, writer: TextWriter): void {
  writer.section(...doubtsOf(report).flatMap((text) => writer.sentence(text, 'warn')));
}

const verdictGlyphs = { ok: ['✓', 'good'], strained: ['!', 'warn'], saturated: ['✗', 'bad'] } as const;

function generator(report: Report, writer: TextWriter): void {
  if (!wasPlayed(report)) {
    writer.section(...writer.judged('generator', '◌', 'warn', `not judged: ${nothingAttempted}`));
    return;
  }
  const { verdict: found } = report.generator;
  const [glyph, style] = verdictGlyphs[found];
  writer.section(
    ...writer.judged('generator', glyph, style, `${found}: ${generatorFacts(report).join(', ')}`),
    ...generatorReasons(report).flatMap((sentence) => writer.judged('', '·', style, sentence)),
  );
}
