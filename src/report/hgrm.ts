import { SwarmError } from '../errors.js';
import { catalog, recordedUnits, type SeriesId, seriesKey } from '../metrics/catalog.js';
import { BucketCounts, toHdrHistogram } from '../metrics/histogram.js';
import { parseSelector, ThresholdError } from '../metrics/thresholds.js';
import { byArrival } from '../metrics/windows.js';
import type { Report } from './report.js';
import { recordedHint, selectedValues } from './selection.js';
import { headTime } from './time-rows.js';

/** Lines for each halving of what remains above a percentile, as the HdrHistogram tools have it. */
const ticksPerHalfDistance = 5;

/**
 * The percentiles of some series over the measured window, as HdrHistogram prints them (`.hgrm`); times in milliseconds. The unanswered stand
 * among them with how long they were waited for. A run that measured nothing has a file without values.
 *
 * @param wanted by default what the run is about. Where it leaves `arrival` open and there are values of both kinds, those of the open loop.
 * @throws SwarmError `metric-absent` where the report has no values of what is wanted.
 */
export function renderHgrm(report: Report, wanted = headSeries(report)): string {
  if (wanted === undefined) return percentilesOf(new BucketCounts(), 1);
  for (const selection of byArrival(wanted)) {
    const { answered, unanswered } = selectedValues(report, selection);
    const missing = unanswered.sorted().total;
    answered.addAll(unanswered);
    if (answered.isEmpty) continue;
    const waited = missing === 0 ? '' : `, ${missing} of them unanswered: at least so much`;
    return `${percentilesOf(answered, recordedUnits(selection.metric))}#[Metric  = ${seriesKey(selection)}${waited}]\n`;
  }
  throw new SwarmError('metric-absent', `The report has no percentiles of ${seriesKey(wanted)}.`, {
    hint: recordedHint(report, wanted),
  });
}

/**
 * Reads what `--metric` names: a trend, with tags as thresholds have them.
 * @throws SwarmError `metric-invalid`, with the place in the text.
 */
export function parseTrend(source: string): SeriesId {
  const { metric, tags } = selectorOf(source);
  const { kind } = catalog[metric];
  if (kind === 'trend') return { metric, tags };
  throw invalid(
    source,
    `\`${metric}\` is a ${kind}, and trends alone have percentiles`,
    'name one, as in response_time',
  );
}

function selectorOf(source: string): SeriesId {
  try {
    return parseSelector(source);
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    throw invalid(source, error.message, error.hint ?? '', error.offset, error.length);
  }
}

function invalid(source: string, message: string, hint: string, offset = 0, length = source.length): SwarmError {
  const place = { file: '--metric', line: 1, column: offset + 1, length };
  return new SwarmError('metric-invalid', 'the --metric is not valid', {
    problems: [{ message, hint, place, sourceLine: source }],
  });
}

function headSeries(report: Report): SeriesId | undefined {
  const head = headTime(report);
  return head && { metric: head.metric, tags: head.trend.tags };
}

function percentilesOf(values: BucketCounts, scale: number): string {
  const text = toHdrHistogram(values.sorted()).outputPercentileDistribution(ticksPerHalfDistance, scale);
  return `${text.trimEnd()}\n`;
}
