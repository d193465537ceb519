import { RandomStream } from '../../src/load/random.js';
import type { Coverage } from './coverage.js';
import { minimised } from './minimise.js';
import { type MutationSource, mutated } from './mutate.js';
import type { FuzzTarget } from './target.js';

/** An input that breaks what must hold. */
export interface Find {
  readonly input: Uint8Array;
  readonly error: unknown;
}

/** Inputs that are run before coverage is asked for, which takes as long as many of them: the more, the longer nothing new was found. */
const leastBatch = 16;
const mostBatch = 512;

/** An input of a kilobyte that takes this long, on a busy machine too, would hang a run that eats many. */
const longestMs = 2000;

/** Looks for inputs that make a target's parser do something new, and keeps those: so it comes ever deeper into the parser. */
export class Fuzzer {
  readonly #target: FuzzTarget;
  readonly #coverage: Coverage;
  readonly #source: MutationSource;
  readonly corpus: Uint8Array[] = [];
  executions = 0;
  #batchSize = leastBatch;

  constructor(target: FuzzTarget, coverage: Coverage, seed: number) {
    this.#target = target;
    this.#coverage = coverage;
    this.#source = {
      random: RandomStream.of(seed, 'fuzz'),
      tokens: target.tokens,
      corpus: this.corpus,
      maxBytes: target.maxBytes,
    };
  }

  /** Takes those of `inputs` into the corpus that do something that none before them did. @returns the first find. */
  begin(inputs: readonly Uint8Array[]): Find | undefined {
    for (const input of inputs) {
      const find = this.#eat(input);
      if (find !== undefined) return find;
      // What only a first run does, such as loading a library, is the merit of no input.
      this.#coverage.take();
      this.#keepNewOf([input]);
    }
    if (this.corpus.length === 0) this.corpus.push(new Uint8Array(0));
    return undefined;
  }

  /** Runs one batch of mutated inputs. @returns the first find. */
  step(): Find | undefined {
    const { random } = this.#source;
    const batch: Uint8Array[] = [];
    for (let i = 0; i < this.#batchSize; i++) {
      const parent = this.corpus[random.int(0, this.corpus.length - 1)]!;
      const input = mutated(parent, this.#source);
      const find = this.#eat(input);
      if (find !== undefined) return find;
      batch.push(input);
    }
    const reached = this.#coverage.take();
    if (reached.size > 0) this.#keepNewOf(batch);
    // What only shows in this order, such as a cache that fills, would be looked for again and again.
    this.#coverage.learn(reached);
    this.#batchSize = reached.size > 0 ? leastBatch : Math.min(mostBatch, 2 * this.#batchSize);
    return undefined;
  }

  /** The find with as few bytes as still fail in the same words. */
  minimised({ input, error }: Find): Find {
    const smallest = minimised(input, (shorter) => wordsOf(this.#eat(shorter)?.error) === wordsOf(error));
    return { input: smallest, error: this.#eat(smallest)?.error ?? error };
  }

  /** Finds those of a batch that did something new, by halves: each half is run again. */
  #keepNewOf(batch: readonly Uint8Array[]): void {
    for (const input of batch) this.#eat(input);
    const reached = this.#coverage.take();
    if (reached.size === 0) return;
    if (batch.length > 1) {
      const middle = batch.length >> 1;
      this.#keepNewOf(batch.slice(0, middle));
      this.#keepNewOf(batch.slice(middle));
      return;
    }
    this.#coverage.learn(reached);
    this.corpus.push(batch[0]!);
  }

  #eat(input: Uint8Array): Find | undefined {
    this.executions++;
    const beganMs = performance.now();
    try {
      this.#target.eat(input);
    } catch (error) {
      return { input, error };
    }
    const tookMs = performance.now() - beganMs;
    return tookMs < longestMs ? undefined : { input, error: new Error(`it took more than ${longestMs} ms`) };
  }
}

/** What two failures have in common that have one cause: their numbers and names may differ. */
function wordsOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return String(error instanceof Error ? error.stack?.split('\n').slice(1, 3).join() : error).slice(0, 300);
}
