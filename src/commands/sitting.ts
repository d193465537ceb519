import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkGoal } from '../compare/compare.js';
import type { NamedReport } from '../compare/comparison.js';
import type { Goal } from '../compare/goal.js';
import { run as runPlan } from '../coordinator/run.js';
import { decideWorkers } from '../coordinator/workers.js';
import { SwarmError } from '../errors.js';
import { exitCodes, type Outcome } from '../exit-codes.js';
import { makeFolder } from '../make-folder.js';
import { formatQuantileMs } from '../metrics/format.js';
import type { Report } from '../report/report.js';
import { type LoadOptions, loadScenario, type Overrides } from '../scenario/load.js';
import { formatTarget } from '../scenario/target.js';
import { startCommand } from '../targets/command.js';
import { TargetError } from '../targets/running-target.js';
import { keepReport } from './keep-report.js';
import { inputOf, ProgressLines } from './progress.js';
import { reportOf } from './report-of.js';
import type { SignalDesk } from './signals.js';

export type SideName = 'a' | 'b';

/** A server as the user names it: where it is, or how it is started. */
export type Server =
  | { readonly kind: 'address'; readonly target: string }
  | { readonly kind: 'command'; readonly command: string };

export interface SittingOptions extends Pick<LoadOptions, 'root'> {
  /** The scenario: a file, or the name of a bundled one. */
  readonly scenario: string;
  readonly overrides: Overrides;
  /** Of the first pair. */
  readonly seed: number;
  /** As `decideWorkers` reads it. */
  readonly workers: string;
  readonly servers: Readonly<Record<SideName, Server>>;
  /** Each round gets a folder in it. */
  readonly folder: string;
  /** What every round must have values of. */
  readonly goals: readonly Goal[];
  readonly desk: SignalDesk;
  /** Hears how it goes on, line by line. */
  readonly say: (line: string) => void;
}

/** How long a server may take from its start until its port answers. */
const readyWithinMs = 30_000;

/** Outcomes of a round whose numbers can be compared. */
const goodOutcomes: ReadonlySet<Outcome> = new Set(['ok', 'thresholdsFailed', 'saturated']);

/** Rounds against two servers in turn, with the reports that they left. */
export class Sitting {
  readonly rounds: Readonly<Record<SideName, NamedReport[]>> = { a: [], b: [] };
  readonly #options: SittingOptions;

  constructor(options: SittingOptions) {
    this.#options = options;
  }

  /**
   * Plays until there are so many pairs, A B, B A and so on, or the user stops: then the pair under way is left out.
   * @throws SwarmError where a server does not start, or a round goes wrong.
   */
  async playUntil(pairs: number): Promise<void> {
    const { a, b } = this.rounds;
    while (a.length < pairs) {
      const pair = a.length;
      const played: Partial<Record<SideName, NamedReport>> = {};
      for (const side of pair % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const)) {
        const number = 2 * pair + Object.keys(played).length + 1;
        played[side] = await this.#play(side, pair, number);
        if (this.#options.desk.stop.aborted) return;
      }
      a.push(played.a!);
      b.push(played.b!);
    }
  }

  async #play(side: SideName, pair: number, number: number): Promise<NamedReport> {
    const { folder: above, servers, desk, goals, say } = this.#options;
    const name = `${String(number).padStart(2, '0')}-${side}`;
    const folder = join(above, name);
    await makeFolder(folder);
    const report = await this.#withServer(side, folder, (target) => this.#run(target, pair));
    const kept = await keepReport(report, folder, [], (message) => say(`warning: ${message}`));
    const named = { name, file: kept?.folder ?? folder, report };
    if (desk.stop.aborted) return named;
    if (!goodOutcomes.has(report.outcome.name)) throw roundFailed(number, side, named, servers[side]);
    // Now, rather than after an hour of rounds.
    for (const goal of goals) checkGoal(goal, named);
    say(`round ${number}, ${side.toUpperCase()}: ${timesOf(report)}`);
    return named;
  }

  async #withServer<T>(side: SideName, folder: string, work: (target: string) => Promise<T>): Promise<T> {
    const server = this.#options.servers[side];
    if (server.kind === 'address') return work(server.target);
    const { stop: signal } = this.#options.desk;
    const started = await startCommand(server.command, {
      logFile: join(folder, 'server.log'),
      readyWithinMs,
      signal,
    }).catch((error: unknown) => {
      throw error instanceof TargetError ? notStarted(side, server.command, error, signal.aborted) : error;
    });
    try {
      return await work(formatTarget({ kind: 'tcp', ...started.endPoint }));
    } finally {
      await started.stop();
    }
  }

  /** Both rounds of a pair have one seed, and so the same clients; each pair has another, so that no verdict hangs on one sequence. */
  async #run(target: string, pair: number): Promise<Report> {
    const { scenario: file, root, workers, seed, desk, say } = this.#options;
    const overrides = { ...this.#options.overrides, target, seed: String(seed + pair) };
    const scenario = loadScenario(file, { overrides, env: process.env, root });
    const { plan } = scenario;
    const lines = new ProgressLines((line) => say(`  ${line}`));
    const startedAt = new Date().toISOString();
    const result = await runPlan(plan, {
      workers: decideWorkers(workers, plan.load.maxClients, availableParallelism()),
      stop: desk.stop,
      abort: desk.abort,
      onProgress: (progress) => lines.show(inputOf(plan, progress)),
      onWarning: (message) => say(`warning: ${message}`),
    });
    return reportOf(result, scenario, startedAt);
  }
}

function timesOf({ totals: { measured }, generator: { verdict } }: Report): string {
  const metric = (['response_time', 'broadcast_time', 'service_time'] as const).find(
    (name) => measured.trends[name] !== undefined,
  );
  const trend = metric && measured.trends[metric]?.merged[0];
  const times =
    trend === undefined
      ? 'no times were measured'
      : `${metric} p50 ${formatQuantileMs(trend.p50)}, p99 ${formatQuantileMs(trend.p99)}`;
  return verdict === 'ok' ? times : `${times}, generator ${verdict}`;
}

function notStarted(side: SideName, command: string, { message }: TargetError, isStopped: boolean): SwarmError {
  const { stopped, noClientConnected } = exitCodes;
  return new SwarmError('server-not-started', `--${side} '${command}': ${message}`, {
    ...(!isStopped && {
      hint: 'Write {port} where the command takes its port, or let it read PORT; for a server that runs already, give host:port.',
    }),
    exitCode: isStopped ? stopped.code : noClientConnected.code,
  });
}

function roundFailed(
  number: number,
  side: SideName,
  { file, report: { outcome, events, errorSamples } }: NamedReport,
  { kind }: Server,
): SwarmError {
  const words = errorSamples[0] === undefined ? '' : `: ${errorSamples[0].message}`;
  const what = `${events.at(-1)?.message ?? outcome.sentence}${words}`;
  const log = kind === 'command' ? ', and what the server printed is in its server.log' : '';
  return new SwarmError('round-failed', `round ${number}, of ${side.toUpperCase()}, cannot be compared: ${what}`, {
    hint: `Its report is in ${file}${log}.`,
    exitCode: outcome.exitCode,
  });
}
