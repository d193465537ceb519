import { amountText } from './wide-integers.js';

/** A value that its field cannot hold. `field` is the path within the packet (`skills[1].lv`); empty for the packet itself. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
  readonly field: string;
  /** What is wrong, without the path: `300 is not within 0 to 255`. */
  readonly reason: string;

  constructor(field: string, reason: string) {
    super(field === '' ? reason : `${field}: ${reason}`);
    this.field = field;
    this.reason = reason;
  }

  /** The same error, seen from the packet or list element that holds the field. */
  within(outer: string): EncodeError {
    return new EncodeError(joinPath(outer, this.field), this.reason);
  }
}

/**
 * `truncated`: the body ends inside a field. `trailing-bytes`: it goes on after the last field. `bad-count`: a list claims
 * more elements than the rest of the body can hold. `bad-text`: bytes that are no text in the field's encoding. `bad-number`: a
 * varint of more than 64 bits. `bad-constant`: a field that always holds the same holds something else. `bad-wire`: a tag or a nesting
 * that no protobuf has, or a field of another wire type than its own. `bad-json`: what is no JSON. `too-deep`: JSON, or messages of
 * protobuf, that nest deeper than is allowed. `bad-key`: an object of JSON that has a key twice, or one that is refused.
 */
export type DecodeErrorCode =
  | 'truncated'
  | 'trailing-bytes'
  | 'bad-count'
  | 'bad-text'
  | 'bad-number'
  | 'bad-constant'
  | 'bad-wire'
  | 'bad-json'
  | 'too-deep'
  | 'bad-key';

/** The reason of `truncated`. */
export function tooFewBytes(needed: number, left: number): string {
  return `${amountText(needed)} ${needed === 1 ? 'byte is' : 'bytes are'} needed, and ${left} ${left === 1 ? 'is' : 'are'} left`;
}

/** The reason of `trailing-bytes`. */
export function tooManyBytes(left: number): string {
  return `${left} ${left === 1 ? 'byte is' : 'bytes are'} left over after the last field`;
}

/** A body that is not what its definition says: a protocol error of the peer's, to be counted. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code: DecodeErrorCode;
  /** The path of the field within the packet (`skills[1].lv`); empty where the body as a whole is meant. */
  readonly field: string;
  readonly reason: string;

  constructor(code: DecodeErrorCode, field: string, reason: string) {
    // Without a stack, which takes most of the time: a peer may break every packet that it sends, and where we found it out is of no interest.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(field === '' ? reason : `${field}: ${reason}`);
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.field = field;
    this.reason = reason;
  }

  /** The same error, seen from the list element that holds the field. */
  within(outer: string): DecodeError {
    return new DecodeError(this.code, joinPath(outer, this.field), this.reason);
  }
}

function joinPath(outer: string, inner: string): string {
  return inner === '' ? outer : `${outer}.${inner}`;
}
