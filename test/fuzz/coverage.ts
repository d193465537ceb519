import { type Profiler, Session } from 'node:inspector';

/** What V8 says of a block that ran: script and stretch of its text. */
type Block = string;

/** Which blocks of the code under test have ever run, by V8's precise coverage of this process. */
export class Coverage {
  readonly #session = new Session();
  readonly #known = new Set<Block>();
  readonly #isUnderTest: (url: string) => boolean;

  constructor(isUnderTest: (url: string) => boolean) {
    this.#isUnderTest = isUnderTest;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How many blocks have run. */
  get size(): number {
    return this.#known.size;
  }

  /** What ran since the last call, and is new. It costs about as much as a dozen inputs: call it for a batch of them. */
  take(): ReadonlySet<Block> {
    const { result } = this.#post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType;
    const blocks = new Set<Block>();
    for (const { url, functions } of result) {
      if (!this.#isUnderTest(url)) continue;
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          const block = `${url}:${startOffset}-${endOffset}`;
          if (count > 0 && !this.#known.has(block)) blocks.add(block);
        }
      }
    }
    return blocks;
  }

  learn(blocks: Iterable<Block>): void {
    for (const block of blocks) this.#known.add(block);
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
