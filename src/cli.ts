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
  $ swarm serve --mode chat                    the reference server alone
  $ swarm validate chat.yaml                   every mistake of a scenario, with its place
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
    .option('--target <target>', 'the server: host:port, [::1]:port, or embedded:chat|move|echo')
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
    .option('--set <path=value>', 'any other value of the scenario, as in load.warmup=5s (repeatable)', collect, [])
    .addHelpText(
      'after',
      `
Examples:
  $ swarm run quickstart
  $ swarm run scenarios/echo.yaml --clients 5000 --workers 2
  $ swarm run chat.yaml --target 127.0.0.1:7777 --set load.warmup=5s --set clients.talker.weight=3
  $ swarm run chat.yaml --json > report.json

The report is written to <out>/<scenario>-<time>/report.json. Ctrl-C stops gracefully and still writes it; again: at once.`,
    )
    .action((file, options) => perform(async () => (await import('./commands/run.js')).run(file, options)));

  program
    .command('serve')
    .description('run the reference server')
    .addOption(oneOf(['chat', 'move', 'echo', 'sink', 'hello'], '--mode <mode>', 'what it plays', 'chat'))
    .option('--port <port>', 'the port to listen on; 0: any that is free', '7777')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--flush <time>', 'how often a room sends what has gathered', '250ms')
    .option('--json', 'where it listens, and the totals at the end, as a line of JSON each')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm serve
  $ swarm serve --mode echo --port 0 --json
  $ swarm serve --mode move --host :: --flush 100ms

Ctrl-C closes every session, prints the totals and exits 0.`,
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
    .addOption(oneOf(['client', 'server'], '--side <side>', 'who sent the frames, where an id does not tell'))
    .addOption(oneOf(['servercore'], '--framing <framing>', 'how the frames are cut', 'servercore'))
    .option('--out <folder>', 'write packets.ts there: types, encoders, decoders, a packet manager for each side')
    .addOption(
      oneOf(['strict', 'original'], '--reading <reading>', 'original: as the original generator misreads it', 'strict'),
    )
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
    .description('print the JSON Schema of scenario files, for editors')
    .addHelpText('after', '\nExamples:\n  $ swarm schema > scenario.schema.json')
    .action(() => perform(async () => (await import('./commands/schema.js')).schema()));

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

// A reader that went away (`swarm … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv);
