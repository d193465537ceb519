import { SwarmError } from '../errors.js';
import type { HistogramAggregation } from './otlp-metrics.js';

/** Where metrics are sent, how often, and in which shape. What else OpenTelemetry's variables say (headers, compression, TLS) its exporter reads itself. */
export interface OtlpSettings {
  readonly url: URL;
  readonly intervalMs: number;
  /** How long one export may take, in milliseconds; undefined: as OpenTelemetry's own variables say. */
  readonly timeoutMs: number | undefined;
  readonly histograms: HistogramAggregation;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultEndPoint = 'http://localhost:4318';
const defaultIntervalMs = 5_000;
/** Half of OpenTelemetry's: a run that is over waits so long for a collector that is not there. */
const defaultTimeoutMs = 5_000;
const metricsPath = '/v1/metrics';

/**
 * `url` is what stands behind `--otlp`; where nothing does, `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT` say where to.
 * @throws SwarmError `otlp-invalid`.
 */
export function readOtlpSettings(url: string | undefined, env: Environment): OtlpSettings {
  const hasTimeout = set(env, 'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT') ?? set(env, 'OTEL_EXPORTER_OTLP_TIMEOUT');
  return {
    url: readUrl(url, env),
    intervalMs: readInterval(env),
    timeoutMs: hasTimeout === undefined ? defaultTimeoutMs : undefined,
    histograms: readAggregation(env),
  };
}

/** The end point of metrics is used as it is, that of all signals gets their path (OTLP exporter specification, "Endpoint URLs for OTLP/HTTP"). */
function readUrl(url: string | undefined, env: Environment): URL {
  if (url !== undefined) return ofMetrics(parseUrl('--otlp', url));
  const own = set(env, 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT');
  if (own !== undefined) return parseUrl('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', own);
  const shared = set(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') ?? defaultEndPoint;
  return ofMetrics(parseUrl('OTEL_EXPORTER_OTLP_ENDPOINT', shared));
}

/** A copy of the URL that ends with the path of metrics, once. */
function ofMetrics(url: URL): URL {
  const full = new URL(url);
  if (!full.pathname.endsWith(metricsPath)) full.pathname = full.pathname.replace(/\/$/, '') + metricsPath;
  return full;
}

function parseUrl(source: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw invalid(`${source}: ${text} is not a URL of HTTP.`, `Write ${defaultEndPoint}, or https://….`);
}

function readInterval(env: Environment): number {
  const text = set(env, 'OTEL_METRIC_EXPORT_INTERVAL') ?? String(defaultIntervalMs);
  if (/^\d{1,9}$/.test(text) && Number(text) >= 1) return Number(text);
  throw invalid(
    `OTEL_METRIC_EXPORT_INTERVAL: ${text} is not a number of milliseconds.`,
    'Write 5000 for five seconds.',
  );
}

function readAggregation(env: Environment): HistogramAggregation {
  const name = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION';
  const text = set(env, name)?.toLowerCase() ?? 'explicit_bucket_histogram';
  if (text === 'explicit_bucket_histogram' || text === 'base2_exponential_bucket_histogram') return text;
  throw invalid(
    `${name}: there are no histograms called ${text}.`,
    'Write explicit_bucket_histogram or base2_exponential_bucket_histogram.',
  );
}

/** A variable that is empty counts as not set (OpenTelemetry's specification of its variables). */
function set(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function invalid(message: string, hint: string): SwarmError {
  return new SwarmError('otlp-invalid', message, { hint });
}
