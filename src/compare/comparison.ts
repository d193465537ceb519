import type { Unit } from '../metrics/catalog.js';
import type { Report } from '../report/report.js';
import type { Verdict } from '../statistics/judge.js';

/** A report, what it is called in sentences (`base`, `base 2`, `01-a`), and the file or folder that it was read from. */
export interface NamedReport {
  readonly name: string;
  readonly file: string;
  readonly report: Report;
}

/** For a sentence that stands alone, without the list of all reports: `base 11 (nightly/11/report.json)`. */
export function inFull({ name, file }: NamedReport): string {
  return `${name} (${file})`;
}

/**
 * What was compared with what. `single`: one run each, which shows noise within runs alone. `runs`: several on at least one side. `rounds`: pairs
 * of runs in one sitting.
 */
export type ComparisonKind = 'single' | 'runs' | 'rounds';

/** The outcome of a comparison, as plain data. */
export interface Comparison {
  readonly scenario: string;
  readonly kind: ComparisonKind;
  readonly base: Side;
  readonly current: Side;
  /** What to know before any number. */
  readonly cautions: readonly string[];
  /** What a comparison of this kind can and cannot tell. */
  readonly scope: string;
  readonly rows: readonly Row[];
  /** Whether any row that may fail is worse. */
  readonly worse: boolean;
}

export interface Side {
  readonly label: string;
  readonly reports: readonly { readonly name: string; readonly file: string }[];
  /** Of the first run, ISO 8601 in UTC. */
  readonly startedAt: string;
  /** Of all runs together. */
  readonly wholeRunMs: number;
}

/** One quantity on both sides. */
export interface Row {
  /** `response_time{packet:"C_Chat"} p(99)`. */
  readonly name: string;
  readonly unit: Unit;
  /** The `--fail-on` that it stands for; null: information alone. */
  readonly failOn: string | null;
  /** Of several runs, the geometric mean. */
  readonly base: RowValue;
  readonly current: RowValue;
  /** Current ÷ base − 1; null where there is no ratio. */
  readonly change: number | null;
  /** What the change may truly be, at this confidence; null where it is unknown. */
  readonly interval: { readonly from: number; readonly to: number; readonly confidence: number } | null;
  /** Of rounds, the median of the pairs' ratios − 1: what a single odd round does not move. */
  readonly medianChange: number | null;
  readonly verdict: Verdict;
  /** Why it cannot be told. */
  readonly reasons: readonly string[];
  /** The smallest change for the worse that these data would have shown nine times in ten; null where it is unknown. */
  readonly smallestChange: number | null;
}

export interface RowValue {
  readonly value: number;
  readonly atLeast: boolean;
}
