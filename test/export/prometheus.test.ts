import { describe, expect, it } from 'vitest';
import { PrometheusEndPoint } from '../../src/export/prometheus.js';
import { ManualClock } from '../support/manual-clock.js';
import { sampleTotals } from './sample-run.js';
import { parseExposition } from './strict-parser.js';

class OpenEndPoint implements Disposable {
  readonly clock: ManualClock;
  readonly endPoint: PrometheusEndPoint;

  private constructor(endPoint: PrometheusEndPoint, clock: ManualClock) {
    this.endPoint = endPoint;
    this.clock = clock;
  }

  static async open(host = '127.0.0.1'): Promise<OpenEndPoint> {
    const clock = new ManualClock();
    const totals = sampleTotals();
    const info = { scenario: 'Chat room', version: '1.2.3' };
    const endPoint = await PrometheusEndPoint.open({ host, port: 0, info, totals: () => totals, clock });
    return new OpenEndPoint(endPoint, clock);
  }

  [Symbol.dispose](): void {
    this.endPoint.close();
  }
}

describe('the end point for Prometheus', () => {
  it.each(['127.0.0.1', '::1'])('on %s says where it is, and answers there', async (host) => {
    using open = await OpenEndPoint.open(host);
    const response = await fetch(open.endPoint.url);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = parseExposition(await response.text(), 'text');
    expect(families.get('swarm_clients')?.samples[0]?.value).toBe(4);
  });

  it('gives the same names to one scraper after the other, whatever they read', async () => {
    using open = await OpenEndPoint.open();
    for (const accept of ['text/plain', 'application/openmetrics-text', 'text/plain']) {
      const response = await fetch(open.endPoint.url, { headers: { accept } });
      const format = accept === 'text/plain' ? 'text' : 'openmetrics';
      const families = parseExposition(await response.text(), format);
      expect(families.get('swarm_clients')?.samples).toHaveLength(1);
    }
  });

  it('takes nothing but a GET of /metrics', async () => {
    using open = await OpenEndPoint.open();
    const { url } = open.endPoint;
    const elsewhere = await fetch(new URL('/', url));
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, 'The metrics are at /metrics.\n']);
    const posted = await fetch(url, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    expect(open.endPoint.scraped).toBe(false);
  });

  it('waits for the next scrape', async () => {
    using open = await OpenEndPoint.open();
    const scraped = open.endPoint.nextScrape(60_000, new AbortController().signal);
    await (await fetch(open.endPoint.url)).text();
    await scraped;
    expect(open.endPoint.scraped).toBe(true);
    expect(open.clock.waiting).toBe(0);
  });

  it('waits for it no longer than it is told, nor when it is told to stop', async () => {
    using open = await OpenEndPoint.open();
    const late = open.endPoint.nextScrape(60_000, new AbortController().signal);
    open.clock.advance(60_000);
    await late;
    const stop = new AbortController();
    const stopped = open.endPoint.nextScrape(60_000, stop.signal);
    stop.abort();
    await stopped;
    expect(open.clock.waiting).toBe(0);
  });
});
