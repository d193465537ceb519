import type { ErrorSample, RunEvent, ThresholdResult, WorkerResult } from '../coordinator/run-result.js';
import { exitCodes, type Outcome } from '../exit-codes.js';
import type { TimelineRow } from '../metrics/totals.js';
import type { WorkerUsage } from '../metrics/usage.js';
import { digest, type Json, toJson } from './canonical-json.js';
import type { FinishedRun, Machine } from './finished-run.js';
import { type ScopeReport, scopeReport, type TrendReport, trendReport } from './scope.js';

/** Clients that a report names, of those without effect. */
const mostExamples = 20;

/** The version of the shape below. It rises when a reader of the old shape would misread the new one. */
export const schemaVersion = 1;

/**
 * `report.json`: everything that a renderer or a comparison needs, later and elsewhere. Units end the names, or stand beside the
 * values as `unit`.
 */
export interface Report {
  readonly schemaVersion: typeof schemaVersion;
  readonly tool: { readonly name: 'swarm'; readonly version: string };
  readonly scenario: { readonly name: string; readonly file: string };
  readonly target: string;
  readonly startedAt: string;
  readonly outcome: {
    readonly name: Outcome;
    readonly exitCode: number;
    readonly sentence: string;
    /** A worker was lost: the numbers are those of the others. */
    readonly degraded: boolean;
    readonly workersLost: number;
  };
  readonly durations: { readonly measuredMs: number; readonly wholeRunMs: number };
  readonly clients: {
    readonly planned: number;
    readonly mostConnected: number;
    /** Connected at the end, but the last things they sent had no effect: no reply, no broadcast of their own. */
    readonly withoutEffect: { readonly count: number; readonly examples: readonly number[] };
  };
  readonly thresholds: readonly ThresholdResult[];
  readonly events: readonly RunEvent[];
  readonly errorSamples: readonly ErrorSample[];
  readonly totals: { readonly measured: ScopeReport; readonly wholeRun: ScopeReport };
  readonly generator: GeneratorReport;
  readonly timeline: readonly TimelineRow[];
  readonly machine: Machine;
  readonly seed: number;
  readonly planDigest: string;
  readonly plan: Json;
  readonly server: Json;
}

export interface GeneratorReport {
  readonly workers: readonly (WorkerResult & { readonly usage: WorkerUsageReport | null })[];
  /** How late the open-loop sends of the measured window were; null where there were none. */
  readonly sendLag: TrendReport | null;
  /** Values outside the histograms' range, recorded as its nearest end. */
  readonly clampedValues: number;
}

/** What a worker used over the whole run. 100 % is one core. */
export interface WorkerUsageReport {
  readonly cpuPercent: number;
  readonly rssMaxBytes: number;
  readonly loopDelayMaxMs: number;
  /** Share of the time that the event loop was busy, 0 to 1. */
  readonly loopUtilization: number;
}

/** Makes the report of a run. Pure: the clock, the machine and the tool's version are the caller's. */
export function buildReport(result: FinishedRun, toolVersion: string): Report {
  const { plan, totals } = result;
  const workersLost = result.workers.filter((worker) => worker.lost).length;
  return {
    schemaVersion,
    tool: { name: 'swarm', version: toolVersion },
    scenario: { name: plan.name, file: result.scenarioFile },
    target: plan.target.kind === 'tcp' ? endPoint(plan.target.host, plan.target.port) : `embedded:${plan.target.mode}`,
    startedAt: result.startedAt,
    outcome: {
      name: result.outcome,
      exitCode: result.exitCode,
      sentence: exitCodes[result.outcome].sentence,
      degraded: workersLost > 0,
      workersLost,
    },
    durations: { measuredMs: totals.measuredMs, wholeRunMs: totals.wholeRunMs },
    clients: {
      planned: plan.load.maxClients,
      mostConnected: totals.timeline.reduce((most, row) => Math.max(most, row.connected), 0),
      withoutEffect: { count: result.silentClients.length, examples: result.silentClients.slice(0, mostExamples) },
    },
    thresholds: result.thresholds,
    events: result.events,
    errorSamples: result.errorSamples,
    totals: { measured: scopeReport(totals, 'measured'), wholeRun: scopeReport(totals, 'wholeRun') },
    generator: generatorReport(result),
    timeline: totals.timeline,
    machine: result.machine,
    seed: plan.seed,
    planDigest: digest(plan),
    plan: toJson({ ...plan, env: withoutValues(plan.env) }),
    server: toJson(result.server),
  };
}

/** A report is passed around; what stood in the environment may be a password. */
function withoutValues(env: FinishedRun['plan']['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(env).map((name) => [name, 'not kept']));
}

function endPoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function generatorReport({ totals, workers }: FinishedRun): GeneratorReport {
  const sendLag = totals.trend('send_lag', {}, 'measured');
  return {
    workers: workers.map((worker) => ({ ...worker, usage: usageReport(totals.usage[worker.index]) })),
    sendLag: sendLag === undefined ? null : trendReport({}, sendLag),
    clampedValues: totals.clamped,
  };
}

function usageReport(usage: WorkerUsage | undefined): WorkerUsageReport | null {
  if (usage === undefined || usage.wallUs === 0) return null;
  return {
    cpuPercent: (100 * usage.cpuUs) / usage.wallUs,
    rssMaxBytes: usage.rssMaxBytes,
    loopDelayMaxMs: usage.loopDelayMaxMs,
    loopUtilization: usage.loopBusyUs / usage.wallUs,
  };
}
