import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { SocketFolder } from '../support/sockets.js';
import { ReportFolder, type RunReport, serve, swarm } from './swarm.js';

// What README's "What failures look like" says, played.

const folder = new SocketFolder();
afterAll(() => folder[Symbol.dispose]());

const clients = 4;

const scenario = (script: string): string => `
target: embedded:echo
protocol: { packets: { definitions: { Echo: { id: 1, fields: { n: u32, words: string } } } } }
load: { clients: ${clients}, duration: 1s, gracefulStop: 1500ms }
clients: { caller: { ${script} } }
`;
const call = `send: Echo, with: { n: '\${send.index}', words: sixteen letters! }, expect: { packet: Echo, where: { n: '\${send.index}' }, timeout: 1s }`;

/** Twenty packets a second and client, whatever comes of them; and the next packet when the reply to the one before is there. */
writeFileSync(folder.path('open.yaml'), scenario(`every: [ { rate: 20/s, ${call} } ]`));
writeFileSync(folder.path('closed.yaml'), scenario(`loop: [ { ${call} }, { pause: 10ms } ]`));

/** A run, as its command and its report tell of it. */
class Played {
  readonly code: number | null;
  readonly output: string;
  readonly report: RunReport;

  constructor(code: number | null, output: string, report: RunReport) {
    this.code = code;
    this.output = output;
    this.report = report;
  }

  /** A counter of the whole run. */
  count(metric: string): number {
    return this.report.totals.wholeRun.counters[metric]?.total ?? 0;
  }

  /** A counter by a tag of its own: `{ reset: 4 }`. */
  countBy(metric: string, tag: string): Readonly<Record<string, number>> {
    const { series = [] } = this.report.totals.wholeRun.counters[metric] ?? {};
    return Object.fromEntries(series.filter(({ value }) => value > 0).map(({ tags, value }) => [tags[tag]!, value]));
  }

  /** Packets that nothing ever answered: on a slow machine a reply may be late without a fault. */
  get unanswered(): number {
    return this.count('timeouts') - this.count('late_replies');
  }
}

async function run(options: readonly string[]): Promise<Played> {
  using reports = new ReportFolder();
  const { code, stdout, stderr } = await swarm(['run', ...options, '--out', reports.path, '--quiet', '--workers', '1']);
  return new Played(code, stdout.replaceAll(/\s+/g, ' ') + stderr, reports.read());
}

/** A run against the embedded server, which misbehaves so; `struck`: how often, as the server counted. */
async function play(
  loop: 'open' | 'closed',
  fault: string,
  options: readonly string[] = [],
): Promise<{ played: Played; struck: number }> {
  const played = await run([folder.path(`${loop}.yaml`), '--set', `serverFaults=["${fault}"]`, ...options]);
  return { played, struck: played.report.server?.faults[fault.split(' ')[0]!] ?? 0 };
}

/** Ends long before, once nobody is left. */
const untilLost = ['--duration', '1m'];

