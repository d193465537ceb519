import { SwarmError } from '../../src/errors.js';
import { DecodeError, EncodeError } from '../../src/packets/index.js';
import { ensure } from './target.js';

/** JavaScript's words for a value that nobody meant to show, and those of libraries. Entities of XML are undefined in good English. */
const foreignWords =
  /\bundefined\b(?! entity)|\[object |Cannot read prop|is not a function|Maximum call stack|Invalid input/;

/** Whether it is a user's mistake: with exit 104, in sentences of ours, each problem with its place. */
export function isUsersMistake(error: unknown): boolean {
  if (!(error instanceof SwarmError)) return false;
  ensure(error.exitCode === 104, 'a user’s mistake ends with exit 104');
  for (const { message, hint = '', place, flag } of error.problems) {
    ensure(
      !foreignWords.test(withoutQuoted(`${message} ${hint}`)),
      `a message is in words of ours: ${message} (${hint})`,
    );
    ensure(
      place !== undefined || flag !== undefined || error.code === 'packets-invalid',
      `a problem has its place: ${message}`,
    );
    if (place !== undefined) ensure(place.line >= 1 && place.column >= 1, `a place is in its file: ${message}`);
  }
  return true;
}

/** What a message quotes of its file may be any words, and so may a path or a pattern. */
function withoutQuoted(text: string): string {
  return text.replace(/`[^`]*`|"[^"]*"|'[^']*'|\S*\/\S*/g, '');
}

export function isDecodeError(error: unknown): boolean {
  return error instanceof DecodeError;
}

export function isCodecError(error: unknown): boolean {
  return error instanceof DecodeError || error instanceof EncodeError;
}
