import { Command } from 'commander';
import type { Perform } from './perform.js';

export function metricsCommand(perform: Perform): Command {
  return new Command('metrics')
    .description('list every metric that thresholds can name: its unit, its tags, what it means')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm metrics
  $ swarm metrics | grep -A3 _time

In thresholds, a counter has count and rate (per second), a gauge has value, a rate has rate, a trend has avg, min, med, max and p(N).`,
    )
    .action(() => perform(async () => (await import('../commands/metrics.js')).metrics()));
}
