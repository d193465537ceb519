import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { childrenOf, peakMegabytes } from '../support/processes.js';
import { ReportFolder, type RunReport, SwarmProcess, swarm } from './swarm.js';

const hostileTarget = fileURLToPath(new URL('./hostile-target.mjs', import.meta.url));

/** Sends a packet, and answers nothing; the server's packet has the id 1. */
const scenario = `target: 127.0.0.1:1
protocol: { packets: { definitions: { S_Noise: { id: 1, fields: { text: { bytes: rest } } }, C_Hello: { id: 2, fields: { n: u32 } } } } }
load: { clients: 10, duration: 1s, connectTimeout: 500ms, gracefulStop: 200ms }
clients:
  patient:
    loop: [ { send: C_Hello, with: { n: 1 } }, { pause: 50ms } ]
`;

/** A server that does this to each connection. */
class RudeServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(treat: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      treat(socket);
    });
  }

  static async start(treat: (socket: Socket) => void): Promise<RudeServer> {
    const rude = new RudeServer(treat);
    await rude.listen(0);
    return rude;
  }

  async listen(port: number): Promise<void> {
    await once(this.#server.listen(port, '127.0.0.1'), 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Everybody who is connected loses the connection, and nobody gets another. */
  async die(): Promise<void> {
    const closed = once(this.#server.close(), 'close');
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.die();
  }
}

/** The same in a process of its own. */
class HostileProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(mode: 'flood' | 'deaf'): Promise<HostileProcess> {
    const child = spawn(process.execPath, [hostileTarget, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string];
    return new HostileProcess(child, Number(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

/** A scenario against a port, and the reports of its runs; gone when the test is over. */
class HostileRun implements Disposable {
  readonly #folder = new ReportFolder();
  readonly args: readonly string[];

  constructor(port: number, ...options: string[]) {
    const file = join(this.#folder.path, 'scenario.yaml');
    writeFileSync(file, scenario);
    const target = ['--target', `127.0.0.1:${port}`, '--workers', '1', ...options];
    this.args = ['run', file, ...target, '--json', '--out', this.#folder.path];
  }

  /** Of a run that has ended and printed its report; also whether that is in its folder. */
  static reportOf({ stdout }: { stdout: string }): RunReport & Generator {
    return JSON.parse(stdout) as RunReport & Generator;
  }

  get reports(): readonly string[] {
    return readdirSync(this.#folder.path).filter((name) => name.startsWith('scenario-'));
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

interface Generator {
  readonly generator: { readonly verdict: string; readonly reasons: readonly { readonly sentence: string }[] };
}

function totalsBy(report: RunReport, metric: string, tag: string): Record<string, number> {
  const { series = [] } = report.totals.wholeRun.counters[metric] ?? {};
  return Object.fromEntries(series.map(({ tags, value }) => [tags[tag], value]));
}

describe('a target that treats its clients badly: each failure has its name, and there is a report', () => {
  it('closes some at once, resets some, and answers others with rubbish: 121', async () => {
    const treatments: readonly ((socket: Socket) => void)[] = [
      (socket) => socket.end(),
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      (socket) => socket.resume().write(Buffer.alloc(1000)),
    ];
    let accepted = 0;
    await using server = await RudeServer.start((socket) => treatments[accepted++ % 3]!(socket));
    using run = new HostileRun(server.port);
    const { code, stdout, stderr } = await swarm(run.args);
    expect({ code, stderr }).toEqual({ code: 121, stderr: '' });
    const report = HostileRun.reportOf({ stdout });
    expect(totalsBy(report, 'disconnects', 'cause')).toEqual({ remote: 4, reset: 3, protocol: 3 });
    expect(totalsBy(report, 'protocol_errors', 'code')).toEqual({ 'size-below-header': 3 });
    expect(report.events.map(({ kind }) => kind)).toEqual(['targetLost']);
    expect(run.reports).toHaveLength(1);
  });

  it('never accepts, and its backlog is full: every connect times out, 120', async () => {
    await using server = await HostileProcess.start('deaf');
    // How many the kernel takes beyond a backlog of one is its own affair.
    const others = Array.from({ length: 4 }, () => connect(server.port, '127.0.0.1').on('error', () => {}));
    await once(others[0]!, 'connect');
    using run = new HostileRun(server.port);
    const { code, stdout } = await swarm(run.args);
    for (const other of others) other.destroy();
    expect(code).toBe(120);
    const report = HostileRun.reportOf({ stdout });
    expect(totalsBy(report, 'connect_failures', 'code')).toEqual({ ETIMEDOUT: 10 });
    expect(report.events.map(({ kind }) => kind)).toEqual(['targetUnreachable']);
    expect(run.reports).toHaveLength(1);
  });

  it('dies and returns: clients that reconnect are there again, and the failures between are counted', async () => {
    let accepted = 0;
    await using server = await RudeServer.start((socket) => {
      socket.resume();
      accepted++;
    });
    const reconnect = 'clients.patient.reconnect={ after: 100ms, max: 200ms }';
    using run = new HostileRun(server.port, '--duration', '4s', '--set', reconnect);
    const { port } = server;
    const process = new SwarmProcess(run.args);
    await expect.poll(() => accepted, { timeout: 30_000 }).toBe(10);
    await server.die();
    await sleep(300);
    await server.listen(port);
    const { code } = await process.exited;
    expect({ code, stderr: process.stderr }).toEqual({ code: 0, stderr: '' });
    const report = HostileRun.reportOf(process);
    expect(report.totals.wholeRun.counters.connects?.total).toBe(20);
    expect(totalsBy(report, 'connect_failures', 'code').ECONNREFUSED).toBeGreaterThan(0);
    const { planned, ...lost } = totalsBy(report, 'disconnects', 'cause');
    expect(planned).toBe(10);
    expect(Object.values(lost).reduce((sum, count) => sum + count, 0)).toBe(10);
  });

  it('floods its clients with all that they can read: memory stays bounded, and Ctrl-C answers', async () => {
    await using server = await HostileProcess.start('flood');
    const patience = ['--set', 'load.connectTimeout=60s'];
    using run = new HostileRun(server.port, '--clients', '10', '--duration', '5m', ...patience);
    const process = new SwarmProcess(run.args.filter((arg) => arg !== '--json'));
    await process.until(/(received [1-9][\s\S]*){3}/);
    const worker = childrenOf(process.pid).find(({ command }) => command.includes('worker/main.js'))!;
    const peaks = [process.pid, worker.pid].map(peakMegabytes);
    process.kill('SIGINT');
    process.kill('SIGINT');
    expect((await process.exited).code).toBe(105);
    // Null where the system does not tell; never NaN.
    for (const peak of peaks) expect(peak ?? 0).toBeLessThan(300);
    expect(run.reports).toHaveLength(1);
    expect(process.stdout).toMatch(/ S_Noise +0 +\d[\d,]{5,}/);
  }, 180_000);
});
