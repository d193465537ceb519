import { type Command, CommanderError, Help, type Option } from 'commander';
import { declareProgram } from './command-line/program.js';
import { SwarmError } from './errors.js';
import { exitCodes } from './exit-codes.js';
import { usageError } from './usage-error.js';

/** What went wrong: a user's mistake as sentences, anything else with the stack that a bug report needs. */
async function complaint(error: unknown): Promise<{ readonly text: string; readonly exitCode: number }> {
  if (isOutOfFiles(error)) {
    return {
      text: 'swarm: too many open files: swarm needs more of them than it may have.\n  Raise the limit and run it again: ulimit -n 4096.',
      exitCode: exitCodes.invalidInput.code,
    };
  }
  if (!(error instanceof SwarmError)) {
    const stack = error instanceof Error ? error.stack : String(error);
    return {
      text: `swarm: an error inside swarm itself; please report it.\n${stack}`,
      exitCode: exitCodes.internal.code,
    };
  }
  const { formatProblems } = await import('./scenario/problems.js');
  const { forPeople } = await import('./commands/terminal.js');
  const { problems, message, hint, exitCode } = error;
  const sentences = `swarm: ${message}${hint === undefined ? '' : `\n  ${hint}`}`;
  const text = problems.length === 0 ? sentences : `${formatProblems(problems)}\n${sentences}`;
  return { text: forPeople(text, process.stderr), exitCode };
}

/** What commander prints, gathered: its help knows how wide a terminal is, its errors and what we add to the help do not. */
class CommanderOutput {
  #help = '';
  #errors = '';

  configure(command: Command): void {
    command
      .configureHelp({ optionDescription: describeOption })
      .configureOutput({
        writeOut: (text) => {
          this.#help += text;
        },
        writeErr: (text) => {
          this.#errors += text;
        },
        outputError: (error, write) => write(usageError(command, error)),
      })
      .exitOverride();
  }

  async print(): Promise<void> {
    if (this.#help + this.#errors === '') return;
    const { hanging } = await import('./hanging.js');
    const { forPeople } = await import('./commands/terminal.js');
    process.stdout.write(hanging(this.#help, process.stdout.columns ?? 80, 0));
    process.stderr.write(forPeople(this.#errors, process.stderr));
  }
}

/** That a list is empty unless something is given goes without saying. */
function describeOption(option: Option): string {
  return new Help().optionDescription(option).replace(' (default: [])', '');
}

/** Modules are files too: that there are too few may show anywhere. */
function isOutOfFiles(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.ok.code;
  const program = declareProgram(async (work) => {
    exitCode = await work();
  });
  const output = new CommanderOutput();
  for (const command of [program, ...program.commands]) output.configure(command);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are no errors.
      exitCode = error.exitCode === 0 ? exitCodes.ok.code : exitCodes.invalidInput.code;
    } else {
      const { text, exitCode: code } = await complaint(error);
      console.error(text);
      exitCode = code;
    }
  }
  await output.print();
  return exitCode;
}

let outputFailed = false;
// A reader that went away (`swarm … | head`) is no error, nor is a terminal that was closed: there is a report to be written.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'EIO' || outputFailed) return;
    outputFailed = true;
    if (stream === process.stdout) console.error(`swarm: what is printed cannot be written: ${message}`);
    process.exitCode = exitCodes.internal.code;
  });
}
const exitCode = await main(process.argv);
if (!outputFailed) process.exitCode = exitCode;
