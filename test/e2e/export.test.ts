import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OtlpReceiver, type ReceivedExport } from '../export/otlp-receiver.js';
import { type ParsedFamily, parseExposition } from '../export/strict-parser.js';
import { ReportFolder, type RunReport, SwarmProcess, swarm } from './swarm.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const quickstart = ['run', 'quickstart', '--clients', '20', '--duration', '3s', '--set', 'load.warmup=1s'];
const echo = [
  'run',
  'echo',
  '--target',
  'embedded:echo',
  '--clients',
  '5',
  '--duration',
  '1s',
  '--set',
  'load.warmup=0s',
];

/** What the report has of counters, by name, all series together. */
function countersOf(report: RunReport): Record<string, number> {
  const { counters } = report.totals.wholeRun;
  return Object.fromEntries(Object.entries(counters).map(([name, { total }]) => [name, total]));
}

async function scrape(url: string, accept = 'text/plain') {
  const response = await fetch(url, { headers: { Accept: accept } });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

function sum(family: ParsedFamily | undefined, suffix = ''): number {
  const samples = family?.samples.filter(({ name }) => name.endsWith(suffix)) ?? [];
  return samples.reduce((total, { value }) => total + value, 0);
}

describe('swarm run --prometheus', () => {
  it('is scraped while it runs, and once more when it is over: then by the numbers of the report', async () => {
    using reports = new ReportFolder();
    const exported = ['--prometheus', '0', '--prometheus-linger', '1h', '--workers', '2'];
    const run = new SwarmProcess([...quickstart, ...exported, '--out', reports.path]);
    const [, url] = await run.until(/(http:\/\/127\.0\.0\.1:\d+\/metrics)/);
    await run.until(/ running /);
    const during = parseExposition((await scrape(url!)).text, 'text');
    expect(sum(during.get('swarm_clients'))).toBeGreaterThan(0);

    await run.until(/waiting up to 1h for a last scrape/);
    const { type, text } = await scrape(url!, 'application/openmetrics-text');
    expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect((await run.exited).code, run.stderr).toBe(0);

    const report = reports.read();
    const families = parseExposition(text, 'openmetrics');
    const counters = countersOf(report);
    for (const [name, total] of Object.entries(counters)) {
      const unit = name.includes('data_') ? '_bytes' : '';
      expect([name, sum(families.get(`swarm_${name}${unit}`))]).toEqual([name, total]);
    }
    expect(counters.data_sent).toBeGreaterThan(0);
    const { errors, broadcast_reach: reach } = report.totals.wholeRun.rates;
    expect(sum(families.get('swarm_attempts'))).toBe(errors?.total);
    expect(sum(families.get('swarm_broadcast_copies_received'))).toBe(reach?.hits);
    expect(sum(families.get('swarm_broadcast_time_seconds'), '_count')).toBe(counters.packets_received);
  });

  it('waits for nobody where nobody has scraped', async () => {
    using reports = new ReportFolder();
    const exported = ['--prometheus', '0', '--prometheus-linger', '1h'];
    const { code, stderr } = await swarm([...echo, ...exported, '--out', reports.path]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^metrics for Prometheus: http:\S+\/metrics\n$/);
  });

  it('waits no longer after Ctrl-C', async () => {
    using reports = new ReportFolder();
    const exported = ['--prometheus', '0', '--prometheus-linger', '1h'];
    const run = new SwarmProcess([...echo, ...exported, '--out', reports.path]);
    const [, url] = await run.until(/(http:\S+\/metrics)/);
    await scrape(url!);
    await run.until(/waiting up to 1h/);
    run.kill('SIGINT');
    expect((await run.exited).code).toBe(0);
    expect(reports.read().outcome.name).toBe('ok');
  });
});

describe('swarm run --otlp', () => {
  it('sends the totals to where OpenTelemetry’s variables say, the last time by the numbers of the report', async () => {
    using reports = new ReportFolder();
    await using receiver = await OtlpReceiver.start();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-token=secret',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    };
    const { code, stderr } = await swarm([...quickstart, '--otlp', '--out', reports.path], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(receiver.exports.length).toBeGreaterThan(1);
    const last = receiver.exports.at(-1)!;
    expect(last.headers['x-token']).toBe('secret');
    expect(last.resource).toMatchObject({ 'service.name': 'swarm', 'deployment.environment.name': 'test' });
    const counters = countersOf(reports.read());
    expect(Object.keys(counters).length).toBeGreaterThan(4);
    for (const [name, total] of Object.entries(counters)) {
      expect([name, sumOfPoints(last, name)]).toEqual([name, total]);
    }
    const [times] = last.metrics.filter(({ name }) => name === 'swarm.broadcast_time');
    const counted = times?.histogram?.dataPoints.reduce((all, { count }) => all + Number(count), 0);
    expect(counted).toBe(counters.packets_received);
  });

  it('warns once where there is no collector, and is a run like any other', async () => {
    using reports = new ReportFolder();
    const url = await closedUrl();
    const env = { OTEL_METRIC_EXPORT_INTERVAL: '200', OTEL_EXPORTER_OTLP_TIMEOUT: '300' };
    const { code, stderr } = await swarm([...echo, '--otlp', url, '--out', reports.path], { env });
    expect(code).toBe(0);
    expect(stderr).toBe(
      `warning: --otlp: ${url}/v1/metrics did not take the metrics (connect ECONNREFUSED ${new URL(url).host}); the run is not touched by it\n`,
    );
    expect(reports.read().outcome.name).toBe('ok');
  });
});

function sumOfPoints({ metrics }: ReceivedExport, name: string): number | undefined {
  const [metric] = metrics.filter((candidate) => candidate.name === `swarm.${name}`);
  return metric?.sum?.dataPoints.reduce((total, { asInt }) => total + Number(asInt), 0);
}

/** Where something has listened, and nothing does. */
async function closedUrl(): Promise<string> {
  await using receiver = await OtlpReceiver.start();
  return receiver.url;
}

describe('a mistake with an export', () => {
  it('starts nothing, and leaves no folder', async () => {
    using reports = new ReportFolder();
    await using receiver = await OtlpReceiver.start();
    const taken = new URL(receiver.url).port;
    const mistakes = [
      [['--prometheus', '70000'], '--prometheus 70000: neither a port nor host:port.'],
      [['--prometheus', taken], `--prometheus: listen EADDRINUSE: address already in use 127.0.0.1:${taken}.`],
      [['--prometheus', '0', '--prometheus-linger', '5'], 'the duration 5 has no unit'],
      [['--otlp', 'localhost:4318'], '--otlp: localhost:4318 is not a URL of HTTP.'],
    ] as const;
    for (const [args, message] of mistakes) {
      const { code, stdout, stderr } = await swarm([...echo, ...args, '--out', reports.path]);
      expect({ code, stdout }).toEqual({ code: 104, stdout: '' });
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    expect(reports.empty).toBe(true);
  });

  it('is a package that is not installed: the command that cures it is there', async () => {
    using reports = new ReportFolder();
    using bare = new BareInstallation();
    for (const [args, cure] of [
      [['--prometheus', '0'], 'npm install prom-client'],
      [['--otlp'], 'npm install @opentelemetry/api @opentelemetry/exporter-metrics-otlp-http'],
    ] as const) {
      const { code, stdout, stderr } = await swarm([...echo, ...args, '--out', reports.path], { bin: bare.bin });
      expect({ code, stdout }).toEqual({ code: 104, stdout: '' });
      expect(stderr).toContain('which is not installed');
      expect(stderr).toContain(cure);
    }
    expect(reports.empty).toBe(true);
    const { code } = await swarm([...echo, '--quiet', '--out', reports.path], { bin: bare.bin });
    expect(code).toBe(0);
  });
});

/** The built package beside its dependencies, but without those that are optional: as npm installs it. */
class BareInstallation implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'swarm-bare-'));

  constructor() {
    for (const part of ['bin', 'dist', 'package.json', 'scenarios']) {
      cpSync(join(root, part), join(this.#folder, part), { recursive: true });
    }
    const modules = join(this.#folder, 'node_modules');
    mkdirSync(modules);
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (name === 'prom-client' || name === '@opentelemetry') continue;
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
  }

  get bin(): string {
    return join(this.#folder, 'bin/swarm.js');
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