describe.concurrent('a server that', () => {
  it('is late makes times long, and nothing fails', async () => {
    const { played, struck } = await play('open', 'delay 100ms');
    expect(played.code, played.output).toBe(0);
    expect(struck).toBe(played.count('packets_sent'));
    expect(played.count('packets_received')).toBe(struck);
    expect(played.unanswered).toBe(0);
    expect(played.report.totals.wholeRun.trends.response_time?.merged[0]?.min).toBeGreaterThanOrEqual(100);
  });

  it('stalls makes some times long, and nothing is lost', async () => {
    const { played, struck } = await play('open', 'stall 300ms every 600ms');
    expect(played.code, played.output).toBe(0);
    expect(struck).toBeGreaterThan(0);
    expect(played.count('packets_received')).toBe(played.count('packets_sent'));
    expect(played.unanswered).toBe(0);
    // Each client has a send due in the first 50 ms of a stall.
    expect(played.report.totals.wholeRun.trends.response_time?.merged[0]?.max.value).toBeGreaterThanOrEqual(250);
  });

  it('loses replies makes as many timeouts', async () => {
    const { played, struck } = await play('open', 'drop 20%');
    expect(played.code, played.output).toBe(0);
    expect(played.output).toContain('caller.every[0]: no reply within 1000 ms');
    expect(struck).toBeGreaterThan(0);
    expect(played.unanswered).toBe(struck);
    expect(played.count('packets_received')).toBe(played.count('packets_sent') - struck);
    expect(played.report.server?.sent.packets).toBe(played.count('packets_received'));
  });

  it('answers with rubbish makes as many protocol errors, and timeouts', async () => {
    const { played, struck } = await play('open', 'rubbish 20%');
    expect(played.code, played.output).toBe(0);
    expect(struck).toBeGreaterThan(0);
    expect(played.count('protocol_errors')).toBe(struck);
    expect(played.unanswered).toBe(struck);
    expect(played.output).toMatch(/protocol (truncated|bad-text|trailing-bytes)/);
    expect(played.count('disconnects')).toBe(clients); // at the end, all of them
  });

  it('sends a size below the header loses the client, with a protocol error', async () => {
    const { played, struck } = await play('closed', 'bad-size 20%', untilLost);
    expect(played.code, played.output).toBe(121);
    expect(struck).toBe(clients);
    expect(played.countBy('protocol_errors', 'code')).toEqual({ 'size-below-header': clients });
    expect(played.countBy('disconnects', 'cause')).toEqual({ protocol: clients });
    expect(played.count('lost_replies')).toBe(clients);
  });

  it('sends a size that no packet has makes timeouts, which say that a packet had begun', async () => {
    const { played, struck } = await play('open', 'bad-size 65535 30%');
    expect(played.code, played.output).toBe(0);
    expect(struck).toBeGreaterThan(0);
    expect(played.count('packets_received')).toBeLessThan(played.count('packets_sent') - struck);
    expect(played.output).toMatch(
      /no reply within 1000 ms; a packet had begun to come, and \d+ bytes of it were there/,
    );
  });

  it.for([
    ['close-after 5', 'remote', 'the server closed the connection'],
    ['reset-after 5', 'reset', 'ECONNRESET'],
  ] as const)('%s loses every client, and a reply of each', async ([fault, cause, words]) => {
    const { played, struck } = await play('closed', fault, untilLost);
    expect(played.code, played.output).toBe(121);
    expect(struck).toBe(clients);
    expect(played.countBy('disconnects', 'cause')).toEqual({ [cause]: clients });
    expect(played.count('packets_received')).toBe(5 * clients);
    expect(played.count('lost_replies')).toBe(clients);
    expect(played.output).toContain(words);
  });

  it('never reads answers nothing', async () => {
    const { played, struck } = await play('open', 'never-read');
    expect(played.code, played.output).toBe(0);
    expect(struck).toBe(clients);
    expect(played.count('packets_received')).toBe(0);
    expect(played.count('timeouts')).toBe(played.count('packets_sent'));
    expect(played.report.server?.received.packets).toBe(0);
  });

  it('accepts slowly makes the first times long: the system has connected them already', async () => {
    const { played, struck } = await play('open', 'accept-slowly 4/s');
    expect(played.code, played.output).toBe(0);
    expect(struck).toBe(clients - 1);
    expect(played.count('connects')).toBe(clients);
    expect(played.unanswered).toBe(0);
    expect(played.report.totals.wholeRun.trends.response_time?.merged[0]?.max.value).toBeGreaterThanOrEqual(500);
  });

  it('dies loses every client, and leaves no totals', async () => {
    const { played } = await play('open', 'die-after 500ms', untilLost);
    expect(played.code, played.output).toBe(121);
    expect(played.report.server).toBeNull();
    expect(played.output).toMatch(/the embedded server \(pid \d+\) ended by itself, with SIGKILL/);
    expect(played.count('disconnects')).toBe(played.count('connects'));
  });

  it('bears fewer connections closes the others at once, and says so', async () => {
    await using server = await serve('echo', ['--port', '0', '--max-connections', '3']);
    const played = await run([folder.path('open.yaml'), '--target', server.target]);
    expect(played.code, played.output).toBe(0);
    expect(played.count('connects')).toBe(clients);
    expect(played.countBy('disconnects', 'cause')).toMatchObject({ planned: 3 });
    const totals = await server.close();
    expect(totals).toMatchObject({ sessions: { accepted: 3 }, limits: { 'max-connections': 1 } });
    expect(server.process.stderr).toBe('swarm serve: dropped at a limit: 1 max-connections\n');
  });
});
