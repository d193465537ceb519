import { Argument, Command } from 'commander';
import type { Perform } from './perform.js';

export function schemaCommand(perform: Perform): Command {
  return new Command('schema')
    .description('print the JSON Schema of scenario files, for editors, or of reports')
    .addArgument(new Argument('[of]', 'of what').choices(['scenario', 'report']).default('scenario'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ swarm schema > scenario.schema.json\n  $ swarm schema report > report.schema.json',
    )
    .action((of) => perform(async () => (await import('../commands/schema.js')).schema(of)));
}
