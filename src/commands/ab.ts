import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkBots } from '../bot/check.js';
import { compareRounds } from '../compare/compare.js';
import type { Comparison, NamedReport } from '../compare/comparison.js';
import { lookLevel, looks } from '../compare/looks.js';
import { run as runPlan } from '../coordinator/run.js';
import { decideWorkers } from '../coordinator/workers.js';
import { SwarmError } from '../errors.js';
import { exitCodes, type Outcome } from '../exit-codes.js';
import { formatQuantileMs } from '../metrics/format.js';
import type { Report } from '../report/report.js';
import { reportFolder, writeReport } from '../report/write.js';
import { type LoadedScenario, loadScenario } from '../scenario/load.js';
import { formatTarget, parseTarget } from '../scenario/target.js';
import { startCommand } from '../targets/command.js';
import { TargetError } from '../targets/running-target.js';
import { type ComparisonOptions, comparisonOutput } from './comparison-output.js';
import { inputOf, ProgressLines } from './progress.js';
import { reportOf } from './report-of.js';
import { SignalDesk } from './signals.js';

/** The options of `swarm ab`, as the command line gives them. */
export interface AbOptions extends ComparisonOptions {
  readonly a: string;
  readonly b: string;
  /** How many pairs. */
  readonly rounds?: string;
  readonly untilDecided?: boolean;
  readonly clients?: string;
  readonly duration?: string;
  readonly connectRate?: string;
  readonly workers: string;
  readonly seed?: string;
  readonly out: string;
  readonly quiet?: boolean;
  readonly set: readonly string[];
}

const usualPairs = 6;
const mostPairs = 100;
const usualAlpha = 0.05;
const readyWithinMs = 30_000;

/**
 * Plays a scenario against two servers in turn, A B B A and so on, and compares the rounds; the exit code says whether something that may fail
 * is worse in B.
 */
export async function ab(file: string, options: AbOptions): Promise<number> {
  const output = comparisonOutput(options);
  const looksAt = options.untilDecided ? looks : [parsePairs(options.rounds)];
  checkDecidable(options);
  const servers = { a: parseServer('--a', options.a), b: parseServer('--b', options.b) };
  // Any port will do to find the scenario's mistakes before a server is started.
  const scenario = loadScenario(file, { overrides: { ...options, target: targetOf(servers.a, 1) }, env: process.env });
  await checkBots(scenario);
  const folder = await reportFolder(options.out, `${scenario.plan.name} ab`, new Date().toISOString());
  const desk = new SignalDesk();
  const sitting = new Sitting(file, scenario.plan.seed, servers, folder, options, desk);
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
      if (desk.stop.aborted || isDecided(compare())) break;
    }
    if (sitting.rounds.b.length < 2) throw stoppedTooEarly();
    const comparison = compare();
    await writeFile(join(folder, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`);
    const code = await output.print(comparison);
    sitting.say(`every round's report is in ${folder}`);
    return desk.stop.aborted ? exitCodes.stopped.code : code;
  } finally {
    desk.close();
  }
}

/** Everything that may fail has an answer. */
function isDecided({ rows }: Comparison): boolean {
  return rows.every(({ failOn, verdict }) => failOn === null || verdict !== 'cannot tell');
}

type SideName = 'a' | 'b';

/** A server as the user names it: where it is, or how it is started. */
type Server =
  | { readonly kind: 'address'; readonly target: string }
  | { readonly kind: 'command'; readonly command: string };

/** Rounds in one sitting, with the reports they left. */
class Sitting {
  readonly rounds: Readonly<Record<SideName, NamedReport[]>> = { a: [], b: [] };
  readonly #file: string;
  readonly #seed: number;
  readonly #servers: Readonly<Record<SideName, Server>>;
  readonly #folder: string;
  readonly #options: AbOptions;
  readonly #desk: SignalDesk;

  constructor(
    file: string,
    seed: number,
    servers: Readonly<Record<SideName, Server>>,
    folder: string,
    options: AbOptions,
    desk: SignalDesk,
  ) {
    this.#file = file;
    this.#seed = seed;
    this.#servers = servers;
    this.#folder = folder;
    this.#options = options;
    this.#desk = desk;
  }

