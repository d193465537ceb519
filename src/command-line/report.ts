import { Command } from 'commander';
import { formatNames } from '../report/format-names.js';
import { oneOf } from './options.js';
import type { Perform } from './perform.js';

export function reportCommand(perform: Perform): Command {
  return new Command('report')
    .description('give the report of a run another form')
    .argument('<report>', 'the folder of a run, or its report.json')
    .addOption(oneOf(formatNames, '--format <format>', 'by default what --out ends in, else text'))
    .option('--out <file>', 'where to write it, in place of stdout')
    .option('--metric <name>', 'for hgrm: of which metric, as in service_time{packet:C_Chat}')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm report reports/chat-room-20260301-123005
  $ swarm report reports/chat-room-20260301-123005 --out chat.html
  $ swarm report report.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  $ swarm report report.json --format hgrm \\
      --metric 'response_time{packet:C_Chat}' > chat.hgrm`,
    )
    .action((path, options) => perform(async () => (await import('../commands/report.js')).report(path, options)));
}
