import { Expectation, type ExpectationOptions, whereKey } from '../client/expectation.js';
import { Request, type RequestOptions } from '../client/request.js';
import type { FieldValues } from '../packets/index.js';

/** A packet that a bot sends, with the values of each time. */
export class BotRequest extends Request {
  override readonly expectation: BotExpectation | null;
  /** What the next send carries, in the definition's order. */
  given: FieldValues = [];

  constructor(
    options: Omit<RequestOptions, 'values' | 'reply' | 'broadcast'> & { expectation: BotExpectation | null },
  ) {
    super({ ...options, values: null, reply: null, broadcast: null });
    this.expectation = options.expectation;
  }

  protected override values(): FieldValues {
    return this.given;
  }

  /** The bot's own fault, which its author is to see where it was made. */
  protected override blame(_client: unknown, _outcome: unknown, error: Error): never {
    throw error;
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
