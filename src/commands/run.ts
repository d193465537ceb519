import { rmdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { run as runPlan } from '../coordinator/run.js';
import { Steering } from '../coordinator/steering.js';
import { decideWorkers } from '../coordinator/workers.js';
import { systemClock } from '../core/index.js';
import type { DashboardInput } from '../dashboard/input.js';
import type { Dashboard } from '../dashboard/mount.js';
import { exitCodes } from '../exit-codes.js';
import { counted } from '../metrics/format.js';
import type { ReportFormat } from '../report/format-names.js';
import { renderMarkdown } from '../report/markdown.js';
import { describeTarget } from '../report/report.js';
import { reportFolder } from '../report/write.js';
import { type LoadOptions, loadScenario } from '../scenario/load.js';
import type { Overrides } from '../scenario/overrides.js';
import type { Plan } from '../scenario/plan.js';
import { checkUserCode } from './check-user-code.js';
import { keepReport } from './keep-report.js';
import { type Hands, Orders } from './orders.js';
import { inputOf, ProgressLines } from './progress.js';
import { reportOf } from './report-of.js';
import { type ExportOptions, RunExports } from './run-exports.js';
import { SignalDesk } from './signals.js';
import { appendStepSummary } from './step-summary.js';
import { summaryFor } from './summary-for.js';
import { forPeople, hasColor, hasUnicode, sayAside, takesDashboard } from './terminal.js';

/** The options of `swarm run`, as the command line gives them. */
export interface RunCommandOptions extends Overrides, ExportOptions, Pick<LoadOptions, 'root'> {
  readonly workers: string;
  readonly out: string;
  /** Formats to write beside report.json and report.html. */
  readonly format?: readonly ReportFormat[];
  /** False for `--no-tui`. */
  readonly tui: boolean;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Runs a scenario from file to report; the exit code says how it went. */
export async function run(file: string, options: RunCommandOptions): Promise<number> {
  const scenario = loadScenario(file, { overrides: options, env: process.env, root: options.root });
  await checkUserCode(scenario);
  const { plan } = scenario;
  const exports = new RunExports(options, process.env);
  const workers = decideWorkers(options.workers, plan.load.maxClients, availableParallelism());
  const startedAt = new Date().toISOString();
  // Before the run: nobody wants to learn at its end that the report has nowhere to go.
  const folder = await reportFolder(options.out, plan.name, startedAt);
  const desk = new SignalDesk();
  const steering = new Steering();
  let display: Display | undefined;
  try {
    const say = (message: string) => (display === undefined ? sayAside(message) : display.say(message));
    await exports.open({ scenario: plan.name, startedAt, say });
    display = await openDisplay(options, plan, { desk, steering });
    const { show, warn } = display;
    const result = await runPlan(plan, {
      workers,
      strict: options.strict ?? false,
      stop: desk.stop,
      abort: desk.abort,
      steering,
      onProgress: (progress) => {
        exports.follow(progress.totals);
        show(inputOf(plan, progress));
      },
      onWarning: warn,
    });
    display.close();
    const report = reportOf(result, scenario, startedAt);
    const kept = await keepReport(report, folder, options.format ?? [], printWarning);
    await appendStepSummary(process.env, () => renderMarkdown(report));
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else console.log(summaryFor(process.stdout, report, kept === null ? {} : { reportFile: kept.file }));
    // A run that was stopped has used up the first signal.
    await exports.finish(desk.stop.aborted ? desk.abort : desk.stop);
    // A run that is to pass must have left its report.
    return kept === null ? report.outcome.exitCode || exitCodes.internal.code : report.outcome.exitCode;
  } catch (error) {
    // Empty, unless there is a report in it.
    await rmdir(folder).catch(() => {});
    throw error;
  } finally {
    display?.close();
    exports.close();
    desk.close();
  }
}

/** Where progress is shown while the run goes on. */
interface Display {
  show(input: DashboardInput): void;
  /** Says what may not work, before the run. */
  warn(message: string): void;
  /** Says what is no part of the run: on stderr, once nothing covers the screen. */
  say(message: string): void;
  close(): void;
}

async function openDisplay(options: RunCommandOptions, plan: Plan, hands: Hands): Promise<Display> {
  if (options.quiet || options.json) return { show() {}, warn: printWarning, say: sayAside, close() {} };
  if (options.tui && takesDashboard(process.stdout)) return openDashboard(hands);
  const print = (line: string) => console.log(forPeople(line, process.stdout));
  const lines = new ProgressLines(print);
  print(`${plan.name} → ${describeTarget(plan.target)}, ${counted(plan.load.maxClients, 'client')}, seed ${plan.seed}`);
  return {
    show: (input) => lines.show(input),
    warn: printWarning,
    say: sayAside,
    close() {},
  };
}

function printWarning(message: string): void {
  sayAside(`warning: ${message}`);
}

async function openDashboard(hands: Hands): Promise<Display> {
  const { mountDashboard } = await import('../dashboard/mount.js');
  const orders = new Orders(hands);
  const dashboard: Dashboard = await mountDashboard({
    stdout: process.stdout,
    stdin: process.stdin,
    clock: systemClock,
    color: hasColor(process.stdout),
    unicode: hasUnicode(),
    onIntent: (intent) => orders.give(intent),
    onFailure: (error) => sayAside(`the dashboard failed, the run goes on without it: ${String(error)}`),
  });
  let held: string[] | undefined = [];
  return {
    show(input) {
      dashboard.update(input);
      orders.follow(input);
    },
    // The dashboard shows the run's last event, and the summary all of them.
    warn() {},
    say: (message) => (held === undefined ? sayAside(message) : held.push(message)),
    close() {
      dashboard.close();
      for (const message of held ?? []) sayAside(message);
      held = undefined;
    },
  };
}
