import { counted, exactCount, formatDuration } from './format.js';
import type { Totals } from './totals.js';
import { isTelling } from './usage.js';

/** `strained`: the generator shows in the numbers here and there. `saturated`: they are as much the generator's as the server's. */
export type GeneratorVerdict = 'ok' | 'strained' | 'saturated';

export interface AuditReason {
  readonly verdict: Exclude<GeneratorVerdict, 'ok'>;
  readonly sentence: string;
  /** The seconds of the run in which it showed; null where it cannot be told. */
  readonly whenMs: { readonly from: number; readonly to: number } | null;
}

/** Whether the numbers of the measured window are the server's. */
export interface GeneratorAudit {
  readonly verdict: GeneratorVerdict;
  /** Why, the gravest first; empty where all is well. */
  readonly reasons: readonly AuditReason[];
  readonly auditedValues: number;
  readonly contaminatedValues: number;
  /** Contaminated ÷ audited: a percentile q may truly be as low as that of q less this. 0 where nothing was audited. */
  readonly contaminatedShare: number;
  /** Open-loop sends that a healthy connection had to make, and those that were made within a second. */
  readonly dueSends: number;
  readonly madeSends: number;
  /** Of the worker that waited most for a CPU, the share of the run; null where the system does not say, or the run was too short to tell. */
  readonly runQueueShare: number | null;
  /** p99 of the response time less p99 of the service time, of open loops: the sender's side; null where there are none, or a p99 is a lower bound. */
  readonly senderSideP99Ms: number | null;
}

