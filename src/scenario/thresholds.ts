import type { MetricName, TagName } from '../metrics/catalog.js';
import { parseThreshold, type Threshold, ThresholdError } from '../metrics/thresholds.js';
import { nearest } from '../nearest.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { ForeseenSeries, ForeseenValue } from './foreseen.js';
import { didYouMean } from './hints.js';
import type { ProblemList } from './problem-list.js';
import type { ScenarioInput } from './schema.js';

type ThresholdsInput = NonNullable<Collected<ScenarioInput['thresholds']>>;

/** The thresholds, parsed. Reports what is not in the grammar, and what could never be decided: what no series of a run will be. */
export function compileThresholds(
  input: ThresholdsInput,
  foreseen: readonly ForeseenSeries[],
  problems: ProblemList,
): readonly Threshold[] {
  return Object.entries(input).flatMap(([selector, entries]) => {
    const path: Path = ['thresholds', selector];
    const thresholds: Threshold[] = [];
    for (const [i, entry] of (entries ?? []).entries()) {
      const threshold = compileEntry(selector, entry, [...path, i], problems);
      if (threshold === 'wrong selector') break;
      if (threshold !== undefined) thresholds.push(threshold);
    }
    if (thresholds[0] !== undefined) checkMeasured(thresholds[0], selector, foreseen, problems);
    return thresholds;
  });
}

function compileEntry(
  selector: string,
  entry: NonNullable<ThresholdsInput[string]>[number],
  path: Path,
  problems: ProblemList,
): Threshold | 'wrong selector' | undefined {
  const isShort = typeof entry === 'string';
  const expression = isShort ? entry : entry?.threshold;
  if (expression === undefined) return undefined;
  const { abortOnFail = false, delayAbortEval = 0 } = isShort || entry === undefined ? {} : entry;
  try {
    return parseThreshold(selector, expression, { abortOnFail, delayAbortEvalMs: delayAbortEval });
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    const about = { hint: error.hint, within: { start: error.offset, end: error.offset + error.length } };
    if (error.part === 'expression')
      return problems.report(isShort ? path : [...path, 'threshold'], error.message, about);
    problems.report(['thresholds', selector], error.message, { ...about, part: 'key' });
    // It would come up with each of the selector's expressions: once is enough.
    return 'wrong selector';
  }
}

/** Takes the tags one after the other, so that the message names the one at which nothing is left. */
function checkMeasured(
  { metric, tags }: Threshold,
  selector: string,
  foreseen: readonly ForeseenSeries[],
  problems: ProblemList,
): void {
  // A scenario without a client that can be read has other mistakes.
  if (!foreseen.some(({ metric: name }) => name === 'connects')) return;
  let left = foreseen.filter((series) => series.metric === metric);
  if (left.length === 0) {
    problems.report(['thresholds', selector], `nothing in this scenario is measured as \`${metric}\``, {
      part: 'key',
      hint: needs[metric],
    });
    return;
  }
  const passed: string[] = [];
  for (const [tag, value] of Object.entries(tags) as [TagName, string][]) {
    const values = left.map((series) => series.tags[tag]);
    left = left.filter((_, i) => canBe(values[i], value));
    if (left.length === 0) {
      const start = selector.indexOf(value, selector.indexOf(':', selector.indexOf(tag, metric.length)));
      const where = passed.length === 0 ? '' : ` with ${passed.join(' and ')}`;
      problems.report(['thresholds', selector], `\`${metric}\`${where} never has the ${tag} \`${value}\``, {
        part: 'key',
        within: { start, end: start + value.length },
        hint: missing(metric, tag, value, foreseen) ?? valueMeant(tag, value, shown(values)),
      });
      return;
    }
    passed.push(`${tag} \`${value}\``);
  }
}

/** Tags whose values the scenario gives; causes and codes mean something else in each metric. */
const ofScenario: readonly TagName[] = ['packet', 'client', 'step', 'arrival'];

/** What it takes for a metric to have a tag's value that only others have; undefined where that is not what is wrong. */
function missing(
  metric: MetricName,
  tag: TagName,
  value: string,
  foreseen: readonly ForeseenSeries[],
): string | undefined {
  if (!ofScenario.includes(tag)) return undefined;
  const having = foreseen.filter(({ tags }) => tags[tag] !== null && canBe(tags[tag], value));
  return having.length === 0 || having.some((series) => series.metric === metric) ? undefined : needs[metric];
}

function canBe(foreseen: ForeseenValue | undefined, value: string): boolean {
  if (foreseen === undefined || foreseen === null) return foreseen === null;
  if (foreseen instanceof RegExp) return foreseen.test(value);
  return typeof foreseen === 'string' ? foreseen === value : foreseen.includes(value);
}

/** The value that `value` stands for, as it is to be written: where a comma or a brace is in it, that may be all that is wrong. */
function valueMeant(tag: TagName, value: string, known: readonly string[]): string | undefined {
  const close = nearest(value, known);
  return close !== undefined && /[,}]/.test(close)
    ? `did you mean \`${tag}:${JSON.stringify(close)}\`? A value with a comma or a brace in it stands in quotes`
    : didYouMean(value, known, 'there are');
}

/** Each value once, of those that can be listed. */
function shown(values: readonly (ForeseenValue | undefined)[]): readonly string[] {
  return [...new Set(values.flatMap((value) => (value instanceof RegExp ? [] : (value ?? []))))];
}

const anExpect = 'it takes a step that waits: `expect`';
const aReply = 'it takes a send with `expect`';
const aSend = 'it takes a step that sends';
const aBroadcast = 'it takes a send with `broadcast`';
const aBot = 'it takes clients with a `bot`';

/** What a scenario must have for metrics that not all have. */
const needs: Partial<Record<MetricName, string>> = {
  tls_handshake_time: 'it takes a target as in tls://host:port',
  response_time: `${aReply} in \`every\`, \`start\` or \`on\`; in a \`loop\`, replies are measured as service_time`,
  service_time: aReply,
  late_replies: aReply,
  uncertain_matches: aReply,
  timeouts: anExpect,
  lost_replies: anExpect,
  checks: 'it takes an `expect` with `check`',
  send_lag: `${aSend} in \`every\`, \`start\` or \`on\``,
  packets_sent: aSend,
  dropped_sends: aSend,
  iterations: 'it takes clients with a `loop`',
  broadcast_time: aBroadcast,
  broadcast_reach: aBroadcast,
  faults_played: 'it takes clients with `faults`',
  bot_errors: aBot,
  bot_counter: aBot,
  bot_time: aBot,
  bot_trend: aBot,
};
