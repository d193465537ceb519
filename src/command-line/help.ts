import { Argument, Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Perform } from './perform.js';

/** In place of commander's own, which says nothing of a command that does not exist. Knows the commands that `program` has by now. */
export function helpCommand(perform: Perform, program: Command): Command {
  const names = [...program.commands.map((command) => command.name()), 'help'];
  return new Command('help')
    .description('show the help of a command, or of all')
    .addArgument(
      new Argument('[command]', 'which')
        // For the help and the completion. Whom they do not help reads what an unknown command is always told.
        .choices(names)
        .argParser((name: string) => (names.includes(name) ? name : program.error(`error: unknown command '${name}'`))),
    )
    .addHelpText('after', '\nExamples:\n  $ swarm help\n  $ swarm help run')
    .action((name?: string) =>
      perform(async () => {
        (program.commands.find((command) => command.name() === name) ?? program).outputHelp();
        return exitCodes.ok.code;
      }),
    );
}
