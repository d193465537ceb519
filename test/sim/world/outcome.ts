/** What came of one seed. */
export interface Outcome {
  readonly seed: number;
  /** What is wrong; empty where nothing is. */
  readonly violations: readonly string[];
  /** How many events there were, and how many sessions, of both sides. */
  readonly steps: number;
  readonly sessions: number;
}

/** The outcome in words. */
export function report({ seed, violations, steps, sessions }: Outcome): string {
  const played = `seed ${seed}: ${steps} events, ${sessions} sessions`;
  return violations.length === 0
    ? `${played}, nothing wrong`
    : `${played}\n${violations.map((line) => `  ${line}`).join('\n')}`;
}

/** The command that plays a seed again. */
export function repeat(seed: number): string {
  return `again: npm run sim -- --seed ${seed}, with --trace for each event`;
}
