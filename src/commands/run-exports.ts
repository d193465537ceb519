import { systemClock } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { loadOptional } from '../export/optional.js';
import type { OtlpPush } from '../export/otlp.js';
import { type OtlpSettings, readOtlpSettings } from '../export/otlp-settings.js';
import type { PrometheusEndPoint } from '../export/prometheus.js';
import type { Totals } from '../metrics/totals.js';
import { formatDuration, parseDuration } from '../scenario/quantities.js';
import { toolVersion } from '../version.js';
import { readOption } from './read-option.js';

/** The options of `swarm run` that let others watch it. */
export interface ExportOptions {
  /** `PORT` or `HOST:PORT`. */
  readonly prometheus?: string;
  readonly prometheusLinger: string;
  /** A URL, or true where OpenTelemetry's variables say where to. */
  readonly otlp?: string | true;
}

interface ExportedRun {
  readonly scenario: string;
  readonly startedAt: string;
  /** Hears what the user is to know: where the metrics are, and that they could not be sent. */
  readonly say: (message: string) => void;
}

/** The exports of one run: read once, opened before the run and closed after it. */
export class RunExports {
  readonly #where: HostAndPort | undefined;
  readonly #lingerMs: number;
  readonly #otlp: OtlpSettings | undefined;
  #say: ExportedRun['say'] = () => {};
  #totals: Totals | undefined;
  #endPoint: PrometheusEndPoint | undefined;
  #push: OtlpPush | undefined;

  /** @throws SwarmError `prometheus-invalid`, `otlp-invalid` or `quantity-invalid`. */
  constructor({ prometheus, prometheusLinger, otlp }: ExportOptions, env: NodeJS.ProcessEnv) {
    this.#where = prometheus === undefined ? undefined : parseHostAndPort(prometheus);
    this.#lingerMs = readOption(`--prometheus-linger ${prometheusLinger}`, () => parseDuration(prometheusLinger));
    this.#otlp = otlp === undefined ? undefined : readOtlpSettings(otlp === true ? undefined : otlp, env);
  }

  /** @throws SwarmError `package-missing` or `prometheus-address`. */
  async open({ scenario, startedAt, say }: ExportedRun): Promise<void> {
    this.#say = say;
    const source = { info: { scenario, version: toolVersion }, totals: () => this.#totals, clock: systemClock };
    if (this.#otlp !== undefined) {
      const { OtlpPush } = await loadOptional('--otlp', () => import('../export/otlp.js'));
      this.#push = new OtlpPush({
        ...source,
        settings: this.#otlp,
        startedAtMs: Date.parse(startedAt),
        onFailure: (message) => say(`warning: ${message}`),
      });
    }
    if (this.#where !== undefined) {
      const { PrometheusEndPoint } = await loadOptional('--prometheus', () => import('../export/prometheus.js'));
      this.#endPoint = await PrometheusEndPoint.open({ ...source, ...this.#where }).catch((error: Error) => {
        throw cannotListen(error);
      });
      say(`metrics for Prometheus: ${this.#endPoint.url}`);
    }
  }

  /** Every progress of a run has the same totals, which grow. */
  follow(totals: Totals): void {
    this.#totals = totals;
  }

  /** The run is over: hands out its last numbers, to a scraper that was there before too; until `signal` aborts. */
  async finish(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#push?.finish(), this.#lastScrape(signal)]);
  }

  async #lastScrape(signal: AbortSignal): Promise<void> {
    if (!this.#endPoint?.scraped || this.#lingerMs === 0 || signal.aborted) return;
    this.#say(`waiting up to ${formatDuration(this.#lingerMs)} for a last scrape; Ctrl-C ends it`);
    await this.#endPoint.nextScrape(this.#lingerMs, signal);
  }

  close(): void {
    this.#push?.close();
    this.#endPoint?.close();
  }
}

interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

function parseHostAndPort(text: string): HostAndPort {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]@]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match !== null && port <= 65_535) return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
  throw new SwarmError('prometheus-invalid', `--prometheus ${text}: neither a port nor host:port.`, {
    hint: 'Write 9464, 0.0.0.0:9464 or [::1]:9464; with port 0 the system chooses a free one.',
  });
}

function cannotListen(error: NodeJS.ErrnoException): SwarmError {
  const hint =
    error.code === 'EADDRINUSE'
      ? 'Name another port; with 0 the system chooses a free one.'
      : 'Name an address that this machine has, and a port that you may listen on.';
  return new SwarmError('prometheus-address', `--prometheus: ${error.message}.`, { hint, cause: error });
}
