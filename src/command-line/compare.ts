import { Command } from 'commander';
import { comparisonFormats } from '../compare/formats.js';
import { collect, oneOf } from './options.js';
import type { Perform } from './perform.js';

export function compareCommand(perform: Perform): Command {
  return new Command('compare')
    .description('compare runs: what got better, what worse, and what these runs cannot tell')
    .argument('[base]', 'the report.json of a run, or its folder')
    .argument('[current]', 'that of the run to judge')
    .option('--base <files...>', 'several base runs: then the spread between runs is known')
    .option('--current <files...>', 'several current runs')
    .option('--fail-on <change>', 'exit with 119 where this is worse (repeatable)', collect, [])
    .option('--run-noise <percent>', 'what two runs of one build may differ by, where there is one run each', '10%')
    .addOption(oneOf(comparisonFormats, '--format <format>', 'how it is printed', 'text'))
    .addHelpText(
      'after',
      `
Examples:
  $ swarm compare baseline.json reports/chat-20260301-123005 --fail-on 'response_time p(99) +10%'
  $ swarm compare --base nightly/*/report.json --current report.json --fail-on 'response_time{packet:C_Login} med +5%'
  $ swarm compare old.json new.json --format junit > compare.xml

+10% says that more is worse, -10% that less is. One run each can show that two runs differ, not that two builds do: give several base runs, or let swarm ab play both in turn.`,
    )
    .action((base, current, options) =>
      perform(async () => (await import('../commands/compare.js')).compare(base, current, options)),
    );
}
