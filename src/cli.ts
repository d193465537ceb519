import { CommanderError } from 'commander';
import { declareProgram } from './command-line/program.js';
import { SwarmError } from './errors.js';
import { exitCodes } from './exit-codes.js';
import { printable } from './printable.js';
import { usageHint } from './usage-hint.js';

/** Prints what went wrong: a user's mistake as sentences, anything else with the stack that a bug report needs. */
async function printError(error: unknown): Promise<number> {
  if (error instanceof SwarmError) {
    const { formatProblems } = await import('./scenario/problems.js');
    if (error.problems.length > 0) console.error(formatProblems(error.problems));
    console.error(
      [`swarm: ${error.message}`, ...(error.hint === undefined ? [] : [`  ${error.hint}`])]
        .map(printableLines)
        .join('\n'),
    );
    return error.exitCode;
  }
  console.error(
    `swarm: an error inside swarm itself; please report it.\n${error instanceof Error ? error.stack : error}`,
  );
  return exitCodes.internal.code;
}

/** Names and values in a message may come from a file that someone else wrote: nothing in them reaches the terminal that it would obey. */
function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.ok.code;
  const program = declareProgram(async (work) => {
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
