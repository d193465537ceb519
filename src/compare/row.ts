import { catalog, seriesKey } from '../metrics/catalog.js';
import { mean, median, pairsEffect } from '../statistics/effect.js';
import { type Answer, judge, type Verdict } from '../statistics/judge.js';
import type { Row, RowValue } from './comparison.js';
import { type Finding, logRatios, sentencesOf } from './finding.js';
import type { Quantity } from './goal.js';
import type { Sample } from './sample.js';

/** What a finding comes to. `level`: the probability, both sides together, that its interval misses the truth. */
export function rowOf(finding: Finding, level: number): Row {
  const { kind, quantity, goal, question, base, current, effect } = finding;
  const answer = effect && judge(effect, question, level);
  const reasons = reasonsAgainst(finding, answer, level);
  return {
    name: nameOf(quantity),
    unit: catalog[quantity.metric].unit,
    failOn: goal?.source ?? null,
    base: typical(base),
    current: typical(current),
    change: effect === undefined ? null : Math.expm1(effect.logRatio),
    interval: answer ? { from: Math.expm1(answer.from), to: Math.expm1(answer.to), confidence: 1 - level } : null,
    medianChange: kind === 'rounds' && effect !== undefined ? Math.expm1(median(logRatios(finding))) : null,
    verdict: answer === undefined || reasons.length > 0 ? 'cannot tell' : answer.verdict,
    reasons,
    smallestChange: answer === undefined ? null : Math.expm1(answer.smallest),
  };
}

/** `response_time{packet:"C_Chat"} p(99)`. A closed loop has no response time: there the arrival goes without saying. */
export function nameOf({ metric, tags: { arrival, ...tags }, percentile }: Quantity): string {
  const shown = metric === 'response_time' || arrival === undefined ? tags : { ...tags, arrival };
  return `${seriesKey({ metric, tags: shown })} p(${percentile})`;
}

/** Why nothing can be told; empty where the answer's verdict stands. */
function reasonsAgainst(finding: Finding, answer: Answer | undefined, level: number): readonly string[] {
  if (finding.doubts.length > 0 || answer === undefined) return sentencesOf(finding.doubts);
  const { verdict } = answer;
  if (verdict === 'cannot tell') return ['the interval holds both changes that matter and changes that do not'];
  if (!boundsAllow(verdict, finding)) {
    return ['the percentile falls among values that never came: it is only a lower bound'];
  }
  if (withstandsGenerator(verdict, finding, level)) return [];
  return ['the generator was saturated, and what it may have added to the values could have made this verdict'];
}

/** Lower bounds can show a rise of the current side, or a fall from that of the base, and nothing else. */
function boundsAllow(verdict: Verdict, { base, current, question }: Finding): boolean {
  const bounded = (samples: readonly Sample[]) => samples.some(({ atLeast }) => atLeast);
  if (!bounded(base) && !bounded(current)) return true;
  if (verdict === 'same' || (bounded(base) && bounded(current))) return false;
  const rises = (verdict === 'worse') === (question.worseSign === 1);
  return rises === bounded(current);
}

/** Whether a verdict on rounds stands where every contaminated value of the one side, or of the other, owes all to the generator. */
function withstandsGenerator(verdict: Verdict, finding: Finding, level: number): boolean {
  const { kind, base, current, question } = finding;
  if (kind !== 'rounds' || [...base, ...current].every(({ value, lowest }) => value === lowest)) return true;
  const extremes = [logRatios(finding, 'lowest', 'value'), logRatios(finding, 'value', 'lowest')];
  return extremes.every(
    (logs) => logs.every(Number.isFinite) && judge(pairsEffect(logs), question, level).verdict === verdict,
  );
}

/** Of several runs, the geometric mean. */
function typical(samples: readonly Sample[]): RowValue {
  const [first] = samples;
  const value = samples.length === 1 ? first!.value : Math.exp(mean(samples.map((sample) => Math.log(sample.value))));
  return { value, atLeast: samples.some(({ atLeast }) => atLeast) };
}
