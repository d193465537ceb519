import type { Yardstick } from './yardstick.js';

/** A row of the table: one budget of the design, and what measures it. */
export interface Row {
  /** The word that runs this row alone. */
  readonly name: string;
  readonly what: string;
  /** Unit of the contenders' numbers. */
  readonly unit: string;
  readonly goals: readonly Goal[];
  /** The contender that the others are compared with, where that is not the build under test. */
  readonly subject?: string;
  /** Starts what the contenders need. */
  prepare(context: Context): Promise<Prepared>;
}

/** A bound on something that is made of the contenders' medians. */
export interface Goal {
  readonly what: string;
  /** NaN where a contender that it needs was not there. */
  read(medians: Medians): number;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** The median of each contender, by its name; NaN for one that did not run. */
export type Medians = (contender: string) => number;

export interface Prepared {
  /** They take turns, so that whatever else the machine does meets all of them. */
  readonly contenders: readonly Contender[];
  /** What the numbers come with, such as how many packets a receive brought. */
  remark?(): string;
  close(): Promise<void>;
}

export interface Contender {
  readonly name: string;
  /** Measures once. */
  run(): Promise<number>;
}

export interface Context {
  /** Null where there is no C compiler: rows that need it then compare with nothing. */
  readonly yardstick: Yardstick | null;
  /** The build under test is `swarm`; another may be measured beside it. */
  readonly builds: readonly Build[];
}

export interface Build {
  readonly name: string;
  /** The folder of the compiled benchmark, with a slash at its end. */
  readonly folder: string;
}

/** The name of the build under test among the contenders. */
export const subject = 'swarm';

/** The subject's number divided by that of `reference`. */
export function ratioTo(reference: string): Goal['read'] {
  return (median) => median(subject) / median(reference);
}
