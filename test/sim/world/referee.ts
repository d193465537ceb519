/**
 * Keeps what is found to be wrong. Nothing is thrown where it is found: that is within a callback of a session, which would take
 * the exception for its own.
 */
export class Referee {
  readonly violations: string[] = [];

  fail(violation: string): void {
    this.violations.push(violation);
  }

  /** Fails unless the two are equal. */
  same(what: string, actual: number, expected: number): void {
    if (actual !== expected) this.fail(`${what}: ${actual}, and not ${expected}`);
  }
}
