import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { formatEndPoint } from '../core/index.js';
import { preferredFormat } from './accept.js';
import { contentTypes, exposition } from './exposition.js';
import { familiesOf } from './families.js';
import type { Source } from './source.js';

export interface PrometheusOptions extends Source {
  readonly host: string;
  /** 0: the system chooses one that is free. */
  readonly port: number;
}

/** The end point that Prometheus scrapes: `GET /metrics`. What a scrape finds is made when it comes. */
export class PrometheusEndPoint {
  /** Where the metrics are. */
  readonly url: string;
  /** Whether anyone has scraped so far. */
  scraped = false;
  readonly #server: Server;
  readonly #options: PrometheusOptions;
  #onScraped: () => void = () => {};

  private constructor(server: Server, options: PrometheusOptions) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('an HTTP server without a port');
    this.url = `http://${formatEndPoint({ host: address.address, port: address.port })}/metrics`;
    this.#server = server.on('request', (request, response) => {
      // A scrape that fails must not end the run.
      this.#answer(request, response).catch((error: unknown) => refuse(response, 500, String(error)));
    });
    this.#options = options;
  }

  /** Listens. Rejects with Node's error (`EADDRINUSE`, `EADDRNOTAVAIL`, `ENOTFOUND`, …). */
  static open(options: PrometheusOptions): Promise<PrometheusEndPoint> {
    const { host, port } = options;
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.listen({ host, port }, () => resolve(new PrometheusEndPoint(server, options)));
      // For good: an accept that fails later, for want of descriptors, must not end the run.
      server.on('error', reject);
    });
  }

  /** Resolves once a scrape that begins from now on was answered, after `limitMs`, or when `signal` aborts. */
  nextScrape(limitMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = this.#options.clock.setTimer(limitMs, end);
      signal.addEventListener('abort', end);
      this.#onScraped = end;
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers } = request;
    if (request.url?.split('?')[0] !== '/metrics') return refuse(response, 404, 'The metrics are at /metrics.');
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(response, 405, 'The metrics are there to be read: GET.');
    }
    const onScraped = this.#onScraped;
    const { info, totals } = this.#options;
    const current = totals();
    const format = preferredFormat(headers.accept);
    const text = await exposition(current === undefined ? [] : familiesOf(current), info, format);
    if (method === 'GET') {
      this.scraped = true;
      response.once('finish', onScraped);
    }
    response.writeHead(200, { 'Content-Type': contentTypes[format] }).end(text);
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}
