import { SwarmError } from '../errors.js';
import { catalog, type SeriesId } from '../metrics/catalog.js';
import { parseThreshold, type Threshold, ThresholdError } from '../metrics/thresholds.js';

/** One percentile of a trend. */
export interface Quantity extends SeriesId {
  readonly percentile: number;
}

/** A quantity that decides whether a comparison fails. */
export interface Goal {
  /** As the user wrote it, `response_time p(99) +10%`. */
  readonly source: string;
  readonly quantity: Quantity;
  /** 1: an increase is worse, as of times; −1: a decrease is. */
  readonly worseSign: 1 | -1;
  /** The change that is tolerated, as the logarithm of a ratio; not negative. */
  readonly tolerance: number;
}

const form = /^(\s*)([^\s{]+\s*(?:\{[^}]*\})?)(\s+)(.*?)(\s+)([+-])\s*(\d+(?:\.\d+)?|\.\d+)\s*%\s*$/s;
const example = 'response_time p(99) +10%';

/**
 * Reads one `--fail-on`: a metric with its tags, an aggregation, and the change in per cent that is tolerated; its sign says which way is worse.
 * @throws SwarmError `fail-on-invalid`, with the place in the text.
 */
export function parseGoal(source: string): Goal {
  const match = form.exec(source);
  if (match === null) throw noGoal(source);
  const [, before = '', selector = '', gap = '', aggregation = '', , sign, percent] = match;
  const change = (sign === '-' ? -1 : 1) * Number(percent);
  if (change <= -100) {
    throw invalid(source, 'nothing falls by 100 % and more', `write a smaller one, as in ${example}`, 0, source.length);
  }
  const aggregationAt = before.length + selector.length + gap.length;
  const threshold = parseAsThreshold(source, { selector, selectorAt: before.length, aggregation, aggregationAt });
  const { metric, tags } = threshold;
  if (catalog[metric].kind !== 'trend') {
    const hint = `compared are percentiles of trends, as in \`${example}\`; what limits a ${catalog[metric].kind} is a threshold of the scenario`;
    throw invalid(source, `\`${metric}\` is a ${catalog[metric].kind}`, hint, before.length, selector.length);
  }
  const percentile = percentileOf(threshold.aggregation);
  if (percentile === undefined) {
    const message = `\`${aggregation}\` is not compared: a single value can move it`;
    throw invalid(source, message, 'write med or p(N), as in p(99)', aggregationAt, aggregation.length);
  }
  return {
    source: source.trim(),
    quantity: { metric, tags, percentile },
    worseSign: sign === '-' ? -1 : 1,
    tolerance: Math.abs(Math.log1p(change / 100)),
  };
}

interface Parts {
  readonly selector: string;
  readonly selectorAt: number;
  readonly aggregation: string;
  readonly aggregationAt: number;
}

/** Metric, tags and aggregation are a threshold's, mistakes included; only the limit is another. */
function parseAsThreshold(source: string, { selector, selectorAt, aggregation, aggregationAt }: Parts): Threshold {
  try {
    return parseThreshold(selector, `${aggregation}>0`);
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    const at = error.part === 'selector' ? selectorAt : aggregationAt;
    throw invalid(source, error.message, error.hint ?? '', at + error.offset, error.length);
  }
}

function percentileOf(aggregation: Threshold['aggregation']): number | undefined {
  if (aggregation.kind === 'med') return 50;
  // The least and the greatest value are no percentiles that can be compared.
  if (aggregation.kind !== 'percentile' || aggregation.percentile <= 0 || aggregation.percentile >= 100)
    return undefined;
  return aggregation.percentile;
}

function noGoal(source: string): SwarmError {
  const hint = `write metric, aggregation and the change that is tolerated, as in \`${example}\``;
  return invalid(source, 'this is no change to fail on', hint, 0, source.length);
}

function invalid(source: string, message: string, hint: string, offset: number, length: number): SwarmError {
  return new SwarmError('fail-on-invalid', 'a --fail-on is not valid; nothing was compared', {
    problems: [
      { message, hint, place: { file: '--fail-on', line: 1, column: offset + 1, length }, sourceLine: source },
    ],
  });
}
