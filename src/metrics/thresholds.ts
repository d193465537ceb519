import { SwarmError } from '../errors.js';
import { nearest } from '../nearest.js';
import {
  catalog,
  type MetricDefinition,
  type MetricKind,
  type MetricName,
  type TagName,
  type Unit,
} from './catalog.js';
import { metricMeant } from './meant.js';

/** One threshold as the scenario gives it, parsed; see `parseThreshold`. */
export interface Threshold {
  readonly metric: MetricName;
  /** Tag selectors: all must match. */
  readonly tags: Readonly<Partial<Record<TagName, string>>>;
  /** The expression as written, `p(99)<100`. */
  readonly source: string;
  readonly aggregation: ThresholdAggregation;
  readonly operator: ThresholdOperator;
  /** In the metric's unit (milliseconds for trends of time), per second for a counter's `rate`, 0 to 1 for a rate. */
  readonly limit: number;
  readonly abortOnFail: boolean;
  /** How long after the start of measuring the first abort may come. */
  readonly delayAbortEvalMs: number;
}

export type ThresholdAggregation =
  | { readonly kind: 'count' | 'rate' | 'value' | 'avg' | 'min' | 'max' | 'med' }
  | { readonly kind: 'percentile'; readonly percentile: number };

export type ThresholdOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** A mistake in a threshold: in which of its two texts, and where there, counted in characters from 0. */
export class ThresholdError extends SwarmError {
  readonly part: 'selector' | 'expression';
  readonly offset: number;
  readonly length: number;

  constructor(part: 'selector' | 'expression', message: string, hint: string, offset: number, length: number) {
    super('threshold-invalid', message, { hint });
    this.part = part;
    this.offset = offset;
    this.length = length;
  }
}

const aggregationsOf: Readonly<Record<MetricKind, readonly string[]>> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'min', 'med', 'max', 'p(N)'],
};

/**
 * Parses a threshold in k6's grammar (k6: metrics/thresholds_parser.go). White space may stand between any two parts.
 *
 *     selector    = metric [ "{" tag ":" value { "," tag ":" value } "}" ]
 *     expression  = aggregation operator number
 *     aggregation = "count" | "rate"                                     of a counter: the sum, or the sum per second
 *                 | "value"                                              of a gauge
 *                 | "rate"                                               of a rate: 0 to 1
 *                 | "avg" | "min" | "med" | "max" | "p(" number ")"      of a trend, in its unit
 *     operator    = "<" | "<=" | ">" | ">=" | "==" | "===" | "!="
 *     number      = [ sign ] ( digits [ "." [ digits ] ] | "." digits ) [ "e" [ sign ] digits ]
 *
 * A value runs to the next comma or brace. In quotes it may hold those, and in double quotes, as `seriesKey` writes it, also \" and \\; a tag may
 * be quoted too. Throws a `ThresholdError` that says
 * what is wrong, where, and the nearest word that would be right.
 */
export function parseThreshold(
  selector: string,
  expression: string,
  options: { readonly abortOnFail?: boolean; readonly delayAbortEvalMs?: number } = {},
): Threshold {
  const { metric, tags } = parseSelector(selector);
  return {
    metric,
    tags,
    source: expression,
    ...parseExpression(expression, metric),
    abortOnFail: options.abortOnFail ?? false,
    delayAbortEvalMs: options.delayAbortEvalMs ?? 0,
  };
}

/** Parses a selector by itself, `response_time{packet:C_Chat}`, in the grammar of `parseThreshold`, and throws as that does. */
export function parseSelector(selector: string): Pick<Threshold, 'metric' | 'tags'> {
  const brace = selector.indexOf('{');
  const head = brace === -1 ? selector : selector.slice(0, brace);
  const name = head.trim();
  if (!isMetric(name)) {
    throw selectorError(`there is no metric \`${name}\``, metricMeant(name), head.indexOf(name), name.length);
  }
  return { metric: name, tags: brace === -1 ? {} : parseTags(selector, brace, name) };
}

