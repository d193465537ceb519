import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { nearest } from './nearest.js';
import { bundledScenarios } from './scenario/bundled.js';
import { asClause } from './scenario/hints.js';

/**
 * What commander finds wrong with a command line, in the form of our own errors: a sentence, and below it the cure, which says also what
 * commander does not see. It takes `--client=5` whole for the name of an option, who leaves out `run` for somebody who mistyped a command,
 * no choice for a mistyped one, and counts arguments where it could show them. Ends with a line break.
 */
export function usageError(command: Command, error: string): string {
  const [said = '', suggested] = error
    .trim()
    .replace(/^error: /, '')
    .split(/\n\(Did you mean (?:one of )?(.*)\?\)$/);
  const meant = suggested?.replaceAll(', ', '` or `') ?? whatWasMeant(command, said);
  const help = `\`${pathOf(command)} --help\` shows what there is.`;
  const cure = meant === undefined ? help : `Did you mean \`${meant}\`? ${help}`;
  return `${toolOf(command)}: ${sentenceOf(command, said)}.\n  ${cure}\n`;
}

/** Commander's sentences, by what they are about; any other keeps its words. */
const sentences: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^unknown (option|command) '(.*)'$/, (what, name) => `there is no ${what} \`${name}\``],
  [/^missing required argument '(.*)'$/, (name) => `<${name}> is missing`],
  [/^option '([^']*)' argument missing$/, (flags) => `${nameOf(flags)} stands without its value`],
  [
    /^option '([^']*)' argument '(.*)' is invalid\. (.*)$/,
    (flags, value, why) => `${nameOf(flags)} ${value}: ${reason(why)}`,
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*)'\. (.*)$/,
    (value, name, why) => `<${name}> ${value}: ${reason(why)}`,
  ],
  [
    /^option '([^']*)' cannot be used with option '([^']*)'$/,
    (one, other) => `${nameOf(one)} cannot be used with ${nameOf(other)}`,
  ],
];

function sentenceOf(command: Command, said: string): string {
  if (said.startsWith('too many arguments')) {
    const rest = command.args.slice(command.registeredArguments.length).join(' ');
    return `\`${rest}\` is more than \`${pathOf(command)}\` takes`;
  }
  for (const [form, write] of sentences) {
    const parts = form.exec(said);
    if (parts === null) continue;
    const [, ...words] = parts;
    return write(...words);
  }
  return said.replace(/\.$/, '').replaceAll(/'([^']*)'/g, '`$1`');
}

/** Why a value is refused, as the end of a sentence. */
function reason(why: string): string {
  return asClause(why.replace(/^Allowed choices are/, 'not one of'));
}

/** The option itself, of `-V, --version` and `--mode <mode>`. */
function nameOf(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** As it is typed: `swarm run`, `npm run sim --`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Who speaks: `swarm`, `npm run sim`. */
function toolOf(command: Command): string {
  return command.parent === null ? command.name().replace(/ --$/, '') : toolOf(command.parent);
}

function whatWasMeant(command: Command, said: string): string | undefined {
  return optionMeant(command, said) ?? scenarioMeant(command, said) ?? commandMeant(command, said) ?? choiceMeant(said);
}

function optionMeant(command: Command, said: string): string | undefined {
  const [, option] = /^unknown option '(--?[^=']+)/.exec(said) ?? [];
  if (option === undefined) return undefined;
  const known = command.createHelp().visibleOptions(command);
  const near = nearest(
    option.replace(/^-+/, ''),
    known.flatMap(({ long }) => long?.slice(2) ?? []),
  );
  return near && `--${near}`;
}

function scenarioMeant(command: Command, said: string): string | undefined {
  const word = unknownCommand(said);
  if (word === undefined) return undefined;
  const isScenario = bundledScenarios().includes(word) || (/\.ya?ml$/.test(word) && existsSync(word));
  return isScenario ? `${command.name()} run ${word}` : undefined;
}

/** Of those that commander does not know to be commands: `help rnu`. */
function commandMeant({ commands }: Command, said: string): string | undefined {
  const word = unknownCommand(said);
  const names = commands.map((command) => command.name());
  return word && nearest(word, names);
}

function unknownCommand(said: string): string | undefined {
  return /^unknown command '([^']+)'/.exec(said)?.[1];
}

/** Of `text,htlm` the word that is wrong is meant. */
function choiceMeant(said: string): string | undefined {
  const [, given, listed] = /(?:argument|value) '(.*)' is invalid.* Allowed choices are (.*)\.$/m.exec(said) ?? [];
  const choices = listed?.split(', ') ?? [];
  const wrong = given?.split(',').find((word) => !choices.includes(word.trim()));
  return wrong && nearest(wrong.trim(), choices);
}
