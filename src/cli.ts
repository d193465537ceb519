import { Argument, Command, CommanderError, Option } from 'commander';
import { SwarmError } from './errors.js';
import { exitCodes } from './exit-codes.js';
import { bundledScenarios } from './scenario/bundled.js';
import { usageHint } from './usage-hint.js';
import { toolVersion } from './version.js';

/** A command's work: resolves to the exit code. Loaded on use, so that `--version` does not wait for everything. */
type Work = () => Promise<number>;

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** An option of a few words, which its help and the completion know. The command says what is wrong with any other, and which was meant. */
function oneOf(words: readonly string[], flags: string, description: string, word?: string): Option {
  return new Option(flags, description)
    .choices(words)
    .argParser((given) => given)
    .default(word);
}

function declare(perform: (work: Work) => Promise<void>): Command {
  const program = new Command('swarm')
    .description('Load-tests TCP servers, game servers first, with thousands of scripted dummy clients.')
    .version(toolVersion, '-V, --version')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm init load-test                       files to start from, which run as they are
  $ swarm doctor                               what this machine can carry
  $ swarm run quickstart                       a chat room of 100 clients against the bundled server
  $ swarm run chat.yaml --target localhost:7777   your scenario, your server
  $ swarm report reports/quickstart-…          what came of it, as HTML, Markdown, CSV, JUnit …
  $ swarm serve --mode chat                    the reference server alone
  $ swarm validate chat.yaml                   every mistake of a scenario, with its place
  $ swarm compare base.json report.json        what got worse, and what these runs cannot tell
  $ swarm packets server.pdl.xml               its packets: listed, explained from hex, or as TypeScript

Exit codes:
${exitCodeTable()}`,
    );

  program
    .command('init')
    .description(
      'write a first load test to start from: a scenario, its packets, a client in TypeScript, a CI workflow',
    )
    .argument('[folder]', 'where to', '.')
    .option('--force', 'overwrite what is there')
    .addHelpText(
      'after',
      '\nExamples:\n  $ swarm init load-test\n  $ cd load-test && swarm run scenario.yaml\n\nNothing is overwritten without --force.',
    )
    .action((folder, options) => perform(async () => (await import('./commands/init.js')).init(folder, options)));

  program
    .command('run')
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
    .option('--format <formats>', 'files beside report.json and report.html: text, markdown, csv, junit, hlog, hgrm')
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
  $ swarm run chat.yaml --format junit,markdown
  $ swarm run chat.yaml --prometheus 9464         http://127.0.0.1:9464/metrics; needs npm install prom-client
  $ swarm run chat.yaml --otlp http://localhost:4318

The report is written to <out>/<scenario>-<time>/, as report.json and report.html. Ctrl-C stops gracefully and still writes it; again: at once.`,
    )
    .action((file, options) => perform(async () => (await import('./commands/run.js')).run(file, options)));

  program
    .command('report')
    .description('give the report of a run another form')
    .argument('<report>', 'the folder of a run, or its report.json')
    .option(
      '--format <format>',
      'html, text, markdown, json, csv, junit, hlog or hgrm; by default what --out ends in, else text',
    )
    .option('--out <file>', 'where to write it, in place of stdout')
    .option('--metric <name>', 'for hgrm: the percentiles of which metric, as in service_time')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm report reports/chat-room-20260301-123005
  $ swarm report reports/chat-room-20260301-123005 --out chat.html
  $ swarm report report.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  $ swarm report report.json --format hgrm --metric response_time > response.hgrm`,
    )
    .action((path, options) => perform(async () => (await import('./commands/report.js')).report(path, options)));

  program
    .command('compare')
    .description('compare runs: what got better, what worse, and what these runs cannot tell')
    .argument('[base]', 'the report.json of a run, or its folder')
    .argument('[current]', 'that of the run to judge')
    .option('--base <files...>', 'several base runs: then the spread between runs is known')
    .option('--current <files...>', 'several current runs')
    .option('--fail-on <change>', 'exit with 119 where this is worse (repeatable)', collect, [])
    .option('--run-noise <percent>', 'what two runs of one build may differ by, where there is one run each', '10%')
    .option('--format <format>', 'text, markdown, json or junit', 'text')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm compare baseline.json reports/chat-20260301-123005 --fail-on 'response_time p(99) +10%'
  $ swarm compare --base nightly/*/report.json --current report.json --fail-on 'response_time{packet:C_Login} med +5%'
  $ swarm compare old.json new.json --format junit > compare.xml

+10% says that more is worse, -10% that less is. One run each can show that two runs differ, not that two builds do:
give several base runs, or let swarm ab play both in turn.`,
    )
    .action((base, current, options) =>
      perform(async () => (await import('./commands/compare.js')).compare(base, current, options)),
    );

  program
    .command('ab')
    .description('play a scenario against two servers in turn, A B B A …, and compare them')
    .argument('<scenario>', 'a YAML file, or the name of a bundled one')
    .requiredOption('--a <server>', 'the base: host:port, or a command that starts it; {port} and $PORT are its port')
    .requiredOption('--b <server>', 'the server to judge, likewise')
    .option('--rounds <n>', 'how many pairs of rounds, an even number (default: 6)')
    .option('--until-decided', 'look after 6, 8, 10 and 12 pairs, and end when all that may fail is decided')
    .option('--fail-on <change>', 'exit with 119 where this is worse in B (repeatable)', collect, [])
    .option('--format <format>', 'text, markdown, json or junit', 'text')
    .option('--clients <n>', 'as for run')
    .option('--duration <time>', 'of one round')
    .option('--connect-rate <rate>', 'as for run')
    .option('--workers <n>', 'worker processes', 'auto')
    .option('--seed <n>', 'of the first pair; each pair has its own')
    .option('--out <folder>', 'where the reports go, in a folder of their own', 'reports')
    .option('--quiet', 'no progress: the comparison alone')
    .option('--set <path=value>', 'as for run (repeatable)', collect, [])
    .addHelpText(
      'after',
      `
Examples:
  $ swarm ab chat.yaml --a 127.0.0.1:7777 --b 127.0.0.1:7778 --duration 20s
  $ swarm ab chat.yaml --a './old/server --port {port}' --b './new/server --port {port}' --fail-on 'response_time p(99) +10%'
  $ swarm ab chat.yaml --a 'cd old && npm start' --b 'cd new && npm start' --until-decided --fail-on 'response_time med +5%'

A command is started for each of its rounds by the shell, waited for until its port answers, and ended with all that it
started. Progress goes to stderr; every round's report to <out>/<scenario>-ab-<time>.`,
    )
    .action((file, options) => perform(async () => (await import('./commands/ab.js')).ab(file, options)));

  program
    .command('serve')
    .description('run the reference server')
    .addOption(oneOf(['chat', 'move', 'echo', 'sink', 'hello'], '--mode <mode>', 'what it plays', 'chat'))
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
    .argument('<file>', 'a PDL file (.xml), a .proto, a YAML file of packets, or a scenario')
    .option('--list', 'ids, names, fields and sizes (what is done where nothing else is asked for)')
    .option('--json', 'the list as JSON')
    .option('--decode <hex>', 'explain frames byte by byte: 0e00 0200 …, 0e:00, 0x0e, or @file')
    .addOption(oneOf(['client', 'server'], '--side <side>', 'who sent the frames, where an id does not tell'))
    .option('--out <folder>', 'write packets.ts there: types, encoders, decoders, a packet manager for each side')
    .option('--framing <framing>', 'how the frames are cut: a name as in scenarios (default: servercore)')
    .addOption(
      oneOf(
        ['strict', 'original'],
        '--reading <reading>',
        'original: a PDL file as the original generator misreads it',
      ),
    )
    .option('--id <name=number>', 'an id by hand (repeatable)', collect, [])
    .option('--id-enum <name>', 'the enum of a .proto whose values are the ids (default: MsgId)')
    .option('--id-option <name>', 'the message option of a .proto that holds the id (default: msg_id)')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm packets server.pdl.xml
  $ swarm packets server.pdl.xml --decode '08 00 01 00 02 00 68 00'
  $ swarm packets server.proto --id-enum Opcode --decode @captured.hex --side server
  $ swarm packets my-scenario.yaml --decode @captured.hex
  $ swarm packets server.pdl.xml --out src/generated

