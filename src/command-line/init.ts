import { Command } from 'commander';
import type { Perform } from './perform.js';

export function initCommand(perform: Perform): Command {
  return new Command('init')
    .description(
      'write a first load test to start from: a scenario, its packets, a client in TypeScript, a CI workflow',
    )
    .argument('[folder]', 'where to', '.')
    .option('--force', 'overwrite what is there')
    .addHelpText(
      'after',
      '\nExamples:\n  $ swarm init load-test\n  $ cd load-test && swarm run scenario.yaml\n\nNothing is overwritten without --force.',
    )
    .action((folder, options) => perform(async () => (await import('../commands/init.js')).init(folder, options)));
}
