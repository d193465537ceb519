import { type Profiler, Session } from 'node:inspector';

/** Stretches of a function's text, in order, that do not touch. */
type Stretches = readonly (readonly [start: number, end: number])[];

/** What runs reached for the first time: by function, what of it is unreached still. */
export type Reached = ReadonlyMap<string, Stretches>;

/**
 * What of the code under test has ever run, by V8's precise coverage of this process. V8 tells a block apart only where it ran more
 * or less often than what is around it: so it is kept what never ran, which any single run tells in full.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #unreached = new Map<string, Stretches>();
  readonly #isUnderTest: (url: string) => boolean;
  /** Functions that ran, and branches in them that ran later than they. */
  size = 0;

  constructor(isUnderTest: (url: string) => boolean) {
    this.#isUnderTest = isUnderTest;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What ran since the last call, and never before. It takes as long as a dozen inputs: call it for a batch of them. */
  take(): Reached {
    const { result } = this.#post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType;
    const reached = new Map<string, Stretches>();
    for (const { url, functions } of result) {
      if (!this.#isUnderTest(url)) continue;
      for (const { ranges } of functions) {
        const [whole] = ranges;
        if (whole === undefined || whole.count === 0) continue;
        const name = `${url}:${whole.startOffset}-${whole.endOffset}`;
        const idle = idleIn(ranges);
        const known = this.#unreached.get(name);
        const left = known === undefined ? idle : common(known, idle);
        if (known === undefined || lengthOf(left) < lengthOf(known)) reached.set(name, left);
      }
    }
    return reached;
  }

  learn(reached: Reached): void {
    for (const [name, left] of reached) {
      const known = this.#unreached.get(name);
      this.#unreached.set(name, known === undefined ? left : common(known, left));
      this.size++;
    }
  }

  close(): void {
    this.#session.disconnect();
  }

  #post(method: string, params: object = {}): unknown {
    let answer: unknown;
    // On a session of this process the callback is called before `post` returns.
    this.#session.post(method, params, (error, result) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  }
}

/** What of a function did not run: ranges nest, and what is within one that did not run may have run all the same. */
function idleIn(ranges: readonly Profiler.CoverageRange[]): Stretches {
  const idle: [number, number][] = [];
  for (const { startOffset, endOffset, count } of ranges) {
    if (count === 0) idle.push([startOffset, endOffset]);
    else for (const stretch of idle.splice(0)) idle.push(...without(stretch, startOffset, endOffset));
  }
  return idle.sort(([a], [b]) => a - b);
}

function without([start, end]: readonly [number, number], from: number, to: number): [number, number][] {
  if (to <= start || from >= end) return [[start, end]];
  const rest: [number, number][] = [
    [start, from],
    [to, end],
  ];
  return rest.filter(([a, b]) => a < b);
}

/** What is in both. */
function common(some: Stretches, others: Stretches): Stretches {
  return some.flatMap(([start, end]) =>
    others.map(([from, to]) => [Math.max(start, from), Math.min(end, to)] as const).filter(([from, to]) => from < to),
  );
}

function lengthOf(stretches: Stretches): number {
  return stretches.reduce((sum, [start, end]) => sum + end - start, 0);
}
