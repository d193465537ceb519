import type { ErrorSample, RunEvent, ThresholdResult, WorkerResult } from '../coordinator/run-result.js';
import type { SteeredAction } from '../coordinator/steering.js';
import { formatEndPoint } from '../core/index.js';
import { exitCodes, type Outcome } from '../exit-codes.js';
import { allowanceUs } from '../load/pacing.js';
import type { PlayedStage } from '../load/timeline.js';
import { auditOf, type GeneratorAudit } from '../metrics/audit.js';
import { type Steadiness, steadinessOf } from '../metrics/steadiness.js';
import type { TimelineRow, Totals, WindowCounts, WindowHistograms } from '../metrics/totals.js';
import { isTelling, type WorkerUsage } from '../metrics/usage.js';
import { digest, type Json, toJson } from './canonical-json.js';
import { type FaultsReport, faultsReport } from './faults.js';
import type { FinishedRun, Machine } from './finished-run.js';
import { type PaceReport, paceReports } from './pace.js';
import { type ScopeReport, scopeReport, type TrendReport, trendReport } from './scope.js';

/** Clients that a report names, of those without effect. */
const mostExamples = 20;

/** The longest scenario that a report carries, in characters. */
const longestText = 64 * 1024;

/** The version of the shape below. It rises when a reader of one shape would miss something in the other, or misread it. */
export const schemaVersion = 2;

/**
 * `report.json`: everything that a renderer or a comparison needs, later and elsewhere. Units end the names, or stand beside the
 * values as `unit`.
 */
export interface Report {
  readonly schemaVersion: typeof schemaVersion;
  readonly tool: { readonly name: 'swarm'; readonly version: string };
  /** `text` is what the file says, without what options changed; null where it was too long. */
  readonly scenario: { readonly name: string; readonly file: string; readonly text: string | null };
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
  readonly durations: {
    /** When the measured window began, since the run's start. */
    readonly measuredFromMs: number;
    readonly measuredMs: number;
    readonly wholeRunMs: number;
  };
  /** The load's stages as far as they were played, in run time. */
  readonly stages: readonly PlayedStage[];
  readonly clients: {
    readonly planned: number;
    /** At once, at any time: exact with one worker, with several an upper bound. */
    readonly mostConnected: number;
    /** Connected at the end, but the last things they sent had no effect: no reply, no broadcast of their own. */
    readonly withoutEffect: { readonly count: number; readonly examples: readonly number[] };
  };
  readonly thresholds: readonly ThresholdResult[];
  readonly events: readonly RunEvent[];
  /** What was done to the run by hand, in order. Where there is anything its load was not the plan's: it is not to be compared with others. */
  readonly steered: readonly SteeredAction[];
  readonly errorSamples: readonly ErrorSample[];
  /** What clients with faults did, and how the others fared beside them; absent where no kind has faults. */
  readonly faults?: FaultsReport;
  /** What became of the pace of closed loops, one entry for each kind that has one. */
  readonly closedLoops: readonly PaceReport[];
  readonly totals: { readonly measured: ScopeReport; readonly wholeRun: ScopeReport };
  readonly generator: GeneratorReport;
  /** Whether the first third of the measured window was like the last; null where that cannot be told, the load was steered, or faults were played. */
  readonly steadiness: Steadiness | null;
  readonly timeline: readonly TimelineWindow[];
  readonly machine: Machine;
  readonly seed: number;
  readonly planDigest: string;
  readonly plan: Json;
  readonly server: Json;
}

/** A second of the run, or several where it was long: `widthMs` says. */
export interface TimelineWindow extends TimelineRow {
  /** In microseconds for times. Neighbours may be added up; percentiles of windows must not be averaged. */
  readonly histograms: WindowHistograms;
  /** How many values the histograms leave out; absent in reports from before they were counted. */
  readonly unanswered?: WindowCounts;
}

/** What the load cost this machine, and whether that shows in the numbers. */
export interface GeneratorReport extends GeneratorAudit {
  /** `usage` is null where a worker said nothing, or for too short a time to tell. */
  readonly workers: readonly (WorkerResult & { readonly usage: WorkerUsageReport | null })[];
  /** Response time runs from `min(send, due + allowance)`: so much lateness is the timer's tick and not counted. */
  readonly allowanceMs: number;
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
  /** Share of the time that it was ready to run and waited for a CPU; null where the system does not say. */
  readonly runQueueShare: number | null;
  /** Share of the time that garbage collection took. */
  readonly gcShare: number;
}

type Target = FinishedRun['plan']['target'];
type Faults = Extract<Target, { kind: 'embedded' }>['faults'];

