import { randomUUID } from 'node:crypto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { TimerHandle } from '../core/index.js';
import { type Family, familiesOf } from './families.js';
import { resourceMetrics } from './otlp-metrics.js';
import type { OtlpSettings } from './otlp-settings.js';
import type { RunInfo, Source } from './source.js';

export interface OtlpOptions extends Source {
  readonly settings: OtlpSettings;
  /** When the run began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Hears of the first export that failed, and of no other. */
  readonly onFailure: (message: string) => void;
}

/**
 * Sends the totals to a collector of OpenTelemetry, again and again and a last time. The exporter is used without the SDK's reader, which takes
 * only what was recorded value by value through its own instruments.
 */
export class OtlpPush {
  readonly #options: OtlpOptions;
  readonly #exporter: OTLPMetricExporter;
  readonly #resource: Resource;
  readonly #openedUs: number;
  #timer: TimerHandle | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #hasFailed = false;
  #isOver = false;

  constructor(options: OtlpOptions) {
    const { settings, info, clock } = options;
    this.#options = options;
    this.#exporter = new OTLPMetricExporter({
      url: settings.url.href,
      ...(settings.timeoutMs !== undefined && { timeoutMillis: settings.timeoutMs }),
    });
    this.#resource = resourceOf(info);
    this.#openedUs = clock.nowUs();
    this.#wait();
  }

  /** Sends what the totals have come to, and waits until that was taken or has failed, which the timeout of an export bounds. */
  async finish(): Promise<void> {
    this.#end();
    await Promise.all([this.#underWay, this.#send()]);
  }

  /** Sends no more. */
  close(): void {
    this.#end();
    void this.#exporter.shutdown();
  }

  #end(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  /** The interval runs from the end of one export to the next: a slow collector is not sent several at once. */
  #wait(): void {
    this.#timer = this.#options.clock.setTimer(this.#options.settings.intervalMs, () => {
      this.#underWay = this.#send().then(() => {
        if (!this.#isOver) this.#wait();
      });
    });
  }

  /** Never rejects: what goes wrong here must not end the run. */
  async #send(): Promise<void> {
    try {
      const totals = this.#options.totals();
      const families = totals === undefined ? [] : familiesOf(totals);
      if (families.length > 0) await this.#export(this.#metricsOf(families));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #metricsOf(families: readonly Family[]): ResourceMetrics {
    const { info, settings, startedAtMs, clock } = this.#options;
    return resourceMetrics(families, {
      resource: this.#resource,
      version: info.version,
      histograms: settings.histograms,
      fromMs: startedAtMs,
      toMs: startedAtMs + (clock.nowUs() - this.#openedUs) / 1000,
    });
  }

  #export(metrics: ResourceMetrics): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#exporter.export(metrics, ({ code, error }) =>
        code === exportSucceeded ? resolve() : reject(error ?? new Error('for a reason unknown')),
      ),
    );
  }

  #fail(error: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const { url } = this.#options.settings;
    // 4317 is where collectors listen for OTLP over gRPC.
    const cure = url.port === '4317' ? '; over HTTP, collectors listen on 4318' : '';
    this.#options.onFailure(
      `--otlp: ${url.origin}${url.pathname} did not take the metrics (${causeOf(error)})${cure}; the run is not touched by it`,
    );
  }
}

/** `ExportResultCode.SUCCESS` of @opentelemetry/core, which nothing else here needs. */
const exportSucceeded = 0;

/** `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` have the last word. Each run is an instance of its own: its sums begin at 0. */
function resourceOf({ scenario, version }: RunInfo): Resource {
  return defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': 'swarm',
        'service.version': version,
        'service.instance.id': randomUUID(),
        'swarm.scenario': scenario,
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
}

/** A name with several addresses fails with one error for each, and without words of its own; what a collector answered has its status for a code. */
function causeOf(error: Error & { readonly code?: unknown }): string {
  if (error instanceof AggregateError) return error.errors.map((each) => causeOf(each as Error)).join(', ');
  return typeof error.code === 'number' ? `HTTP ${error.code} ${error.message}`.trim() : error.message;
}
