import type { Argument, Command, Option } from 'commander';
import { bashCompletion } from '../completion/bash.js';
import type { CommandLine, OptionWords, Value } from '../completion/command-line.js';
import { fishCompletion } from '../completion/fish.js';
import type { Shell } from '../completion/shells.js';
import { zshCompletion } from '../completion/zsh.js';
import { exitCodes } from '../exit-codes.js';
import { bundledScenarios } from '../scenario/bundled.js';

/** What writes the script of each shell. */
const writers: Readonly<Record<Shell, (line: CommandLine) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints the script that teaches a shell the words of `program`, as it was declared. */
export async function completion(shell: Shell, program: Command): Promise<number> {
  process.stdout.write(writers[shell](commandLineOf(program)));
  return exitCodes.ok.code;
}

function commandLineOf(program: Command): CommandLine {
  const commands = program.createHelp().visibleCommands(program);
  return {
    name: program.name(),
    options: optionsOf(program),
    commands: commands.map((command) => {
      const [operand] = command.registeredArguments;
      return {
        name: command.name(),
        description: command.description(),
        options: optionsOf(command),
        operand: operand === undefined ? null : placeOf(operand, operand.name()),
      };
    }),
  };
}

function optionsOf(command: Command): readonly OptionWords[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap((option) => {
      const { short, long, description, flags } = option;
      if (long === undefined) return [];
      const placeholder = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1];
      return {
        short: short ?? null,
        long,
        description,
        repeatable: Array.isArray(option.defaultValue),
        value: placeholder === undefined ? null : placeOf(option, placeholder),
      };
    });
}

/** The words that it was declared with, and what its placeholder stands for. */
function placeOf({ argChoices = [] }: Pick<Option | Argument, 'argChoices'>, placeholder: string): Value {
  const name = placeholder.replace(/,…$/, '');
  const value = { name, words: argChoices, list: name !== placeholder, endings: [] };
  if (placeholder === 'scenario') {
    return { ...value, words: bundledScenarios(), paths: 'files', endings: ['.yaml', '.yml'] };
  }
  if (placeholder.startsWith('folder')) return { ...value, paths: 'folders' };
  if (/^(report|base$)/.test(placeholder)) return { ...value, paths: 'files', endings: ['.json'] };
  return { ...value, paths: placeholder.startsWith('file') ? 'files' : null };
}
