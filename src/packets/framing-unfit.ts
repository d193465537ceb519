import { SwarmError } from '../errors.js';

/** What of the packet definitions does not go together with a framing: a packet's id, or one of its fields. */
export interface UnfitPart {
  readonly packet: string;
  /** Null where it is the id. */
  readonly field: string | null;
}

/** `framing-unfit` of one packet. */
export class FramingUnfit extends SwarmError {
  readonly part: UnfitPart;

  constructor(part: UnfitPart, message: string, hint: string) {
    super('framing-unfit', message, { hint });
    this.part = part;
  }
}
