import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { CoreError, toError } from './errors.js';

/**
 * The failure that the next accept will meet, where this process or the system has no file descriptor left.
 * It has to be asked for: libuv sheds connections in that state by accepting and closing them without a word.
 */
export function descriptorShortage(): CoreError | undefined {
  try {
    closeSync(openSync(devNull, 'r'));
    return undefined;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'EMFILE' && code !== 'ENFILE') return undefined;
    return new CoreError(code, 'no file descriptor is left: further connections are dropped', {
      cause: toError(error),
    });
  }
}