  /** Plays until there are so many pairs, or the user stops: then the pair under way is left out. */
  async playUntil(pairs: number): Promise<void> {
    const { a, b } = this.rounds;
    while (b.length < pairs) {
      const pair = b.length;
      const order = pair % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const);
      const played: NamedReport[] = [];
      for (const side of order) {
        played.push(await this.#play(side, pair, 2 * pair + played.length + 1));
        if (this.#desk.stop.aborted) return;
      }
      const [first, second] = played as [NamedReport, NamedReport];
      a.push(order[0] === 'a' ? first : second);
      b.push(order[0] === 'a' ? second : first);
    }
  }

  say(line: string): void {
    if (!this.#options.quiet) console.error(line);
  }

  async #play(side: SideName, pair: number, number: number): Promise<NamedReport> {
    const name = `${String(number).padStart(2, '0')}-${side}`;
    const folder = join(this.#folder, name);
    await mkdir(folder);
    const report = await this.#withServer(side, folder, (target) => this.#run(target, pair));
    await writeReport(report, folder);
    this.say(`round ${number}, ${side.toUpperCase()}: ${timesOf(report)}`);
    const { name: outcome } = report.outcome;
    if (!goodOutcomes.has(outcome) && !this.#desk.stop.aborted) throw roundFailed(number, side, report, folder);
    return { name, report };
  }

  async #withServer<T>(side: SideName, folder: string, work: (target: string) => Promise<T>): Promise<T> {
    const server = this.#servers[side];
    if (server.kind === 'address') return work(server.target);
    const started = await startCommand(server.command, {
      logFile: join(folder, 'server.log'),
      readyWithinMs,
      signal: this.#desk.stop,
    }).catch((error: unknown) => {
      if (!(error instanceof TargetError)) throw error;
      throw this.#desk.stop.aborted ? stoppedTooEarly() : notStarted(side, server.command, error);
    });
    try {
      return await work(formatTarget({ kind: 'tcp', ...started.endPoint }));
    } finally {
      await started.stop();
    }
  }

  /** Both rounds of a pair have one seed, and so the same clients; each pair has another, so that no verdict hangs on one sequence. */
  async #run(target: string, pair: number): Promise<Report> {
    const overrides = { ...this.#options, target, seed: String(this.#seed + pair) };
    const scenario: LoadedScenario = loadScenario(this.#file, { overrides, env: process.env });
    const { plan } = scenario;
    const lines = new ProgressLines((line) => this.say(`  ${line}`));
    const startedAt = new Date().toISOString();
    const result = await runPlan(plan, {
      workers: decideWorkers(this.#options.workers, plan.load.maxClients, availableParallelism()),
      stop: this.#desk.stop,
      abort: this.#desk.abort,
      onProgress: (progress) => lines.show(inputOf(plan, progress)),
      onWarning: (message) => this.say(`warning: ${message}`),
    });
    return reportOf(result, scenario, startedAt);
  }
}

/** Outcomes of a round whose numbers can be compared. */
const goodOutcomes: ReadonlySet<Outcome> = new Set(['ok', 'thresholdsFailed', 'saturated']);

function timesOf({ totals: { measured }, generator: { verdict } }: Report): string {
  const trends = ['response_time', 'broadcast_time', 'service_time'] as const;
  const shown = trends
    .flatMap((metric) => measured.trends[metric]?.merged.map((trend) => ({ metric, trend })) ?? [])
    .slice(0, 1)
    .map(({ metric, trend: { p50, p99 } }) => `${metric} p50 ${formatQuantileMs(p50)}, p99 ${formatQuantileMs(p99)}`);
  return [...shown, ...(verdict === 'ok' ? [] : [`generator ${verdict}`])].join(', ') || 'no times were measured';
}

/** The target of a server; of a command, as if its port were this. */
function targetOf(server: Server, port: number): string {
  return server.kind === 'address' ? server.target : `127.0.0.1:${port}`;
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

function notStarted(side: SideName, command: string, { message }: TargetError): SwarmError {
  return new SwarmError('server-not-started', `--${side} '${command}': ${message}`, {
    hint: 'Write {port} where the command takes its port, or read PORT; for a server that runs already, give host:port.',
    exitCode: exitCodes.noClientConnected.code,
  });
}

function roundFailed(number: number, side: SideName, { outcome, events }: Report, folder: string): SwarmError {
  const event = events.at(-1);
  const what = event === undefined ? outcome.sentence : event.message;
  return new SwarmError('round-failed', `round ${number}, of ${side.toUpperCase()}, cannot be compared: ${what}`, {
    hint: `Its report and what the server printed are in ${folder}.`,
    exitCode: outcome.exitCode,
  });
}

function stoppedTooEarly(): SwarmError {
  return new SwarmError('stopped', 'stopped before there were two pairs of rounds to compare', {
    exitCode: exitCodes.stopped.code,
  });
}