/** The tags from the brace at `open` to the one that closes it, which ends the selector. */
function parseTags(selector: string, open: number, metric: MetricName): Threshold['tags'] {
  const tags: Partial<Record<TagName, string>> = {};
  const entry = /(\s*)(["']?)([^\s:,{}"']+)\2\s*:\s*("(?:[^"\\]|\\.)*"|'[^']*'|(?!["'])[^,}]*?)\s*([,}])/sy;
  entry.lastIndex = open + 1;
  for (;;) {
    const start = entry.lastIndex;
    const match = entry.exec(selector);
    if (match === null) throw noTag(selector, start);
    const [text, space = '', quote = '', tag = '', value = '', end] = match;
    const at = start + space.length + quote.length;
    if (!carries(metric, tag)) throw unknownTag(metric, tag, at);
    if (value === '') throw selectorError(`the tag \`${tag}\` has no value`, `write \`${tag}:value\``, at, tag.length);
    if (tags[tag] !== undefined) {
      throw selectorError(`the tag \`${tag}\` is given twice`, 'one series has one value for it', at, tag.length);
    }
    tags[tag] = unquoted(value);
    if (end === '}') {
      const rest = selector.slice(start + text.length);
      if (rest.trim() === '') return tags;
      // What follows a brace that a value was to hold ends with the brace that was to close.
      const whole = /^[^"'].*\{/s.test(value) ? /^(.*)\}\s*$/s.exec(rest)?.[1] : undefined;
      const hint =
        whole === undefined
          ? 'remove it'
          : `a value with a brace in it stands in quotes: \`${tag}:${JSON.stringify(`${value}}${whole}`)}\``;
      throw selectorError('nothing may follow the closing brace', hint, start + text.length, rest.length);
    }
  }
}

function unquoted(value: string): string {
  if (value.startsWith('"')) return value.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return value.startsWith("'") ? value.slice(1, -1) : value;
}

/** What stands at `start` in place of a tag and its value. */
function noTag(selector: string, start: number): ThresholdError {
  const length = selector.length - start;
  const quoted = /\s*["']?[^\s:,{}"']+["']?\s*:\s*(["'])/y;
  quoted.lastIndex = start;
  const quote = quoted.exec(selector)?.[1];
  if (quote === undefined) return selectorError('this is no tag selector', 'write `metric{tag:value}`', start, length);
  const from = quoted.lastIndex;
  const quotedRest = quote === '"' ? /(?:[^"\\]|\\.)*"/sy : /[^']*'/y;
  quotedRest.lastIndex = from;
  if (!quotedRest.test(selector))
    return selectorError('this quote is never closed', `close it with ${quote}`, from - 1, selector.length - from + 1);
  const to = quotedRest.lastIndex - 1;
  if (selector.slice(to + 1).trim() === '')
    return selectorError('the closing brace is missing', 'write it here: }', to, 1);
  const hint =
    quote === '"' ? 'write \\" for a quote within the value' : 'put a value that has this quote in it in double quotes';
  return selectorError('the value ends at this quote, and more follows', hint, to, 1);
}

function unknownTag(metric: MetricName, tag: string, at: number): ThresholdError {
  const { tags }: MetricDefinition = catalog[metric];
  const carried = tags.length === 0 ? 'it carries no tags' : `its tags are ${listed(tags)}`;
  return selectorError(`\`${metric}\` does not carry the tag \`${tag}\``, suggest(tag, tags, carried), at, tag.length);
}

function parseExpression(
  expression: string,
  metric: MetricName,
): Pick<Threshold, 'aggregation' | 'operator' | 'limit'> {
  const found = /[<>=!]+/.exec(expression);
  if (found === null) {
    const hint = `write an aggregation, an operator and a number, as in \`${exampleOf(metric)}\``;
    throw expressionError('there is no comparison', hint, 0, expression.length);
  }
  const [symbol] = found;
  const afterSymbol = found.index + symbol.length;
  return {
    aggregation: parseAggregation(expression.slice(0, found.index), metric),
    operator: parseOperator(symbol, found.index),
    limit: parseLimit(expression.slice(afterSymbol), afterSymbol, metric),
  };
}

function parseAggregation(text: string, metric: MetricName): ThresholdAggregation {
  const name = text.trim();
  const at = text.length - text.trimStart().length;
  const { kind } = catalog[metric];
  const allowed = aggregationsOf[kind];
  const percentile = /^p\s*\(([^)]*)\)$/.exec(name)?.[1]?.trim();
  if (percentile !== undefined && kind === 'trend') {
    if (numberPattern.test(percentile) && Number(percentile) >= 0 && Number(percentile) <= 100) {
      return { kind: 'percentile', percentile: Number(percentile) };
    }
    throw expressionError('a percentile is a number from 0 to 100', 'write it as in `p(99.9)`', at, name.length);
  }
  if (!allowed.includes(name)) {
    const bare = /^p(\d+(?:\.\d+)?)$/.exec(name)?.[1];
    const hint =
      bare !== undefined && kind === 'trend'
        ? `did you mean \`p(${bare})\`?`
        : suggest(name, allowed, `a ${kind} has ${listed(allowed)}`);
    const what = name === '' ? 'the aggregation is missing' : `\`${metric}\`, a ${kind}, has no \`${name}\``;
    throw expressionError(what, hint, at, Math.max(1, name.length));
  }
  return { kind: name as Exclude<ThresholdAggregation['kind'], 'percentile'> };
}

const operators: Readonly<Record<string, ThresholdOperator>> = {
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '==': '==',
  '===': '==',
  '!=': '!=',
};

function parseOperator(symbol: string, at: number): ThresholdOperator {
  const operator = Object.hasOwn(operators, symbol) ? operators[symbol] : undefined;
  if (operator !== undefined) return operator;
  const hint = `the operators are ${listed(Object.keys(operators))}`;
  throw expressionError(`there is no operator \`${symbol}\``, hint, at, symbol.length);
}

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function parseLimit(text: string, textAt: number, metric: MetricName): number {
  const word = text.trim();
  if (numberPattern.test(word)) return Number(word);
  const at = textAt + text.length - text.trimStart().length;
  const what = word === '' ? 'the number is missing' : `\`${word}\` is not a number`;
  const hint = /^[\d.]+\s*%$/.test(word)
    ? `write it as a share: \`${Number((Number.parseFloat(word) / 100).toPrecision(12))}\``
    : `write a bare number; the unit of \`${metric}\` is ${unitWords[catalog[metric].unit]}`;
  throw expressionError(what, hint, at, Math.max(1, word.length));
}

const unitWords: Readonly<Record<Unit, string>> = {
  ms: 'milliseconds',
  packets: 'packets',
  bytes: 'bytes',
  clients: 'clients',
  count: 'a count',
  ratio: 'a share from 0 to 1',
};

function exampleOf(metric: MetricName): string {
  const examples = { counter: 'count>0', gauge: 'value>0', rate: 'rate<0.01', trend: 'p(95)<200' } as const;
  return examples[catalog[metric].kind];
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(catalog, name);
}

function carries(metric: MetricName, tag: string): tag is TagName {
  const { tags }: MetricDefinition = catalog[metric];
  return (tags as readonly string[]).includes(tag);
}

function suggest(word: string, candidates: readonly string[], otherwise: string): string {
  const near = nearest(word, candidates);
  return near === undefined ? otherwise : `did you mean \`${near}\`?`;
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function selectorError(message: string, hint: string, offset: number, length: number): ThresholdError {
  return new ThresholdError('selector', message, hint, offset, length);
}

function expressionError(message: string, hint: string, offset: number, length: number): ThresholdError {
  return new ThresholdError('expression', message, hint, offset, length);
}
