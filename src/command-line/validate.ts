import { Command } from 'commander';
import { repeatable } from './options.js';
import type { Perform } from './perform.js';

export function validateCommand(perform: Perform): Command {
  return new Command('validate')
    .description('check a scenario and everything it names, without starting anything')
    .argument('<scenario>', 'a YAML file, or the name of a bundled one')
    .addOption(repeatable('--set <path=value>', 'as for run'))
    .option('--root <folder>', 'as for run')
    .addHelpText(
      'after',
      '\nExamples:\n  $ swarm validate chat.yaml\n  $ swarm validate chat.yaml --set load.clients=5000',
    )
    .action((file, options) => perform(async () => (await import('../commands/validate.js')).validate(file, options)));
}
