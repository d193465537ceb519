import { type HrTime, ValueType } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Family, Labels, Point, Values } from './families.js';
import { explicitHistogram, exponentialHistogram } from './histograms.js';

/** How histograms are sent. */
export type HistogramAggregation = 'explicit_bucket_histogram' | 'base2_exponential_bucket_histogram';

/** What all points of one export share. */
export interface Export {
  readonly resource: Resource;
  readonly version: string;
  readonly histograms: HistogramAggregation;
  /** When counting began, and until when it has counted, in milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Families as OpenTelemetry has them: `swarm.response_time`, unit `s`. Sums are cumulative. */
export function resourceMetrics(families: readonly Family[], all: Export): ResourceMetrics {
  const scope = { name: 'tcp-swarm', version: all.version };
  return {
    resource: all.resource,
    scopeMetrics: [{ scope, metrics: families.map((family) => metricOf(family, all)) }],
  };
}

function metricOf(family: Family, all: Export): MetricData {
  const { kind, name, unit, sentence: description } = family;
  const aggregationTemporality = AggregationTemporality.CUMULATIVE;
  const describedAs = (valueType: ValueType) => ({
    descriptor: { name: `swarm.${name}`, description, unit, valueType },
    aggregationTemporality,
  });
  if (kind !== 'histogram') {
    const dataPoints = family.points.map((point) => dataPoint(point, point.value, all));
    // What is connected goes up and down: a sum that is not monotonic, as of an UpDownCounter.
    const isMonotonic = kind === 'counter';
    return { ...describedAs(ValueType.INT), dataPointType: DataPointType.SUM, isMonotonic, dataPoints };
  }
  const described = describedAs(ValueType.DOUBLE);
  if (all.histograms === 'base2_exponential_bucket_histogram') {
    const dataPoints = family.points.map((point) => dataPoint(point, exponential(point.value), all));
    return { ...described, dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM, dataPoints };
  }
  const dataPoints = family.points.map((point) => {
    const { bounds, counts, count, sum } = explicitHistogram(point.value, unit);
    return dataPoint(point, { buckets: { boundaries: [...bounds], counts: [...counts] }, count, sum }, all);
  });
  return { ...described, dataPointType: DataPointType.HISTOGRAM, dataPoints };
}

function exponential(values: Values) {
  const { scale, zeroCount, positive, count, sum } = exponentialHistogram(values);
  const { offset, bucketCounts } = positive;
  return {
    scale,
    zeroCount,
    count,
    sum,
    positive: { offset, bucketCounts: [...bucketCounts] },
    negative: { offset: 0, bucketCounts: [] },
  };
}

function dataPoint<Value>({ labels }: Point<unknown>, value: Value, { fromMs, toMs }: Export): DataPoint<Value> {
  return { startTime: hrTimeOf(fromMs), endTime: hrTimeOf(toMs), attributes: attributesOf(labels), value };
}

function attributesOf({ otel_metric_overflow: overflow, ...labels }: Labels) {
  return { ...labels, ...(overflow !== undefined && { 'otel.metric.overflow': true }) };
}

function hrTimeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
