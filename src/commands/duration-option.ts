import { asSentence, SwarmError } from '../errors.js';
import { parseDuration } from '../scenario/quantities.js';

/** The milliseconds that an option gives, as in `--flush 250ms`. @throws SwarmError `quantity-invalid`, which names the option. */
export function durationOption(flag: string, text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    const { code, message, hint } = error;
    throw new SwarmError(code, `${flag} ${text}: ${message}`, hint === undefined ? {} : { hint: asSentence(hint) });
  }
}
