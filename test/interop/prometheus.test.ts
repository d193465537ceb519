import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReportFolder, SwarmProcess } from '../e2e/swarm.js';
import { findProgram, RealServer } from './real-server.js';

const prometheus = findProgram('prometheus');
const promtool = findProgram('promtool');

/** A folder with the configuration of a Prometheus that scrapes `target` every second, and room for what it keeps. */
class Workplace implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'swarm-prometheus-'));

  constructor(target: string) {
    const scrape = { job_name: 'swarm', scrape_interval: '1s', static_configs: [{ targets: [target] }] };
    // JSON is YAML.
    writeFileSync(join(this.path, 'prometheus.yml'), JSON.stringify({ scrape_configs: [scrape] }));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function startPrometheus({ path }: Workplace): Promise<RealServer> {
  return RealServer.start({
    program: prometheus!,
    args: (port) => [
      `--config.file=${join(path, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(path, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    ready: 'Server is ready to receive web requests',
  });
}

/** The number that a query comes to. */
async function ask({ port }: RealServer, query: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1]);
}

describe.runIf(prometheus && promtool)('a real Prometheus', () => {
  it('scrapes a run to its end, and knows then what the report says', async () => {
    using reports = new ReportFolder();
    const exported = ['--prometheus', '0', '--prometheus-linger', '2m', '--out', reports.path];
    const run = new SwarmProcess(['run', 'quickstart', '--clients', '20', '--duration', '3s', ...exported]);
    const [, host] = await run.until(/http:\/\/(\S+)\/metrics/);
    await run.until(/ running /);
    // A first scrape, so that a last one is waited for, however long Prometheus takes to start.
    const metrics = await (await fetch(`http://${host}/metrics`)).text();
    const check = spawnSync(promtool!, ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
    expect({ status: check.status, said: check.stdout + check.stderr }).toEqual({ status: 0, said: '' });

    using workplace = new Workplace(host!);
    await using server = await startPrometheus(workplace);
    expect((await run.exited).code, run.stderr).toBe(0);

    const { counters } = reports.read().totals.wholeRun;
    // The run is gone, and its series are stale: the last that was scraped is asked for.
    expect(await ask(server, 'sum(last_over_time(swarm_packets_sent_total[5m]))')).toBe(counters.packets_sent?.total);
    const received = counters.packets_received?.total;
    expect(await ask(server, 'sum(last_over_time(swarm_packets_received_total[5m]))')).toBe(received);
    expect(await ask(server, 'sum(last_over_time(swarm_broadcast_time_seconds_count[5m]))')).toBe(received);
    const quantile = 'histogram_quantile(0.5, sum by (le) (last_over_time(swarm_broadcast_time_seconds_bucket[5m])))';
    const median = await ask(server, quantile);
    expect(median).toBeGreaterThan(0.02);
    expect(median).toBeLessThan(1);
  });
});