const strainedShare = 0.001;
const saturatedShare = 0.01;
const leastMadeShare = 0.99;
/** A send that is later than this belongs to another second than the plan's. */
const madeWithinMs = 1000;
const mostRunQueueShare = 0.2;
/** Codes of connects that this machine had no port, address, open file or memory for. */
const shortages: readonly string[] = ['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/** Draws the verdict from what was measured so far. */
export function auditOf(totals: Totals): GeneratorAudit {
  const auditedValues = totals.counter('audited_values');
  const contaminatedValues = totals.counter('contaminated_values');
  const contaminatedShare = auditedValues > 0 ? contaminatedValues / auditedValues : 0;
  const { dueSends, madeSends } = sendsOf(totals);
  const runQueueShare = highestRunQueueShare(totals);
  const reasons = [
    ...badSeconds(totals),
    ...lateSeconds(totals),
    ...standstills(totals),
    ...missedSends(dueSends, madeSends, queueFullSends(totals)),
    ...failedHere(totals),
    ...contamination(totals, contaminatedShare),
    ...starvation(runQueueShare),
  ].sort((a, b) => Number(b.verdict === 'saturated') - Number(a.verdict === 'saturated'));
  return {
    verdict: reasons[0]?.verdict ?? 'ok',
    reasons,
    auditedValues,
    contaminatedValues,
    contaminatedShare,
    dueSends,
    madeSends,
    runQueueShare,
    senderSideP99Ms: senderSideP99Ms(totals),
  };
}

function contamination(totals: Totals, share: number): AuditReason[] {
  if (share < strainedShare) return [];
  const { worst } = totals.auditedSeconds;
  const most = worst === null ? '' : `; most in second ${second(worst.atMs)}: ${percent(worst.share)}`;
  return [
    {
      verdict: share >= saturatedShare ? 'saturated' : 'strained',
      sentence: `${percent(share)} of the measured values may owe more than 2 ms and a tenth to the generator${most}`,
      whenMs: worst && { from: worst.atMs, to: worst.atMs + 1000 },
    },
  ];
}

function badSeconds(totals: Totals): AuditReason[] {
  const { bad } = totals.auditedSeconds;
  if (bad === null) return [];
  const sentence = `from second ${second(bad.fromMs)} to ${second(bad.toMs - 1000)}, a tenth and more of each second’s values may owe much to the generator`;
  return [{ verdict: 'saturated', sentence, whenMs: { from: bad.fromMs, to: bad.toMs } }];
}

/** Where there is no value to judge by, as in a flood that nobody answers: what was read then is what this machine could read. */
function lateSeconds(totals: Totals): AuditReason[] {
  const { late } = totals.auditedSeconds;
  if (late === null) return [];
  const sentence = `from second ${second(late.fromMs)} to ${second(late.toMs - 1000)}, what came was read late: a worker’s event loop was behind`;
  return [{ verdict: 'saturated', sentence, whenMs: { from: late.fromMs, to: late.toMs } }];
}

function standstills({ standstills: { totalMs, count, longest }, wholeRunMs }: Totals): AuditReason[] {
  if (longest === null) return [];
  const { fromMs, forMs } = longest;
  const pieces = count === 1 ? '' : ` in ${count} pieces, the longest ${formatDuration(forMs)}`;
  const sentence = `${formatDuration(totalMs)} were not measured,${pieces} from second ${second(fromMs)} on: the machine slept, or a worker’s process was stopped or held up`;
  const verdict = totalMs >= saturatedShare * wholeRunMs ? 'saturated' : 'strained';
  return [{ verdict, sentence, whenMs: { from: fromMs, to: fromMs + forMs } }];
}

/** A full queue may be this machine's network, and so its doing; more often it is a server that does not read. */
function missedSends(due: number, made: number, queueFull: number): AuditReason[] {
  if (due === 0 || made / due >= leastMadeShare) return [];
  const why =
    queueFull === 0
      ? ''
      : `; ${exactCount(queueFull)} found too much waiting, where the server, or the network, does not take it`;
  const sentence = `only ${percent(made / due)} of the due sends were made within a second, though their connections stood${why}`;
  return [{ verdict: 'saturated', sentence, whenMs: null }];
}

/** The server never heard of these, and had fewer clients than it was to have. */
function failedHere(totals: Totals): AuditReason[] {
  const failures = shortages.map((code) => ({ code, count: totals.counter('connect_failures', { code }) }));
  return failures
    .filter(({ count }) => count > 0)
    .map(({ code, count }) => ({
      verdict: 'saturated',
      sentence: `${counted(count, 'connect')} failed on this machine, before the server heard of them: ${code}`,
      whenMs: null,
    }));
}

function starvation(share: number | null): AuditReason[] {
  if (share === null || share <= mostRunQueueShare) return [];
  const sentence = `a worker waited for a CPU ${percent(share)} of the time`;
  return [{ verdict: 'strained', sentence, whenMs: null }];
}

function sendsOf(totals: Totals): { dueSends: number; madeSends: number } {
  const lag = totals.trend('send_lag');
  if (lag === undefined) return { dueSends: 0, madeSends: 0 };
  const madeSends = lag.countsBetween([madeWithinMs])[0] ?? 0;
  return {
    dueSends: lag.count + queueFullSends(totals) + totals.counter('dropped_sends', { cause: 'overdue' }),
    madeSends,
  };
}

function queueFullSends(totals: Totals): number {
  return totals.counter('dropped_sends', { cause: 'queue-full' });
}

function highestRunQueueShare({ usage }: Totals): number | null {
  const shares = usage.flatMap((worker) =>
    worker === undefined || worker.runQueueUs === null || !isTelling(worker) ? [] : worker.runQueueUs / worker.wallUs,
  );
  return shares.length === 0 ? null : Math.max(...shares);
}

function senderSideP99Ms(totals: Totals): number | null {
  const response = totals.trend('response_time', { arrival: 'open' })?.percentile(99);
  const service = totals.trend('service_time', { arrival: 'open' })?.percentile(99);
  // Between lower bounds there is no difference: what was never sent has a response time, and no service time.
  if (response === undefined || service === undefined || response.atLeast || service.atLeast) return null;
  return Math.max(0, response.value - service.value);
}

/** Seconds are counted as the clock of the dashboard shows them. */
function second(atMs: number): string {
  return `${Math.floor(atMs / 1000)}`;
}

/** Exact enough that a share never looks like the limit that it misses. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
