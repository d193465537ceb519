import { asSentence, SwarmError } from '../errors.js';

/**
 * What `read` makes of the value of an option, which is called as it was written: `--flush 250ms`.
 * @throws SwarmError that names the option, with the code and the hint of the one that `read` threw.
 */
export function readOption<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    const { code, message, hint } = error;
    throw new SwarmError(code, `${option}: ${message}`, hint === undefined ? {} : { hint: asSentence(hint) });
  }
}
