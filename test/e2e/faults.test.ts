import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SocketFolder } from '../support/sockets.js';
import { ReportFolder, swarm } from './swarm.js';

const scenarios = fileURLToPath(new URL('../../scenarios', import.meta.url));

/** The bundled scenario, five times as fast; how quick the server is, is not the question here. */
function hostileNeighbours(): string {
  const changes = [
    ['packets/chat.pdl.xml', `${scenarios}/packets/chat.pdl.xml`],
    ['duration: 30s', 'duration: 6s'],
    ['from: 10s', 'from: 2s'],
    [': 20s', ': 4s'],
    ['p(95)<500', 'p(95)<5000'],
  ] as const;
  return changes.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`hostile-neighbours.yaml says no more: ${from}`);
      return text.replaceAll(from, to);
    },
    readFileSync(`${scenarios}/hostile-neighbours.yaml`, 'utf8'),
  );
}

/** Runs a scenario that lies elsewhere than the packets which it names. */
function runBundledPackets(scenario: string, reports: ReportFolder) {
  return swarm(['run', scenario, '--root', '/', '--out', reports.path, '--quiet']);
}

describe('faults', () => {
  it('of a few do not bring the reference server to fail the others', async () => {
    using folder = new SocketFolder();
    using reports = new ReportFolder();
    writeFileSync(folder.path('hostile.yaml'), hostileNeighbours());
    const { code, stdout } = await runBundledPackets(folder.path('hostile.yaml'), reports);
    expect(stdout).toMatch(/faults {8}liar: /);
    expect(stdout).toMatch(/ {15}vagrant: [1-9]\d* leaveAtOnce/);
    expect(stdout).toMatch(/during: response time/);
    const { kinds, neighbours } = reports.read().faults!;
    expect(kinds.map(({ client }) => client)).toEqual(['liar', 'fuzzer', 'crawler', 'ghost', 'vagrant']);
    for (const { client, played } of kinds) {
      expect(Math.max(...played.map(({ count }) => count)), client).toBeGreaterThan(0);
    }
    // Times are not judged: a machine may get busy just then. That nobody is refused, dropped or left without an answer holds on any.
    const { periods } = neighbours!;
    expect(periods.map(({ name, failed, disconnects }) => ({ name, failed, disconnects }))).toEqual([
      { name: 'before', failed: 0, disconnects: 0 },
      { name: 'during', failed: 0, disconnects: 0 },
    ]);
    for (const { attempts } of periods) expect(attempts).toBeGreaterThan(0);
    expect(code).toBe(0);
  });

  it('that bring a server down fail the run, and the report says whom they hurt', async () => {
    using folder = new SocketFolder();
    using reports = new ReportFolder();
    const server = spawn(process.execPath, [fileURLToPath(new URL('fragile-server.mjs', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const closed = once(server, 'close');
    try {
      const [port] = (await once(server.stdout, 'data')) as [Buffer];
      writeFileSync(folder.path('bad.yaml'), scenarioAgainst(Number(port.toString())));
      const { code, stdout } = await runBundledPackets(folder.path('bad.yaml'), reports);
      expect(stdout).toMatch(/no client is connected any more/);
      expect(stdout).toMatch(/✗ The faults hurt the other\s+clients:/);
      expect(stdout).toMatch(/\d+ connections were\s+lost\s+while\s+faults\s+were\s+played,\s+0\s+before/);
      const { verdict, periods } = reports.read().faults!.neighbours!;
      expect(verdict).toBe('hurt');
      expect(periods.map(({ name }) => name)).toEqual(['before', 'during']);
      expect(periods[0]).toMatchObject({ failed: 0, disconnects: 0 });
      expect(periods[1]?.disconnects).toBeGreaterThan(0);
      expect(code).toBe(121);
    } finally {
      server.kill();
      await closed;
    }
  });
});

const scenarioAgainst = (port: number): string => `
target: 127.0.0.1:${port}
protocol: { packets: ${scenarios}/packets/echo.pdl.xml }
load: { clients: 40, duration: 20s }
clients:
  player:
    weight: 39
    every:
      - { interval: 200ms, send: Echo, with: { sequence: 1, payload: hello }, expect: Echo }
  vandal:
    every:
      - { interval: 100ms, send: Echo, with: { sequence: 1, payload: hello } }
    faults:
      - wrongSize: { sizes: [0], from: 2s }
thresholds:
  errors: ['rate==0']
`;
