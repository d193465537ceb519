import { Command, InvalidArgumentError } from 'commander';
import { usageError } from '../../src/usage-error.js';

/** What a tool ends with whose command line is wrong: a find, or a seed that fails, ends it with 1. */
const misuse = 104;

/** The command line of a tool for those who work on swarm. */
export function tool(name: string): Command {
  const program = new Command(name);
  return program
    .configureOutput({ outputError: (error, write) => write(usageError(program, error)) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : misuse));
}

/** Reads an option: a whole number from 0 on. */
export function whole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('A whole number is expected.');
  return value;
}

/** Reads an option: a whole number from 1 on. */
export function positive(text: string): number {
  const value = whole(text);
  if (value === 0) throw new InvalidArgumentError('1 is the least.');
  return value;
}

/** Reads an option: a time in minutes. */
export function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}
