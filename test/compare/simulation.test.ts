import { describe, expect, test } from 'vitest';
import { lookLevel, looks } from '../../src/compare/looks.js';
import { sectionsOf } from '../../src/compare/sections.js';
import { RandomStream } from '../../src/load/random.js';
import { bucketOf, highestIn } from '../../src/metrics/buckets.js';
import { BucketCounts } from '../../src/metrics/histogram.js';
import { pairsEffect, runsEffect, type SectionLogs, sectionsEffect } from '../../src/statistics/effect.js';
import { judge, type Question, type Verdict } from '../../src/statistics/judge.js';

/**
 * Whether the verdicts are right as often as they claim, on 1,000 seeded pairs of runs a case. The runs are histograms of 60 windows, read by the
 * estimator that reads reports. A pool of them is read once; that a build is slower, or that runs of one build differ, multiplies all values of a
 * run, which adds to its logarithms.
 */
const pairs = 1000;
const windowCount = 60;
const valuesPerWindow = 60;
/** By how much the levels of the windows of a run differ (standard deviation of the logarithm), beside the values' own scatter. */
const windowSpread = 0.1;
const valueSpread = 0.3;

class Normal {
  readonly #random: RandomStream;

  constructor(...path: (string | number)[]) {
    this.#random = RandomStream.of(7, ...path);
  }

