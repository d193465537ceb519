import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import { toolVersion } from '../version.js';
import { abCommand } from './ab.js';
import { compareCommand } from './compare.js';
import { completionCommand } from './completion.js';
import { doctorCommand } from './doctor.js';
import { helpCommand } from './help.js';
import { initCommand } from './init.js';
import { metricsCommand } from './metrics.js';
import { packetsCommand } from './packets.js';
import type { Perform } from './perform.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { schemaCommand } from './schema.js';
import { serveCommand } from './serve.js';
import { validateCommand } from './validate.js';

/** The command line: every command with its options and examples. `perform` does the work of the one that is called. */
export function declareProgram(perform: Perform): Command {
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
  const commands = [
    initCommand(perform),
    runCommand(perform),
    reportCommand(perform),
    compareCommand(perform),
    abCommand(perform),
    serveCommand(perform),
    validateCommand(perform),
    packetsCommand(perform),
    metricsCommand(perform),
    doctorCommand(perform),
    schemaCommand(perform),
    completionCommand(perform, program),
  ];
  for (const command of commands) program.addCommand(command);
  return program.helpCommand(false).addCommand(helpCommand(perform, program));
}

function exitCodeTable(): string {
  return Object.values(exitCodes)
    .map(({ code, sentence }, i, all) => {
      const isSame = code === all[i - 1]?.code;
      return `  ${isSame ? '   ' : String(code).padStart(3)}  ${sentence}`;
    })
    .join('\n');
}
