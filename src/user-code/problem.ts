import { readFileSync } from 'node:fs';
import type { Place, Problem } from '../errors.js';
import type { UserCodeError } from './load.js';

/**
 * What is wrong with the code that `what` names, as in `the bot /home/me/bot.ts`: in the user's file where the mistake has a place
 * there, else where `inScenario` says.
 */
export function problemOf(
  { message, hint, place }: UserCodeError,
  what: string,
  inScenario: (message: string, hint: string | undefined) => Problem,
): Problem {
  const sentence = `${what} ${message}`;
  return place === undefined ? inScenario(sentence, hint) : { message: sentence, place, ...sourceAt(place) };
}

/** The line as it stands there; nothing where the file cannot be read any more. */
function sourceAt({ file, line }: Place): Pick<Problem, 'sourceLine'> {
  try {
    return { sourceLine: readFileSync(file, 'utf8').split(/\r?\n/)[line - 1] ?? '' };
  } catch {
    return {};
  }
}
