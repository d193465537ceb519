import { z } from 'zod';
import { exitCodes, type Outcome } from '../exit-codes.js';
import { catalog, type MetricName, type Unit } from '../metrics/catalog.js';
import { periodNames } from '../metrics/neighbours.js';
import { judgedPercentiles } from './neighbours.js';
import { type Report, schemaVersion } from './report.js';

const count = z.int().min(0);
const amount = z.number().min(0);
const share = z.number().min(0).max(1);
const ms = amount;
const base64 = z.string().describe('an HdrHistogram: V2, compressed, base64');

const units = ['ms', 'packets', 'bytes', 'clients', 'count', 'ratio'] as const satisfies readonly Unit[];
const metricName = z.enum(Object.keys(catalog) as [MetricName, ...MetricName[]], {
  error: ({ input }) => `${JSON.stringify(input)} is none of the metrics that swarm has`,
});
const tags = z.record(z.string(), z.string()).describe('packet, client, step, arrival and others');
const series = z.object({ metric: metricName, tags });

const quantile = z
  .object({ value: amount, atLeast: z.boolean() })
  .describe('a value; with atLeast it falls among the unanswered, and the true one is that or higher');

const trendFigures = z.object({
  tags,
  count: count.describe('answered values'),
  unanswered: count.describe('values that never came; they stand in the percentiles as lower bounds'),
  min: amount.nullable(),
  stdDev: amount.nullable(),
  mean: quantile,
  p50: quantile,
  p90: quantile,
  p95: quantile,
  p99: quantile,
  p999: quantile,
  max: quantile,
  lowerBounds: z.exactOptional(
    z
      .object({ p50: amount, p90: amount, p95: amount, p99: amount, p999: amount })
      .describe('how low each percentile may truly be, were every contaminated value the generator’s'),
  ),
});

const trend = trendFigures.extend({ histogram: base64, unansweredHistogram: base64.nullable() });

const scope = z.object({
  counters: z.record(
    z.string(),
    z.object({
      unit: z.enum(units),
      total: count,
      series: z.array(z.object({ tags, value: count })),
    }),
  ),
  rates: z.record(
    z.string(),
    z.object({
      hits: count,
      total: count,
      series: z.array(z.object({ tags, hits: count, total: count })),
    }),
  ),
  trends: z.record(
    z.string(),
    z.object({
      unit: z.enum(units).describe('of all values but the histograms'),
      histogramUnit: z.enum(['us', 'packets', 'bytes', 'clients', 'count', 'ratio']),
      merged: z.array(trend).describe('all series in one, open and closed loops apart'),
      series: z.array(trend),
      byPacket: z.array(trendFigures),
      byClient: z.array(trendFigures),
    }),
  ),
});

const threshold = z.object({
  metric: metricName,
  tags,
  source: z.string(),
  aggregation: z.union([
    z.object({ kind: z.enum(['count', 'rate', 'value', 'avg', 'min', 'max', 'med']) }),
    z.object({ kind: z.literal('percentile'), percentile: z.number() }),
  ]),
  operator: z.enum(['<', '<=', '>', '>=', '==', '!=']),
  limit: z.number(),
  abortOnFail: z.boolean(),
  delayAbortEvalMs: ms,
});

const thresholdResult = z.object({
  threshold,
  ok: z.union([z.boolean(), z.literal('undecided')]),
  value: z.number().nullable().describe('what was held against the limit; null where nothing was measured'),
  atLeast: z.boolean(),
  sentence: z.string(),
});

const timelineWindow = z.object({
  atMs: ms,
  widthMs: ms,
  connected: count,
  packetsSent: amount.describe('per second, as all amounts here'),
  packetsReceived: amount,
  bytesSent: amount,
  bytesReceived: amount,
  errors: amount,
  contaminatedShare: share.nullable(),
  p50Ms: ms.nullable(),
  p95Ms: ms.nullable(),
  p99Ms: ms.nullable(),
  memory: z.exactOptional(
    z
      .object({ workersBytes: count.describe('all workers together'), coordinatorBytes: count.nullable() })
      .describe('resident, the most in this interval'),
  ),
  histograms: z.record(z.string(), base64).describe('by what they are of; answered values, by arrival'),
  unanswered: z
    .record(z.string(), count)
    .exactOptional()
    .describe('how many values were given up as unanswered in this window, and so are in no histogram of it'),
});

const clockOffset = z.object({ offsetUs: z.number(), errorUs: z.number() });

const worker = z.object({
  index: count,
  pid: z.int(),
  lost: z.boolean(),
  clients: count,
  clock: z.object({ atStart: clockOffset.nullable(), atEnd: clockOffset.nullable(), correctedUs: z.number() }),
  usage: z
    .object({
      cpuPercent: amount,
      rssMaxBytes: amount,
      loopDelayMaxMs: ms,
      loopUtilization: amount,
      runQueueShare: amount.nullable(),
      gcShare: amount,
    })
    .nullable(),
});