A scenario brings its framing and its ids with it. A frame that does not fit is explained as far as it goes, and the exit code is 104.`,
    )
    .action((file, options) => perform(async () => (await import('./commands/packets.js')).packets(file, options)));

  program
    .command('doctor')
    .description('show what this machine can carry: its limits, and connects, packets and timers measured for real')
    .option('--json', 'the same for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  $ swarm doctor\n  $ swarm doctor --json\n\nIt takes some four seconds, and talks to itself alone.',
    )
    .action((options) => perform(async () => (await import('./commands/doctor.js')).doctor(options)));

  program
    .command('schema')
    .description('print the JSON Schema of scenario files, for editors, or of reports')
    .argument('[of]', 'scenario (by default) or report')
    .addHelpText(
      'after',
      '\nExamples:\n  $ swarm schema > scenario.schema.json\n  $ swarm schema report > report.schema.json',
    )
    .action((of) => perform(async () => (await import('./commands/schema.js')).schema(of)));

  program
    .command('completion')
    .description('print a script that completes commands, options, scenarios and files in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']).argParser((shell) => shell))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(swarm completion bash)            in ~/.bashrc
  $ source <(swarm completion zsh)             in ~/.zshrc, behind compinit
  $ swarm completion fish | source             in ~/.config/fish/config.fish`,
    )
    .action((shell) => perform(async () => (await import('./commands/completion.js')).completion(shell, program)));

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
    command
      .showHelpAfterError(`(${words} --help shows what there is)`)
      .configureOutput({ outputError: (error, write) => write(`${error}${usageHint(command, error)}`) })
      .exitOverride();
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

// A reader that went away (`swarm … | head`) is no error, nor is a terminal that was closed: there is a report to be written.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}
process.exitCode = await main(process.argv);
