import type { Counter, Rate } from '../metrics/recorder.js';
import type { FrameMatcher, PacketDecoder } from '../packets/index.js';
import { compileValue, type ReplyShape, type SavedValue, type Scope } from '../scenario/expressions.js';
import type { Expectation as ExpectationPlan } from '../scenario/plan.js';
import type { ClientScope } from './scope.js';

type Evaluate = (scope: Scope) => SavedValue;

/**
 * Which packets count. Of a packet whose fields nothing reads there is no decoder. Frames that have no names are told apart by matchers;
 * who waits for frames of the same `description` waits for the same.
 */
export type Awaited =
  | { readonly kind: 'packets'; readonly decoders: ReadonlyMap<number, PacketDecoder | null> }
  | { readonly kind: 'frames'; readonly frames: readonly FrameMatcher[]; readonly description: string };

export interface Check {
  readonly name: string;
  readonly rate: Rate;
  readonly evaluate: Evaluate;
}

export interface ExpectationOptions {
  readonly plan: ExpectationPlan;
  readonly awaited: Awaited;
  /** What `reply` has in the expressions of `save` and `check`. */
  readonly reply: ReplyShape;
  readonly path: string;
  /** Replies carry the number of their request in a header field. */
  readonly numbered: boolean;
  /** Where a check is counted. */
  readonly rateOf: (check: string) => Rate;
  /** Where it is counted that nothing came in time, or before the connection ended. */
  readonly timeouts: Counter;
  readonly lostReplies: Counter;
}

/** All that a step says about the packet it waits for, compiled once for all clients of a kind. */
export class Expectation {
  readonly awaited: Awaited;
  readonly path: string;
  readonly timeoutUs: number;
  readonly onTimeout: 'fail' | 'continue';
  readonly checks: readonly Check[];
  readonly timeouts: Counter;
  readonly lostReplies: Counter;
  /** Its reply is found by the number of the request; `where`, where it is given, goes before that. */
  readonly numbered: boolean;
  /** The queues, or with `where` the maps, in which a client waits: one for each packet, none where it is numbered. The kind sets them once it has numbered them. */
  places: readonly number[] = [];
  /** The fields that tell replies apart, in order; empty where replies come in the order of the requests. */
  readonly whereFields: readonly string[];
  /** Something is checked or saved: the reply's fields are read. */
  readonly readsReply: boolean;
  /** It has expressions, which read the client's scope. */
  readonly readsScope: boolean;
  readonly #whereValues: readonly Evaluate[];
  readonly #saves: readonly { readonly name: string; readonly evaluate: Evaluate }[];

  constructor({ plan, awaited, reply, path, numbered, rateOf, timeouts, lostReplies }: ExpectationOptions) {
    this.numbered = numbered && plan.where.length === 0;
    this.timeouts = timeouts;
    this.lostReplies = lostReplies;
    this.awaited = awaited;
    this.path = path;
    this.timeoutUs = plan.timeoutMs * 1000;
    this.onTimeout = plan.onTimeout;
    this.checks = plan.check.map(({ name, value }) => ({
      name,
      rate: rateOf(name),
      evaluate: compileValue(value, reply),
    }));
    this.whereFields = plan.where.map((entry) => entry.field);
    this.#whereValues = plan.where.map((entry) => compileValue(entry.value));
    this.readsReply = plan.check.length + plan.save.length > 0;
    this.readsScope = this.readsReply || plan.where.length > 0;
    this.#saves = plan.save.map(({ name, value }) => ({ name, evaluate: compileValue(value, reply) }));
  }

  /** What a timeout is called in the report. */
  get missed(): string {
    return `${this.path}: no reply within ${this.timeoutUs / 1000} ms`;
  }

  /** What the fields of `where` must hold in the reply to this request. */
  key(scope: Scope): string {
    return whereKey(this.#whereValues.map((evaluate) => evaluate(scope)));
  }

  /** Keeps what the scenario saves of the reply that `scope` holds. */
  save(scope: ClientScope): void {
    for (const { name, evaluate } of this.#saves) scope.saved[name] = evaluate(scope);
  }
}

/** One string for the values of `where`: a whole number of an expression (a bigint) equals that of a packet (a number). */
export function whereKey(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : values.map((value) => JSON.stringify(String(value))).join();
}
