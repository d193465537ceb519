import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { nearest } from './nearest.js';
import { bundledScenarios } from './scenario/bundled.js';

/**
 * What commander does not see behind one of its own errors, as a line in the form of its suggestions; empty where it is nothing.
 * It takes `--client=5` whole for the name of an option, who leaves out `run` for somebody who mistyped a command, no choice
 * for a mistyped one, and counts arguments where it could show them.
 */
export function usageHint(command: Command, error: string): string {
  if (error.includes('(Did you mean')) return '';
  if (error.startsWith('error: too many arguments')) {
    return `(Not expected: ${command.args.slice(command.registeredArguments.length).join(' ')})\n`;
  }
  const meant =
    optionMeant(command, error) ?? scenarioMeant(command, error) ?? commandMeant(command, error) ?? choiceMeant(error);
  return meant === undefined ? '' : `(Did you mean ${meant}?)\n`;
}

function optionMeant(command: Command, error: string): string | undefined {
  const [, option] = /^error: unknown option '(--?[^=']+)/.exec(error) ?? [];
  if (option === undefined) return undefined;
  const known = command.createHelp().visibleOptions(command);
  const near = nearest(
    option.replace(/^-+/, ''),
    known.flatMap(({ long }) => long?.slice(2) ?? []),
  );
  return near && `--${near}`;
}

function scenarioMeant(command: Command, error: string): string | undefined {
  const word = unknownCommand(error);
  if (word === undefined) return undefined;
  const isScenario = bundledScenarios().includes(word) || (/\.ya?ml$/.test(word) && existsSync(word));
  return isScenario ? `${command.name()} run ${word}` : undefined;
}

/** Of those that commander does not know to be commands: `help rnu`. */
function commandMeant({ commands }: Command, error: string): string | undefined {
  const word = unknownCommand(error);
  const names = commands.map((command) => command.name());
  return word && nearest(word, names);
}

function unknownCommand(error: string): string | undefined {
  return /^error: unknown command '([^']+)'/.exec(error)?.[1];
}

/** Of `text,htlm` the word that is wrong is meant. */
function choiceMeant(error: string): string | undefined {
  const [, given, listed] = /(?:argument|value) '(.*)' is invalid.* Allowed choices are (.*)\.$/m.exec(error) ?? [];
  const choices = listed?.split(', ') ?? [];
  const wrong = given?.split(',').find((word) => !choices.includes(word.trim()));
  return wrong && nearest(wrong.trim(), choices);
}
