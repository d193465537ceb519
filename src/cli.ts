import { Command, CommanderError, Option } from 'commander';
import { SwarmError } from './errors.js';
import { exitCodes } from './exit-codes.js';
import { toolVersion } from './version.js';

/** A command's work: resolves to the exit code. Loaded on use, so that `--version` does not wait for everything. */
type Work = () => Promise<number>;

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function declare(perform: (work: Work) => Promise<void>): Command {
  const program = new Command('swarm')
    .description('Load-tests TCP servers, game servers first, with thousands of scripted dummy clients.')
    .version(toolVersion, '-V, --version')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm run quickstart                       a chat room of 100 clients against the bundled server
  $ swarm run chat.yaml --target localhost:7777   your scenario, your server
  $ swarm serve --mode chat                    the reference server alone
  $ swarm validate chat.yaml                   every mistake of a scenario, with its place
  $ swarm packets server.pdl.xml               its packets: listed, explained from hex, or as TypeScript

Exit codes:
${exitCodeTable()}`,
    );

  program
    .command('run')
    .description('run a scenario: a file, or the name of a bundled one')
    .argument(
      '<scenario>',
      'a YAML file, or quickstart, chat, move, echo, hello, login-storm, c15k, redis-ping, mosquitto, postgresql, memcached',
    )
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
    .option('--no-tui', 'lines of progress instead of the dashboard')
    .option('--strict', 'exit with 123 where the generator was saturated: its slowness would pass for the server’s')
    .option('--quiet', 'no progress: the summary alone')
    .option('--json', 'the report on stdout, and nothing else there')
    .option('--prometheus <[host:]port>', 'metrics for Prometheus to scrape, on this machine unless a host is named')
    .option('--prometheus-linger <time>', 'where it was scraped: how long to wait for a last scrape', '20s')
    .option('--otlp [url]', 'metrics to an OpenTelemetry collector, by default where OTEL_EXPORTER_OTLP_ENDPOINT says')
    .option('--set <path=value>', 'any other value of the scenario, as in load.warmup=5s (repeatable)', collect, [])
    .addHelpText(
      'after',
      `
Examples:
  $ swarm run quickstart
  $ swarm run scenarios/echo.yaml --clients 5000 --workers 2
  $ swarm run chat.yaml --target 127.0.0.1:7777 --set load.warmup=5s --set clients.talker.weight=3
  $ swarm run chat.yaml --target tls://game.example:7777 --set tls.ca=ca.pem
  $ swarm run chat.yaml --target unix:/run/game.sock
  $ swarm run chat.yaml --json > report.json
  $ swarm run chat.yaml --prometheus 9464         http://127.0.0.1:9464/metrics; needs npm install prom-client
  $ swarm run chat.yaml --otlp http://localhost:4318

The report is written to <out>/<scenario>-<time>/report.json. Ctrl-C stops gracefully and still writes it; again: at once.`,
    )
    .action((file, options) => perform(async () => (await import('./commands/run.js')).run(file, options)));

  program
    .command('serve')
    .description('run the reference server')
    .option('--mode <mode>', 'chat, move, echo, sink or hello', 'chat')
    .option('--port <port>', 'the port to listen on; 0: any that is free', '7777')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .addOption(
      new Option('--unix <path>', 'listen on a Unix socket instead').conflicts([
        'port',
        'host',
        'tlsCert',
        'tlsKey',
        'tlsCa',
      ]),
    )
    .option('--tls-cert <file>', 'speak TLS: the server’s certificate, PEM, its chain behind it')
    .option('--tls-key <file>', 'the key of that certificate, PEM')
    .option('--tls-ca <file>', 'ask clients for a certificate that one of these authorities signed, PEM')
    .option('--flush <time>', 'how often a room sends what has gathered', '250ms')
    .option('--json', 'where it listens, and the totals at the end, as a line of JSON each')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm serve
  $ swarm serve --mode echo --port 0 --json
  $ swarm serve --mode move --host :: --flush 100ms
  $ swarm serve --mode echo --unix /tmp/echo.sock
  $ swarm serve --mode echo --tls-cert server.pem --tls-key server.key

What it says that it listens on is a target:
  $ swarm run echo --target unix:/tmp/echo.sock
  $ swarm run echo --target tls://127.0.0.1:7777 --set tls.insecure=true

The socket of a server that was killed is taken over. Ctrl-C closes every session, prints the totals and exits 0.`,
    )
    .action((options) => perform(async () => (await import('./commands/serve.js')).serve(options)));

  program
    .command('validate')
    .description('check a scenario and everything it names, without starting anything')
    .argument('<scenario>', 'a YAML file, or the name of a bundled one')
    .option('--set <path=value>', 'as for run (repeatable)', collect, [])
    .addHelpText(
      'after',
      '\nExamples:\n  $ swarm validate chat.yaml\n  $ swarm validate chat.yaml --set load.clients=5000',
    )
    .action((file, options) => perform(async () => (await import('./commands/validate.js')).validate(file, options)));

  program
    .command('packets')
    .description('list the packets of a definition file, explain captured frames, or make TypeScript of it')
    .argument('<file>', 'a PDL file (.xml)')
    .option('--list', 'ids, names, fields and sizes (what is done where nothing else is asked for)')
    .option('--json', 'the list as JSON')
    .option('--decode <hex>', 'explain frames byte by byte: 0e00 0200 …, 0e:00, 0x0e, or @file')
    .option('--side <side>', 'who sent the frames, client or server, where an id does not tell')
    .option('--framing <framing>', 'how the frames are cut: servercore', 'servercore')
    .option('--out <folder>', 'write packets.ts there: types, encoders, decoders, a packet manager for each side')
    .option('--reading <reading>', 'strict, or original: as the original generator misreads it', 'strict')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm packets server.pdl.xml
  $ swarm packets server.pdl.xml --decode '08 00 01 00 02 00 68 00'
  $ swarm packets server.pdl.xml --decode @captured.hex --side server
  $ swarm packets server.pdl.xml --out src/generated

