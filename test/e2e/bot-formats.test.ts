import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ReportFolder, type RunReport, swarm } from './swarm.js';

const sourceOf = (bot: string) => fileURLToPath(new URL(`bots/${bot}`, import.meta.url));

/** Plays a bot of bots/ by a scenario without its `load`; the report of a run that went well. */
async function play(bot: string, scenario: string, files: Readonly<Record<string, string>> = {}): Promise<RunReport> {
  using folder = new ReportFolder();
  using reports = new ReportFolder();
  copyFileSync(sourceOf(bot), join(folder.path, 'bot.ts'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder.path, name), content);
  const file = join(folder.path, 'scenario.yaml');
  writeFileSync(file, `${scenario}\nload: { clients: 4, duration: 2s }\n`);
  const { code, stdout, stderr } = await swarm(['run', file, '--workers', '1', '--out', reports.path]);
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  return reports.read();
}

/** The counted copies of broadcasts: those that came, of those that were expected. */
const reachOf = ({ totals }: RunReport) => totals.wholeRun.rates.broadcast_reach;

/** Greets, answers a line in capitals, and hands what begins with `all` to everyone. */
async function lineServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.write('welcome\n');
    createInterface({ input: socket }).on('line', (line) => {
      if (line.startsWith('all ')) for (const other of sockets) other.write(`${line}\n`);
      else socket.write(`${line.toUpperCase()}\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => server.close() };
}

const proto = `syntax = "proto3";
enum MsgId { NONE = 0; SAY = 1; }
message Vec { float x = 1; float y = 2; }
message Say { uint64 id = 1; Vec at = 2; repeated sint32 scores = 3; bytes token = 4; string text = 5; }
`;

const inline = `{
  structs: { Vec: { x: f32, y: f32 } },
  definitions: { Say: { id: 1, fields: {
    id: u64, at: Vec, scores: { array: i16, length: u8 }, token: { bytes: u8 }, text: string } } } }`;

describe('a bot', () => {
  it.each([
    ['inline packets', inline, {}],
    ['protobuf', 'game.proto', { 'game.proto': proto }],
  ])('sends and reads %s: structures, arrays, bytes, whole numbers of 64 bits', async (_what, packets, files) => {
    const scenario = `
target: embedded:echo
protocol: { packets: ${packets} }
clients: { caller: { bot: bot.ts } }
thresholds: { checks: ['rate==1'], timeouts: ['count==0'] }`;
    const report = await play('caller.ts', scenario, files);
    expect(report.totals.wholeRun.counters.packets_received?.total).toBe(12);
    expect(report.totals.wholeRun.rates.checks).toMatchObject({ hits: 64, total: 64 });
  });

  it('sends and reads lines, and has its broadcasts among them measured', async () => {
    using server = await lineServer();
    const scenario = `
target: 127.0.0.1:${server.port}
protocol: { framing: line, packets: text }
clients: { reader: { bot: bot.ts, broadcasts: [{ packet: text, guard: 200ms }] } }
thresholds: { checks: ['rate==1'], broadcast_reach: ['rate==1'] }`;
    const report = await play('reader.ts', scenario);
    expect(report.totals.wholeRun.rates.checks).toMatchObject({ hits: 16, total: 16 });
    expect(reachOf(report)?.total).toBeGreaterThan(0);
  });

  it('has its broadcasts measured, time and reach, also by clients that are no bots', async () => {
    const scenario = `
target: embedded:chat
clients:
  speaker: { bot: bot.ts, broadcasts: [S_Chat] }
  listener: { loop: [{ pause: 100ms }] }
thresholds: { broadcast_reach: ['rate==1'], 'broadcast_time{client:listener}': ['max<60000'] }`;
    const report = await play('speaker.ts', scenario);
    expect(reachOf(report)?.total).toBeGreaterThan(0);
    expect(report.totals.wholeRun.counters.bot_errors?.total ?? 0).toBe(0);
  });
});
