import { countMistakes, type Problem, SwarmError } from '../errors.js';

/** Where an option stands that says how a file is to be read: an id by the packet's name, or the name of the ids' enum. */
export type OptionPath = readonly ['ids', string] | readonly ['idEnum'];

/** A mistake that is not in the file, but in what was said of how to read it. It has no place: that is known to who gave the option. */
export interface OptionProblem extends Problem {
  readonly option: OptionPath;
}

export function optionProblem(option: OptionPath, message: string, hint: string): OptionProblem {
  return { option, message, hint };
}

/** Whether it is the option that is wrong, and not the file. */
export function isOptionProblem(problem: Problem): problem is OptionProblem {
  return 'option' in problem;
}

/** The error for a file of packet definitions in which something is wrong: `packets-invalid`, with every problem found. */
export function invalidPackets(file: string, problems: readonly Problem[]): SwarmError {
  return new SwarmError('packets-invalid', `The packet definitions in ${file} have ${countMistakes(problems)}.`, {
    problems,
  });
}
