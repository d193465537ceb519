import { highestIn } from '../metrics/buckets.js';
import { recordedUnits } from '../metrics/catalog.js';
import { decodeHistogram } from '../metrics/histogram.js';
import { leftOut, metricOf, windowKeys } from './histograms.js';
import type { Report } from './report.js';

/**
 * The time line's histograms as a HdrHistogram log (HdrHistogram: HistogramLogWriter.java, format 1.3): a line for each window and
 * metric, tagged with the metric. Values are in microseconds where they are times, the maximum beside them in milliseconds.
 */
export function renderHlog(report: Report): string {
  const { startedAt, timeline } = report;
  const startSeconds = Date.parse(startedAt) / 1000;
  const keys = windowKeys(report);
  const lines = keys.flatMap((key) =>
    timeline.flatMap(({ atMs, widthMs, histograms }) => {
      const histogram = histograms[key];
      if (histogram === undefined) return [];
      const max = maxOf(histogram) / recordedUnits(metricOf(key));
      return [`Tag=${tagOf(key)},${thousandths(atMs)},${thousandths(widthMs)},${max.toFixed(3)},${histogram}`];
    }),
  );
  return [
    '#[Answered values by their arrival, made by swarm]',
    ...keys.filter((key) => leftOut(report, key) !== '').map((key) => `#[${tagOf(key)}: ${leftOut(report, key)}]`),
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${startSeconds.toFixed(3)} (seconds since epoch), ${startedAt}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...lines,
    '',
  ].join('\n');
}

/** A tag has neither commas nor spaces: `response_time{arrival:open;packet:C_Chat}`. */
function tagOf(key: string): string {
  return key.replaceAll('"', '').replaceAll(',', ';').replace(/\s/g, '_');
}

function maxOf(histogram: string): number {
  const { last } = decodeHistogram(histogram).sorted();
  return last === undefined ? 0 : highestIn(last);
}

/** Milliseconds as seconds. */
function thousandths(ms: number): string {
  return (ms / 1000).toFixed(3);
}
