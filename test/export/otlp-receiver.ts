import { createServer, type IncomingMessage, type Server } from 'node:http';

/** One export, as much of its JSON as the tests read (opentelemetry-proto, metrics/v1). */
export interface ReceivedExport {
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly metrics: readonly ReceivedMetric[];
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly ReceivedPoint[]; readonly isMonotonic: boolean };
  readonly histogram?: { readonly dataPoints: readonly ReceivedPoint[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly ReceivedPoint[] };
}

export interface ReceivedPoint {
  readonly attributes: readonly KeyValue[];
  readonly asInt?: string | number;
  readonly count?: string | number;
  readonly bucketCounts?: readonly (string | number)[];
  readonly explicitBounds?: readonly number[];
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A collector that keeps what it is sent, and answers each export with `status`. */
export class OtlpReceiver implements AsyncDisposable {
  readonly exports: ReceivedExport[] = [];
  readonly #server: Server;
  readonly #waiting: (() => void)[] = [];

  private constructor(status: number) {
    this.#server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      this.exports.push(readExport(request, body));
      response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  static async start(status = 200): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(status);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  /** Resolves once there were so many exports. */
  async received(count: number): Promise<void> {
    while (this.exports.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function readExport({ headers, url = '' }: IncomingMessage, body: string): ReceivedExport {
  const { resourceMetrics } = JSON.parse(body) as {
    resourceMetrics: { resource: { attributes: KeyValue[] }; scopeMetrics: { metrics: ReceivedMetric[] }[] }[];
  };
  const [{ resource, scopeMetrics } = { resource: { attributes: [] }, scopeMetrics: [] }] = resourceMetrics;
  return {
    headers,
    path: url,
    resource: Object.fromEntries(resource.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    metrics: scopeMetrics.flatMap(({ metrics }) => metrics),
  };
}
