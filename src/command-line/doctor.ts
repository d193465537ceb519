import { Command } from 'commander';
import type { Perform } from './perform.js';

export function doctorCommand(perform: Perform): Command {
  return new Command('doctor')
    .description('show what this machine can carry: its limits, and connects, packets and timers measured for real')
    .option('--json', 'the same for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  $ swarm doctor\n  $ swarm doctor --json\n\nIt takes some four seconds, and talks to itself alone.',
    )
    .action((options) => perform(async () => (await import('../commands/doctor.js')).doctor(options)));
}
