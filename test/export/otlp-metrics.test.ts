import { resourceFromAttributes } from '@opentelemetry/resources';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { familiesOf } from '../../src/export/families.js';
import { type HistogramAggregation, resourceMetrics } from '../../src/export/otlp-metrics.js';
import type { Totals } from '../../src/metrics/totals.js';
import { totalsOf } from '../metrics/snapshots.js';
import { sampleTotals } from './sample-run.js';

function metricsOf(totals: Totals, histograms: HistogramAggregation = 'explicit_bucket_histogram') {
  const resource = resourceFromAttributes({});
  const spanned = { fromMs: 1_700_000_000_250, toMs: 1_700_000_002_000.5 };
  const { scopeMetrics } = resourceMetrics(familiesOf(totals), { resource, version: '1.2.3', histograms, ...spanned });
  return scopeMetrics.flatMap(({ metrics }) => metrics);
}

function metric(name: string, histograms?: HistogramAggregation) {
  const found = metricsOf(sampleTotals(), histograms).find(({ descriptor }) => descriptor.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe('what OpenTelemetry is sent', () => {
  it('has names with a namespace, and units of UCUM', () => {
    const described = metricsOf(sampleTotals()).map(({ descriptor, dataPointType }) =>
      [descriptor.name, descriptor.unit, DataPointType[dataPointType]].join(' ').trim(),
    );
    expect(described).toMatchInlineSnapshot(`
      [
        "swarm.response_time s HISTOGRAM",
        "swarm.recv_batch {packet} HISTOGRAM",
        "swarm.recv_bytes By HISTOGRAM",
        "swarm.packets_sent {packet} SUM",
        "swarm.data_sent By SUM",
        "swarm.clients {client} SUM",
        "swarm.timeouts  SUM",
        "swarm.errors  SUM",
        "swarm.attempts  SUM",
      ]
    `);
  });

  it('counts from the run’s start, in sums that only grow', () => {
    const sent = metric('swarm.packets_sent');
    expect(sent).toMatchObject({ isMonotonic: true, aggregationTemporality: 1 });
    expect(sent.dataPoints[0]).toEqual({
      startTime: [1_700_000_000, 250_000_000],
      endTime: [1_700_000_002, 500_000],
      attributes: { packet: 'C_Chat', client: 'talker', phase: 'warmup' },
      value: 10,
    });
    expect(metric('swarm.clients')).toMatchObject({ isMonotonic: false });
  });

  it('has histograms with the bounds that Prometheus gets', () => {
    const [point] = metric('swarm.response_time').dataPoints;
    expect(point?.value).toMatchObject({
      count: 7,
      buckets: { counts: [2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1] },
    });
  });

  it('has exponential histograms where these are asked for', () => {
    const { dataPointType, dataPoints } = metric('swarm.response_time', 'base2_exponential_bucket_histogram');
    expect(dataPointType).toBe(DataPointType.EXPONENTIAL_HISTOGRAM);
    expect(dataPoints[0]?.value).toMatchObject({ count: 7, zeroCount: 0, negative: { bucketCounts: [] } });
  });

  it('marks what came after the limit as OpenTelemetry does', () => {
    const totals = totalsOf((recorder) => {
      for (let i = 0; i < 1001; i++) recorder.counter('bot_counter', { name: `n${i}` }).add(1);
    });
    const [counter] = metricsOf(totals).filter(({ descriptor }) => descriptor.name === 'swarm.bot_counter');
    expect(counter?.dataPoints.at(-1)?.attributes).toEqual({ phase: 'measured', 'otel.metric.overflow': true });
  });
});
