import { Command } from 'commander';
import { comparisonFormats } from '../compare/formats.js';
import { oneOf, repeatable } from './options.js';
import type { Perform } from './perform.js';

export function compareCommand(perform: Perform): Command {
  return new Command('compare')
    .description('compare runs: what got better, what worse, and what these runs cannot tell')
    .argument('[base]', 'the report.json of a run, or its folder')
    .argument('[current]', 'that of the run to judge')
    .option('--base <reports...>', 'several base runs: then the spread between runs is known')
    .option('--current <reports...>', 'several current runs')
    .addOption(repeatable('--fail-on <change>', 'exit with 119 where this is worse'))
    .option('--run-noise <percent>', 'what two runs of one build may differ by, where there is one run each', '10%')
    .addOption(oneOf(comparisonFormats, '--format <format>', 'how it is printed', 'text'))
    .addHelpText(
      'after',
      `
Examples:
  $ swarm compare baseline.json reports/chat-20260301-123005 \\
      --fail-on 'broadcast_time p(99) +10%'
  $ swarm compare --base nightly/*/report.json --current report.json \\
      --fail-on 'broadcast_time med +5%'
  $ swarm compare old.json new.json --format junit > compare.xml

+10% says that more is worse, -10% that less is. One run each can show that two runs differ, not that two builds do: give several base runs, or let swarm ab play both in turn.

One run each needs ten values beyond a percentile in each sixth of its measured time: 120 for med, 1,200 for p(95), 6,000 for p(99). Several need them in each run alone: 20, 200, 1,000.`,
    )
    .action((base, current, options) =>
      perform(async () => (await import('../commands/compare.js')).compare(base, current, options)),
    );
}
