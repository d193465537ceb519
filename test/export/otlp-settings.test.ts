import { describe, expect, it, test } from 'vitest';
import { readOtlpSettings } from '../../src/export/otlp-settings.js';

describe('where metrics are sent', () => {
  test.each([
    [undefined, {}, 'http://localhost:4318/v1/metrics'],
    ['http://collector:4318', {}, 'http://collector:4318/v1/metrics'],
    ['https://collector/otlp/', {}, 'https://collector/otlp/v1/metrics'],
    ['http://collector:4318/v1/metrics', {}, 'http://collector:4318/v1/metrics'],
    [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://shared:4318/' }, 'http://shared:4318/v1/metrics'],
    [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 'http://localhost:4318/v1/metrics'],
    [
      undefined,
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://shared', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://own/write' },
      'http://own/write',
    ],
    ['http://named', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://own/write' }, 'http://named/v1/metrics'],
  ])('--otlp %s with %j: %s', (url, env, expected) => {
    expect(readOtlpSettings(url, env).url.href).toBe(expected);
  });
});

describe('the settings of OpenTelemetry', () => {
  it('are five seconds, and histograms with bounds, where nothing is set', () => {
    expect(readOtlpSettings(undefined, {})).toMatchObject({
      intervalMs: 5000,
      timeoutMs: 5000,
      histograms: 'explicit_bucket_histogram',
    });
  });

  it('are read from its variables; a timeout is left to the exporter', () => {
    const env = {
      OTEL_METRIC_EXPORT_INTERVAL: '250',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'BASE2_EXPONENTIAL_BUCKET_HISTOGRAM',
    };
    expect(readOtlpSettings(undefined, env)).toMatchObject({
      intervalMs: 250,
      timeoutMs: undefined,
      histograms: 'base2_exponential_bucket_histogram',
    });
  });

  test.each([
    ['localhost:4318', {}, '--otlp: localhost:4318 is not a URL of HTTP.'],
    ['chat.yaml', {}, '--otlp: chat.yaml is not a URL of HTTP.'],
    [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: collector is not'],
    [undefined, { OTEL_METRIC_EXPORT_INTERVAL: '5s' }, 'OTEL_METRIC_EXPORT_INTERVAL: 5s is not a number'],
    [
      undefined,
      { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'summary' },
      'there are no histograms called summary',
    ],
  ])('%s with %j is a mistake', (url, env, message) => {
    expect(() => readOtlpSettings(url, env)).toThrow(message);
  });
});