/** Makes the report of a run. Pure: the clock, the machine and the tool's version are the caller's. */
export function buildReport(result: FinishedRun, toolVersion: string): Report {
  const { plan, totals } = result;
  const audit = auditOf(totals);
  const workersLost = result.workers.filter((worker) => worker.lost).length;
  const faults = faultsReport(plan.kinds, totals, {
    saturated: audit.verdict === 'saturated',
    steered: result.steered.length > 0,
    workersLost,
  });
  return {
    schemaVersion,
    tool: { name: 'swarm', version: toolVersion },
    scenario: {
      name: plan.name,
      file: result.scenarioFile,
      text: result.scenarioText.length <= longestText ? result.scenarioText : null,
    },
    target: describeTarget(plan.target),
    startedAt: result.startedAt,
    outcome: {
      name: result.outcome,
      exitCode: result.exitCode,
      sentence: sentenceOf(result),
      degraded: workersLost > 0,
      workersLost,
    },
    durations: {
      measuredFromMs: totals.measuredFromMs,
      measuredMs: totals.measuredMs,
      wholeRunMs: totals.wholeRunMs,
    },
    stages: result.stages
      .filter(({ fromMs }) => fromMs < totals.wholeRunMs)
      .map((stage) => ({ ...stage, toMs: Math.min(stage.toMs, totals.wholeRunMs) })),
    clients: {
      planned: plan.load.maxClients,
      mostConnected: totals.mostConnected,
      withoutEffect: { count: result.silentClients.length, examples: result.silentClients.slice(0, mostExamples) },
    },
    thresholds: result.thresholds,
    events: result.events,
    steered: result.steered,
    errorSamples: result.errorSamples,
    ...(faults !== undefined && { faults }),
    closedLoops: paceReports(plan, totals, result.steered),
    totals: {
      measured: scopeReport(totals, 'measured', audit.contaminatedShare),
      wholeRun: scopeReport(totals, 'wholeRun', null),
    },
    generator: generatorReport(result, audit),
    steadiness: result.steered.length > 0 || faults !== undefined ? null : steadinessOf(totals),
    timeline: windowsOf(totals),
    machine: result.machine,
    seed: plan.seed,
    planDigest: digest(plan),
    plan: toJson({ ...plan, target: withoutKey(plan.target), env: withoutValues(plan.env) }),
    server: toJson(result.server),
  };
}

/** Thresholds that were not given have not held. */
function sentenceOf({ outcome, thresholds }: FinishedRun): string {
  if (outcome === 'ok' && thresholds.length === 0) return 'Everything ran; no thresholds were given.';
  return exitCodes[outcome].sentence;
}

/** A report is passed around; what stood in the environment may be a password. */
function withoutValues(env: FinishedRun['plan']['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(env).map((name) => [name, 'not kept']));
}

/** Nor does a private key belong into what is passed around. */
function withoutKey(target: Target): Target {
  if (target.kind !== 'tls' || target.tls.key === undefined) return target;
  return { ...target, tls: { ...target.tls, key: 'not kept' } };
}

/** A target in a few words: `127.0.0.1:7777`, `tls://[::1]:7777`, `unix:/run/game.sock`, `embedded:chat`, `embedded:echo (drop 1%, close-after 100)`. */
export function describeTarget(target: Target): string {
  if (target.kind === 'embedded') return `embedded:${target.mode}${describeFaults(target.faults)}`;
  return `${target.kind === 'tls' ? 'tls://' : ''}${formatEndPoint(target)}`;
}

function describeFaults(faults: Faults): string {
  return faults.length === 0 ? '' : ` (${faults.map(({ text }) => text).join(', ')})`;
}

function windowsOf(totals: Totals): TimelineWindow[] {
  const histograms = totals.timelineHistograms();
  const unanswered = totals.timelineUnanswered();
  return totals.timeline.map((row, i) => ({
    ...row,
    histograms: histograms[i] ?? {},
    unanswered: unanswered[i] ?? {},
  }));
}

function generatorReport({ plan, totals, workers }: FinishedRun, audit: GeneratorAudit): GeneratorReport {
  const sendLag = totals.trend('send_lag', {}, 'measured');
  return {
    ...audit,
    workers: workers.map((worker) => ({ ...worker, usage: usageReport(totals.usage[worker.index]) })),
    allowanceMs: allowanceUs(plan.load.pacing) / 1000,
    sendLag: sendLag === undefined ? null : trendReport({}, sendLag),
    clampedValues: totals.clamped,
  };
}

function usageReport(usage: WorkerUsage | undefined): WorkerUsageReport | null {
  if (usage === undefined || !isTelling(usage)) return null;
  return {
    cpuPercent: (100 * usage.cpuUs) / usage.wallUs,
    rssMaxBytes: usage.rssMaxBytes,
    loopDelayMaxMs: usage.loopDelayMaxMs,
    loopUtilization: usage.loopBusyUs / usage.wallUs,
    runQueueShare: usage.runQueueUs === null ? null : usage.runQueueUs / usage.wallUs,
    gcShare: usage.gcUs / usage.wallUs,
  };
}
