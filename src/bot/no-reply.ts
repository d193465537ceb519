/** A packet that a bot waited for did not come. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
  /** `timeout`: not in time. `queue-full`: what asks for it could not be sent. */
  readonly reason: 'timeout' | 'queue-full';

  constructor(reason: NoReply['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
