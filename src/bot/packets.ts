import { Expectation, type ExpectationOptions, whereKey } from '../client/expectation.js';
import { Request, type RequestOptions } from '../client/request.js';
import type { FieldValues } from '../packets/index.js';
import { writeStamp } from '../packets/stamp.js';
import type { Scope } from '../scenario/expressions.js';
import type { BotStamp } from './seat.js';

/** A packet that a bot sends, with the values of each time. */
export class BotRequest extends Request {
  override readonly expectation: BotExpectation | null;
  /** What the next send carries, in the definition's order. */
  given: FieldValues = [];

  constructor(options: Omit<RequestOptions, 'values' | 'reply'> & { expectation: BotExpectation | null }) {
    super({ ...options, values: null, reply: null });
    this.expectation = options.expectation;
  }

  protected override values(_scope: Scope): FieldValues {
    return this.given;
  }

  /** The bot's own fault, which its author is to see where it was made. */
  protected override blame(_client: unknown, _outcome: unknown, error: Error): never {
    throw error;
  }
}

/** A packet that everyone is to hear: what it carries is made when it is sent, because the stamp says when that is. */
export class BotBroadcast extends BotRequest {
  /** Makes the fields of the next send. */
  make: (stamp: BotStamp) => object = () => ({});
  readonly #valuesOf: (fields: Readonly<Record<string, unknown>>) => FieldValues;

  constructor(
    options: Omit<RequestOptions, 'values' | 'reply' | 'expectation'> & {
      readonly valuesOf: (fields: Readonly<Record<string, unknown>>) => FieldValues;
    },
  ) {
    super({ ...options, expectation: null });
    this.#valuesOf = options.valuesOf;
  }

  protected override values({ stamp: { sender, timeUs } }: Scope): FieldValues {
    const number = Math.floor(timeUs);
    const fields = this.make({ number, toString: () => writeStamp(sender, timeUs) });
    return this.#valuesOf(fields as Record<string, unknown>);
  }
}

/** A packet that a bot waits for. It is told from others by the values of each time. */
export class BotExpectation extends Expectation {
  override readonly readsReply = true;
  /** What the fields of `where` are to hold the next time, in their order. */
  given: readonly unknown[] = [];

  constructor(options: Omit<ExpectationOptions, 'rateOf'>) {
    super({
      ...options,
      rateOf: () => {
        throw new Error('a bot checks for itself');
      },
    });
  }

  override key(): string {
    return whereKey(this.given);
  }
}