const generator = z.object({
  verdict: z.enum(['ok', 'strained', 'saturated']),
  reasons: z.array(
    z.object({
      verdict: z.enum(['strained', 'saturated']),
      sentence: z.string(),
      whenMs: z.object({ from: ms, to: ms }).nullable(),
    }),
  ),
  auditedValues: count,
  contaminatedValues: count,
  contaminatedShare: share,
  dueSends: count,
  madeSends: count,
  runQueueShare: amount.nullable(),
  senderSideP99Ms: ms.nullable(),
  workers: z.array(worker),
  allowanceMs: ms,
  sendLag: trend.nullable(),
  clampedValues: count,
});

const neighbours = z.object({
  periods: z.array(
    z.object({
      name: z.enum(periodNames),
      fromMs: ms,
      toMs: ms,
      durationMs: z.exactOptional(ms.describe('how much of the time in between belongs to the period')),
      attempts: count,
      failed: count,
      disconnects: count,
      times: z.array(z.object({ of: series, count, unanswered: count, p50: quantile, p95: quantile, p99: quantile })),
    }),
  ),
  changes: z.array(
    z.object({
      of: series,
      percentile: z.enum(judgedPercentiles),
      before: quantile,
      during: quantile,
      verdict: z.enum(['same', 'better', 'worse', 'cannot tell']),
    }),
  ),
  verdict: z.enum(['unhurt', 'hurt', 'cannot tell']),
  reasons: z.array(z.string()),
});

const faults = z.object({
  kinds: z.array(
    z.object({
      client: z.string(),
      played: z.array(z.object({ fault: z.string(), count })),
      connects: count,
      connectFailures: count,
      lost: z.array(z.object({ cause: z.string(), count })),
    }),
  ),
  neighbours: neighbours
    .nullable()
    .describe('how the clients without faults fared, of whom all totals are then; null where every kind has faults'),
});

const runEvent = z.object({
  atMs: ms,
  kind: z.enum([
    'warning',
    'targetUnreachable',
    'targetLost',
    'workerLost',
    'stopped',
    'aborted',
    'thresholdAbort',
    'steered',
    'internal',
  ]),
  message: z.string(),
});

/**
 * The shape of `report.json`, for readers of any language; `Report` documents each part. Objects may hold more than is named here: a later
 * version adds to them without a new `schemaVersion`.
 */
export const reportSchema: z.ZodType<Report> = z.object({
  schemaVersion: z.literal(schemaVersion),
  tool: z.object({ name: z.literal('swarm'), version: z.string() }),
  scenario: z.object({ name: z.string(), file: z.string(), text: z.string().nullable() }),
  target: z.string(),
  startedAt: z.iso.datetime().describe('ISO 8601 in UTC'),
  outcome: z.object({
    name: z.enum(Object.keys(exitCodes) as [Outcome, ...Outcome[]]),
    exitCode: z.int(),
    sentence: z.string(),
    degraded: z.boolean(),
    workersLost: count,
  }),
  durations: z.object({ measuredFromMs: ms, measuredMs: ms, wholeRunMs: ms }),
  stages: z.array(z.object({ fromMs: ms, toMs: ms, target: count })),
  clients: z.object({
    planned: count,
    mostConnected: count,
    withoutEffect: z.object({ count, examples: z.array(count) }),
  }),
  thresholds: z.array(thresholdResult),
  events: z.array(runEvent),
  steered: z.array(
    z.object({
      atMs: ms,
      planMs: ms,
      action: z.enum(['pause', 'resume', 'scaleRate', 'changeClients']),
      paused: z.boolean(),
      rateFactor: amount,
      clientsBy: z.int(),
    }),
  ),
  errorSamples: z.array(z.object({ kind: z.string(), message: z.string(), count })),
  faults: z.exactOptional(faults),
  closedLoops: z.array(
    z.object({
      client: z.string(),
      iterations: count,
      iterationsPerSecond: amount,
      thinkMs: ms,
      paceKept: amount.nullable(),
    }),
  ),
  totals: z.object({ measured: scope, wholeRun: scope }),
  generator,
  steadiness: z.object({ of: series, steady: z.boolean(), firstThirdP50Ms: ms, lastThirdP50Ms: ms }).nullable(),
  timeline: z.array(timelineWindow),
  machine: z.object({
    hostname: z.exactOptional(z.string()),
    platform: z.string(),
    cpuModel: z.string(),
    cpuCores: count,
    memoryBytes: count,
    nodeVersion: z.string(),
  }),
  seed: z.number(),
  planDigest: z.string(),
  plan: z.json(),
  server: z.json(),
});

/** The JSON Schema (draft-07) of `report.json`. */
export function reportJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(reportSchema, { io: 'input', target: 'draft-7' });
  return { ...schema, title: 'A report of swarm' };
}
