import { type Problem, SwarmError } from '../errors.js';

/** The error for a file of packet definitions in which something is wrong: `packets-invalid`, with every problem found. */
export function invalidPackets(file: string, problems: readonly Problem[]): SwarmError {
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  return new SwarmError('packets-invalid', `The packet definitions in ${file} have ${count}.`, { problems });
}
