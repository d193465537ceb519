import { Command } from 'commander';
import { formatNames } from '../report/format-names.js';
import { bundledScenarios } from '../scenario/bundled.js';
import { repeatable, someOf } from './options.js';
import type { Perform } from './perform.js';

export function runCommand(perform: Perform): Command {
  return new Command('run')
    .description('run a scenario: a file, or the name of a bundled one')
    .argument('<scenario>', `a YAML file, or ${bundledScenarios().join(', ')}`)
    .option(
      '--target <target>',
      'the server: host:port, [::1]:port, tls://host:port, unix:/path, or embedded:chat|move|echo',
    )
    .option('--clients <n>', 'how many clients (in place of the scenario’s load shape)')
    .option('--duration <time>', 'for how long, 30s, 5m (in place of the scenario’s load shape)')
    .option('--connect-rate <rate>', 'new connections, as in 500/s')
    .option('--workers <n>', 'worker processes', 'auto')
    .option('--seed <n>', 'every random choice follows from it')
    .option('--out <folder>', 'where the report goes, in a folder of its own', 'reports')
    .addOption(someOf(formatNames, '--format <format,…>', 'files beside report.json and report.html'))
    .option('--no-tui', 'lines of progress instead of the dashboard')
    .option('--strict', 'exit with 123 where the generator was saturated: its slowness would pass for the server’s')
    .option('--quiet', 'no progress: the summary alone')
    .option('--json', 'the report on stdout, and nothing else there')
    .option('--prometheus <[host:]port>', 'metrics for Prometheus to scrape, on this machine unless a host is named')
    .option('--prometheus-linger <time>', 'where it was scraped: how long to wait for a last scrape', '20s')
    .option('--otlp [url]', 'metrics to an OpenTelemetry collector, by default where OTEL_EXPORTER_OTLP_ENDPOINT says')
    .addOption(repeatable('--set <path=value>', 'any other value of the scenario, as in load.warmup=5s'))
    .option('--root <folder>', 'below which all files lie that the scenario names (default: its own folder)')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm run quickstart
  $ swarm run scenarios/echo.yaml --clients 5000 --workers 2
  $ swarm run chat.yaml --target 127.0.0.1:7777 \\
      --set load.warmup=5s --set clients.talker.weight=3
  $ swarm run chat.yaml --target tls://game.example:7777 --set tls.ca=ca.pem
  $ swarm run chat.yaml --target unix:/run/game.sock
  $ swarm run load/chat.yaml --root .             which names ../PDL.xml
  $ swarm run chat.yaml --json > report.json
  $ swarm run chat.yaml --format junit,markdown
  $ swarm run chat.yaml --prometheus 9464         needs npm install prom-client
  $ swarm run chat.yaml --otlp http://localhost:4318

The report is written to <out>/<scenario>-<time>/, as report.json and report.html. Ctrl-C stops gracefully and still writes it; again: at once.`,
    )
    .action((file, options) => perform(async () => (await import('../commands/run.js')).run(file, options)));
}
