import { join } from 'node:path';
import { compareRounds } from '../compare/compare.js';
import type { Comparison } from '../compare/comparison.js';
import { lookLevel, looks } from '../compare/looks.js';
import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { reportFolder, writeText } from '../report/write.js';
import { type LoadedScenario, type LoadOptions, loadScenario } from '../scenario/load.js';
import type { Overrides } from '../scenario/overrides.js';
import { parseTarget } from '../scenario/target.js';
import { checkServers } from './check-servers.js';
import { checkUserCode } from './check-user-code.js';
import { type ComparisonOptions, comparisonOutput } from './comparison-output.js';
import { SignalDesk } from './signals.js';
import { type Server, Sitting } from './sitting.js';
import { sayAside } from './terminal.js';

/** The options of `swarm ab`, as the command line gives them. */
export interface AbOptions extends Omit<Overrides, 'target'>, ComparisonOptions, Pick<LoadOptions, 'root'> {
  readonly a: string;
  readonly b: string;
  /** How many pairs. */
  readonly rounds?: string;
  readonly untilDecided?: boolean;
  readonly workers: string;
  readonly out: string;
  readonly quiet?: boolean;
}

const usualPairs = 6;
const mostPairs = 100;
const usualAlpha = 0.05;

/**
 * Plays a scenario against two servers in turn, A B B A and so on, and compares the rounds; the exit code says whether something that may fail
 * is worse in B.
 */
export async function ab(file: string, options: AbOptions): Promise<number> {
  const output = comparisonOutput(options);
  const looksAt = options.untilDecided ? looks : [parsePairs(options.rounds)];
  checkDecidable(options);
  const servers = { a: parseServer('--a', options.a), b: parseServer('--b', options.b) };
  const scenario = loadFor(servers.a, file, options);
  const { plan: planOfB } = loadFor(servers.b, file, options);
  await checkUserCode(scenario);
  await checkServers(servers, { a: scenario.plan, b: planOfB });
  const folder = await reportFolder(options.out, `${scenario.plan.name} ab`, new Date().toISOString());
  const desk = new SignalDesk();
  const say = (line: string) => options.quiet || sayAside(line);
  const sitting = new Sitting({
    scenario: file,
    overrides: options,
    root: options.root,
    seed: scenario.plan.seed,
    workers: options.workers,
    servers,
    folder,
    goals: output.goals,
    desk,
    say,
  });
  const compare = (): Comparison =>
    compareRounds(sitting.rounds.a, sitting.rounds.b, {
      goals: output.goals,
      runNoise: 0,
      alpha: options.untilDecided ? lookLevel : usualAlpha,
      labels: { base: 'A', current: 'B' },
    });
  try {
    for (const pairs of looksAt) {
      await sitting.playUntil(pairs);
      if (desk.stop.aborted) break;
      const decided = isDecided(compare());
      if (options.untilDecided) say(`${decided ? '' : 'not '}decided after ${pairs} pairs`);
      if (decided) break;
    }
    if (sitting.rounds.b.length < 2) throw stoppedTooEarly();
    const comparison = compare();
    const code = await output.print(comparison);
    // The verdict stands, though the disk be full: it took an hour to find.
    await writeText(join(folder, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`).catch((error: Error) =>
      sayAside(`warning: ${error.message}`),
    );
    say(`every round's report is in ${folder}`);
    return desk.stop.aborted ? exitCodes.stopped.code : code;
  } finally {
    desk.close();
  }
}

/** Everything that may fail has an answer. */
function isDecided({ rows }: Comparison): boolean {
  return rows.every(({ failOn, verdict }) => failOn === null || verdict !== 'cannot tell');
}

/** Finds the mistakes of a scenario before any server is started: of a command, any port will do. */
function loadFor(server: Server, file: string, options: AbOptions): LoadedScenario {
  const target = server.kind === 'address' ? server.target : '127.0.0.1:1';
  return loadScenario(file, { overrides: { ...options, target }, env: process.env, root: options.root });
}

/** What is a target is one; the rest is a command. */
function parseServer(option: string, text: string): Server {
  if (text.trim() === '') {
    throw new SwarmError('server-invalid', `${option} names no server`, {
      hint: `Write ${option} 127.0.0.1:7777, or the command that starts it: ${option} './server --port {port}'.`,
    });
  }
  const looksLikeTarget = /^(?:[a-z][a-z0-9+.-]*:\S+|\[[0-9a-f:.]+\]:\S+|[^\s/]+:\d+)$/i.test(text.trim());
  if (!looksLikeTarget) return { kind: 'command', command: text };
  parseTarget(text.trim());
  return { kind: 'address', target: text.trim() };
}

function parsePairs(text: string | undefined): number {
  if (text === undefined) return usualPairs;
  const pairs = /^\d+$/.test(text) ? Number(text) : 0;
  if (pairs >= 2 && pairs <= mostPairs && pairs % 2 === 0) return pairs;
  throw new SwarmError('rounds-invalid', `--rounds ${text}: not an even number of pairs from 2 to ${mostPairs}`, {
    hint: 'A B B A cancels a drift of the machine in two pairs together; 6 are the fewest that show much.',
  });
}

function checkDecidable({ untilDecided, rounds, failOn }: AbOptions): void {
  if (!untilDecided) return;
  if (rounds !== undefined) {
    throw new SwarmError('rounds-twice', '--rounds and --until-decided exclude each other', { hint: 'Give one.' });
  }
  if (failOn.length === 0) {
    throw new SwarmError('nothing-to-decide', '--until-decided has nothing to decide', {
      hint: "Say what matters: --fail-on 'response_time p(99) +10%'.",
    });
  }
}

function stoppedTooEarly(): SwarmError {
  return new SwarmError('stopped', 'stopped before there were two pairs of rounds to compare', {
    exitCode: exitCodes.stopped.code,
  });
}
