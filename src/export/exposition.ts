import { Counter, Gauge, type LabelValues, type Metric, Registry, type RegistryContentType } from 'prom-client';
import type { Family, Labels, Point, Values } from './families.js';
import { explicitHistogram } from './histograms.js';
import type { RunInfo } from './source.js';

/** What a scraper may ask for. */
export type ExpositionFormat = 'text' | 'openmetrics';

export const contentTypes: Readonly<Record<ExpositionFormat, RegistryContentType>> = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
};

/** Families as Prometheus reads them. Names and units are those that a collector makes of what `--otlp` sends. */
export async function exposition(
  families: readonly Family[],
  info: RunInfo,
  format: ExpositionFormat,
): Promise<string> {
  // A registry of its own for each scrape: it changes the names of its counters when it writes OpenMetrics.
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentTypes[format]);
  registry.registerMetric(infoMetric(info));
  for (const family of families) registry.registerMetric(metricOf(family));
  return registry.metrics();
}

function infoMetric(info: RunInfo): Metric {
  const help = 'The scenario that is played, and the version of swarm that plays it; always 1.';
  const gauge = new Gauge({ name: 'swarm_run_info', help, labelNames: Object.keys(info), registers: [] });
  gauge.set({ ...info }, 1);
  return gauge;
}

function metricOf(family: Family): Metric {
  const { kind, sentence: help, points } = family;
  const name = nameOf(family);
  if (kind === 'histogram') return histogram(name, help, histogramSamples(name, family));
  const labelNames = [...new Set(points.flatMap(({ labels }) => Object.keys(labels)))];
  const settings = { name, help, labelNames, registers: [] };
  if (kind === 'counter') {
    const counter = new Counter(settings);
    for (const { labels, value } of points) counter.inc(definite(labels), value);
    return counter;
  }
  const gauge = new Gauge(settings);
  for (const { labels, value } of points) gauge.set(definite(labels), value);
  return gauge;
}

/** `swarm_response_time_seconds`, `swarm_data_sent_bytes_total`: base units in plural, each said once. */
function nameOf({ kind, name, unit }: Family): string {
  const suffix = unit === 's' ? '_seconds' : unit === 'By' && !name.endsWith('_bytes') ? '_bytes' : '';
  return `swarm_${name}${suffix}${kind === 'counter' ? '_total' : ''}`;
}

interface Sample {
  readonly metricName: string;
  readonly labels: LabelValues<string>;
  readonly value: number;
}

function histogramSamples(name: string, { points, unit }: Family & { readonly kind: 'histogram' }): readonly Sample[] {
  return points.flatMap(({ labels, value }: Point<Values>) => {
    const { bounds, counts, count, sum } = explicitHistogram(value, unit);
    const own = definite(labels);
    let cumulative = 0;
    const buckets = [...bounds, '+Inf'].map((le, i): Sample => {
      cumulative += counts[i]!;
      return { metricName: `${name}_bucket`, labels: { ...own, le }, value: cumulative };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: own, value: sum },
      { metricName: `${name}_count`, labels: own, value: count },
    ];
  });
}

/** What a registry asks of a metric: the library's own histogram takes values one by one, and ours are counted already. */
function histogram(name: string, help: string, values: readonly Sample[]): Metric {
  const type = 'histogram';
  return { name, help, type, get: async () => ({ name, help, type, values }) } as unknown as Metric;
}

function definite(labels: Labels): LabelValues<string> {
  return labels as LabelValues<string>;
}
