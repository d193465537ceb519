import { Command } from 'commander';
import { comparisonFormats } from '../compare/formats.js';
import { oneOf, repeatable } from './options.js';
import type { Perform } from './perform.js';

export function abCommand(perform: Perform): Command {
  return new Command('ab')
    .description('play a scenario against two servers in turn, A B B A …, and compare them')
    .argument('<scenario>', 'a YAML file, or the name of a bundled one')
    .requiredOption('--a <server>', 'the base: host:port, or a command that starts it; {port} and $PORT are its port')
    .requiredOption('--b <server>', 'the server to judge, likewise')
    .option('--rounds <n>', 'how many pairs of rounds, an even number (default: 6)')
    .option('--until-decided', 'look after 6, 8, 10 and 12 pairs, and end when all that may fail is decided')
    .addOption(repeatable('--fail-on <change>', 'exit with 119 where this is worse in B'))
    .addOption(oneOf(comparisonFormats, '--format <format>', 'how the comparison is printed', 'text'))
    .option('--clients <n>', 'as for run')
    .option('--duration <time>', 'of one round')
    .option('--connect-rate <rate>', 'as for run')
    .option('--workers <n>', 'worker processes', 'auto')
    .option('--seed <n>', 'of the first pair; each pair has its own')
    .option('--out <folder>', 'where the reports go, in a folder of their own', 'reports')
    .option('--quiet', 'no progress: the comparison alone')
    .addOption(repeatable('--set <path=value>', 'as for run'))
    .option('--root <folder>', 'as for run')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm ab chat.yaml --a 127.0.0.1:7777 --b 127.0.0.1:7778 --duration 20s
  $ swarm ab chat.yaml --a './old/server --port {port}' \\
      --b './new/server --port {port}' --fail-on 'broadcast_time p(99) +10%'
  $ swarm ab chat.yaml --a 'cd old && npm start' --b 'cd new && npm start' \\
      --until-decided --fail-on 'broadcast_time med +5%'

A command is started for each of its rounds by the shell, waited for until its port answers, and ended with all that it started. Progress goes to stderr; every round's report to <out>/<scenario>-ab-<time>.

A round needs ten values beyond a percentile: 20 for med, 200 for p(95), 1,000 for p(99), 10,000 for p(99.9).`,
    )
    .action((file, options) => perform(async () => (await import('../commands/ab.js')).ab(file, options)));
}