  next(): number {
    // Box and Muller; 1 − u is never 0.
    return Math.sqrt(-2 * Math.log(1 - this.#random.next())) * Math.cos(2 * Math.PI * this.#random.next());
  }

  index(length: number): number {
    return this.#random.int(0, length - 1);
  }
}

interface Run extends SectionLogs {
  readonly doubts: readonly string[];
}

interface Build {
  readonly percentile: number;
  /** Of neighbouring windows. */
  readonly autocorrelation: number;
  /** In how many windows, one of them, the server stands still for half of the values; 0: in none. */
  readonly pauseEvery: number;
}

const usual: Build = { percentile: 90, autocorrelation: 0, pauseEvery: 0 };

/** Factors of values, of which each window takes a stretch. */
const scatter = new Normal('values');
const factors = Float64Array.from({ length: 8192 }, () => Math.exp(valueSpread * scatter.next()));

function simulateRun(normal: Normal, { percentile, autocorrelation, pauseEvery }: Build): Run {
  const all = new BucketCounts();
  let level = normal.next();
  const windows = Array.from({ length: windowCount }, () => {
    level = autocorrelation * level + Math.sqrt(1 - autocorrelation ** 2) * normal.next();
    const window = new BucketCounts();
    const scale = 1000 * Math.exp(windowSpread * level);
    const from = normal.index(factors.length - valuesPerWindow + 1);
    const pauseUs = pauseEvery > 0 && normal.index(pauseEvery) === 0 ? 1000 : 0;
    for (let i = 0; i < valuesPerWindow; i++) {
      const us = Math.round(scale * factors[from + i]!) + (i % 2) * i * pauseUs;
      window.add(bucketOf(us), 1);
    }
    all.addAll(window);
    return window;
  });
  const { logs, doubts } = sectionsOf(windows, percentile);
  return { whole: Math.log(highestIn(all.sorted().bucketAtPercentile(percentile))), sections: logs, doubts };
}

function simulateRuns(build: Build): readonly Run[] {
  const normal = new Normal('runs', ...Object.values(build));
  return Array.from({ length: 2 * pairs }, () => simulateRun(normal, build));
}

/** A question put to many pairs. Changes are in per cent. */
interface Case {
  readonly runs: readonly Run[];
  /** By how much runs of one build differ (standard deviation). */
  readonly spread: number;
  /** Of the current build. */
  readonly change: number;
  /** Where nothing changed, 0: then all false alarms show. */
  readonly tolerance: number;
  readonly noise: number;
}

function questionOf({ tolerance, noise }: Case): Question {
  return { worseSign: 1, tolerance: Math.log1p(tolerance / 100), noise: Math.log1p(noise / 100) };
}

type Shares = Readonly<Record<Verdict, number>>;

/** In per cent. */
function shares(verdictOf: (pair: number) => Verdict): Shares {
  const counts = { better: 0, worse: 0, same: 0, 'cannot tell': 0 };
  for (let pair = 0; pair < pairs; pair++) counts[verdictOf(pair)] += 1;
  return Object.fromEntries(
    Object.entries(counts).map(([verdict, count]) => [verdict, (100 * count) / pairs]),
  ) as Shares;
}

function shifted({ whole, sections, doubts }: Run, by: number): Run {
  return { whole: whole + by, sections: sections.map((log) => log + by), doubts };
}

function singles(of: Case): Shares {
  const normal = new Normal('single', of.spread, of.change);
  const spread = Math.log1p(of.spread / 100);
  const question = questionOf(of);
  return shares((pair) => {
    const base = shifted(of.runs[2 * pair]!, spread * normal.next());
    const current = shifted(of.runs[2 * pair + 1]!, spread * normal.next() + Math.log1p(of.change / 100));
    if (base.doubts.length + current.doubts.length > 0) return 'cannot tell';
    return judge(sectionsEffect(base, current), question, 0.05).verdict;
  });
}

/** Whole runs of the pool, each with its own share of what runs differ by. */
class Draw {
  readonly #normal: Normal;
  readonly #of: Case;

  constructor(of: Case, name: string) {
    this.#normal = new Normal(name, of.spread, of.change);
    this.#of = of;
  }

  base(): number {
    const { runs, spread } = this.#of;
    return runs[this.#normal.index(runs.length)]!.whole + Math.log1p(spread / 100) * this.#normal.next();
  }

  current(): number {
    return this.base() + Math.log1p(this.#of.change / 100);
  }
}

function fiveBaseRuns(of: Case): Shares {
  const draw = new Draw(of, 'five base runs');
  const question = questionOf(of);
  return shares(() => {
    const base = Array.from({ length: 5 }, () => draw.base());
    return judge(runsEffect(base, [draw.current()]), question, 0.05).verdict;
  });
}

function roundsLookedAt(of: Case, pairCounts: readonly number[], level: number): Shares {
  const draw = new Draw(of, 'rounds');
  const question = questionOf(of);
  return shares(() => {
    const ratios: number[] = [];
    for (const count of pairCounts) {
      while (ratios.length < count) ratios.push(draw.current() - draw.base());
      const { verdict } = judge(pairsEffect(ratios), question, level);
      if (verdict !== 'cannot tell') return verdict;
    }
    return 'cannot tell';
  });
}

const ways = {
  'one run each': singles,
  'five base runs': fiveBaseRuns,
  'six rounds': (of: Case) => roundsLookedAt(of, [6], 0.05),
  'until decided': (of: Case) => roundsLookedAt(of, looks, lookLevel),
} as const;

const independent = simulateRuns(usual);
const dependent = simulateRuns({ ...usual, autocorrelation: 0.5 });
const paused = simulateRuns({ ...usual, percentile: 97, pauseEvery: 15 });

/** The name carries what was found, so that the list of the tests is the table. */
function found(verdict: Verdict, all: Shares): string {
  return `${verdict} in ${all[verdict].toFixed(1)} %`;
}

const unchanged = { change: 0, tolerance: 0, noise: 0 };

describe('where nothing changed, worse is said in at most 5 % (nominal 2.5 %)', () => {
  const cases = [
    { way: 'one run each', of: { ...unchanged, runs: independent, spread: 0 }, runs: 'no spread, no run noise' },
    {
      way: 'one run each',
      of: { ...unchanged, runs: dependent, spread: 0 },
      runs: 'autocorrelation 0.5, no spread, no run noise',
    },
    {
      way: 'one run each',
      of: { ...unchanged, runs: dependent, spread: 5, noise: 10 },
      runs: 'autocorrelation 0.5, spread 5 %, run noise 10 %',
    },
    { way: 'one run each', of: { ...unchanged, runs: paused, spread: 0 }, runs: 'full of pauses, no run noise' },
    { way: 'five base runs', of: { ...unchanged, runs: independent, spread: 10 }, runs: 'spread 10 %' },
    { way: 'six rounds', of: { ...unchanged, runs: dependent, spread: 10 }, runs: 'spread 10 %' },
    { way: 'until decided', of: { ...unchanged, runs: dependent, spread: 10 }, runs: 'spread 10 %' },
  ] as const;
  for (const { way, of, runs } of cases) {
    const all = ways[way](of);
    test(`${way}, ${runs}: ${found('worse', all)}`, () => expect(all.worse).toBeLessThanOrEqual(5));
  }
});

const slower = { change: 20, tolerance: 10, noise: 0 };

describe('20 % more is found in at least 90 %', () => {
  const cases = [
    { way: 'one run each', of: { ...slower, runs: independent, spread: 0 }, runs: 'no spread, no run noise' },
    {
      way: 'one run each',
      of: { ...slower, runs: dependent, spread: 0 },
      runs: 'autocorrelation 0.5, no spread, no run noise',
    },
    { way: 'six rounds', of: { ...slower, runs: dependent, spread: 5 }, runs: 'spread 5 %' },
    { way: 'until decided', of: { ...slower, runs: dependent, spread: 10 }, runs: 'spread 10 %' },
  ] as const;
  for (const { way, of, runs } of cases) {
    const all = ways[way](of);
    test(`${way}, ${runs}: ${found('worse', all)}`, () => expect(all.worse).toBeGreaterThanOrEqual(90));
  }
});

describe('data full of pauses are not called the same', () => {
  for (const noise of [0, 10]) {
    const all = singles({ runs: paused, spread: 0, change: 0, tolerance: 10, noise });
    test(`one run each, run noise ${noise} %: ${found('cannot tell', all)}, ${found('same', all)}`, () => {
      expect(all['cannot tell']).toBeGreaterThanOrEqual(90);
      expect(all.same).toBeLessThanOrEqual(5);
    });
  }
});