A frame that does not fit is explained as far as it goes, and the exit code is 104.`,
    )
    .action((file, options) => perform(async () => (await import('./commands/packets.js')).packets(file, options)));

  program
    .command('schema')
    .description('print the JSON Schema of scenario files, for editors')
    .addHelpText('after', '\nExamples:\n  $ swarm schema > scenario.schema.json')
    .action(() => perform(async () => (await import('./commands/schema.js')).schema()));

  return program;
}

function exitCodeTable(): string {
  return Object.values(exitCodes)
    .map(({ code, sentence }) => `  ${String(code).padStart(3)}  ${sentence}`)
    .join('\n');
}

/** Prints what went wrong: a user's mistake as sentences, anything else with the stack that a bug report needs. */
async function printError(error: unknown): Promise<number> {
  if (error instanceof SwarmError) {
    const { formatProblems } = await import('./scenario/problems.js');
    if (error.problems.length > 0) console.error(formatProblems(error.problems));
    console.error(`swarm: ${error.message}${error.hint === undefined ? '' : `\n  ${error.hint}`}`);
    return error.exitCode;
  }
  console.error(
    `swarm: an error inside swarm itself; please report it.\n${error instanceof Error ? error.stack : error}`,
  );
  return exitCodes.internal.code;
}

async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.ok.code;
  const program = declare(async (work) => {
    exitCode = await work();
  });
  for (const command of [program, ...program.commands]) {
    const words = command === program ? 'swarm' : `swarm ${command.name()}`;
    command.showHelpAfterError(`(${words} --help shows what there is)`).exitOverride();
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    // Commander has printed its message; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.invalidInput.code;
    return printError(error);
  }
  return exitCode;
}

// A reader that went away (`swarm … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv);
