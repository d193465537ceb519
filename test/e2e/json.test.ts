import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReportFolder, type RunReport, swarm } from './swarm.js';

/** A server of JSON lines; `hear` gets each value with its own text, and what writes a value to that client, or text as it is. */
async function jsonServer(
  hear: (value: Record<string, unknown>, text: string, say: (value: object | string) => void, all: Set<Socket>) => void,
): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let rest = '';
    sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      const say = (value: object | string) =>
        socket.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
      for (const line of lines) hear(JSON.parse(line), line, say, sockets);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function play(scenario: string): Promise<{ code: number | null; output: string; report: RunReport }> {
  using folder = new ReportFolder();
  using reports = new ReportFolder();
  writeFileSync(join(folder.path, 'scenario.yaml'), scenario);
  const { code, stdout, stderr } = await swarm([
    'run',
    join(folder.path, 'scenario.yaml'),
    '--workers',
    '1',
    '--no-tui',
    '--out',
    reports.path,
  ]);
  return { code, output: stdout + stderr, report: reports.read() };
}

describe('a JSON protocol', () => {
  it('is played: logins, replies out of order told apart by a pointer, pushes answered, broadcasts found', async () => {
    const logins: string[] = [];
    const pongs: unknown[] = [];
    let asked: { reply: () => void }[] = [];
    const { server, port } = await jsonServer((value, text, say, all) => {
      switch (value.type) {
        case 'login':
          logins.push(text);
          say({ type: 'notice', text: 'nobody asked for this' });
          // Beyond what a double keeps.
          say(`{"type":"welcome","ok":true,"player":{"id":900719925474099${logins.length % 10}}}`);
          say({ type: 'ping', nonce: logins.length });
          break;
        case 'pong':
          pongs.push(value.nonce);
          break;
        case 'ask':
          // Answers two at a time, the second first.
          asked.push({ reply: () => say({ type: 'answer', seq: value.seq, to: value.player }) });
          if (asked.length === 2) {
            for (const { reply } of asked.reverse()) reply();
            asked = [];
          }
          break;
        case 'quick':
          say({ type: 'quickened' });
          break;
        case 'slow':
          // Others that were asked later are answered meanwhile.
          setTimeout(() => say({ type: 'slowed' }), 100);
          break;
        case 'chat':
          for (const socket of all) socket.write(`${JSON.stringify({ type: 'said', text: value.text })}\n`);
      }
    });
    const { code, output } = await play(`target: 127.0.0.1:${port}
protocol: { framing: line, packets: json }
load: { clients: 2, duration: 2s }
clients:
  talker:
    start:
      - send: { type: login, name: 'b"t \${client.index}', index: '\${client.index}', big: '\${9007199254740993}', list: [1.5, ~, true, '\${client.kind}'] }
        expect:
          match: { /type: welcome, /ok: true }
          save: { player: '\${reply.at("/player/id")}' }
          check: { digits: '\${reply.at("/player/id") > 9007199254740989}', absent: '\${!reply.has("/error")}' }
    every:
      - interval: 50ms
        send: { type: ask, seq: '\${send.index}', player: '\${saved.player}' }
        expect:
          match: { /type: answer }
          where: { /seq: '\${send.index}', /to: '\${saved.player}' }
      - { interval: 150ms, send: { type: slow }, expect: { /type: slowed } }
      - { interval: 30ms, send: { type: quick }, expect: { /type: quickened } }
      - { interval: 200ms, send: { type: chat, text: 'hi \${stamp}' }, broadcast: { packet: json, guard: 100ms } }
    on:
      - match: { /type: ping }
        steps: [{ send: { type: pong, nonce: '\${reply.at("/nonce")}', all: '\${reply.at("")}' } }]
thresholds:
  checks: ['rate==1']
  errors: ['rate==0']
  'response_time{step:talker.every[0]}': ['max<10000']
  broadcast_time: ['max<10000']
  protocol_errors: ['count==0']
`);
    server.close();
    expect(output).toContain('✓');
    expect(code, output).toBe(0);
    expect(logins.toSorted()[0]).toBe(
      '{"type":"login","name":"b\\"t 0","index":0,"big":9007199254740993,"list":[1.5,null,true,"talker"]}',
    );
    expect(pongs.toSorted()).toEqual([1, 2]);
  });

  it('counts what is no JSON that it reads under its name, and goes on', async () => {
    const hostile = [
      '{"type":',
      '\u0000',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      '{"a":1,"a":2}',
      '{"__proto__":{"ok":true}}',
      '"\ud83d"',
      '1 2',
      '',
    ];
    const { server, port } = await jsonServer((value, _text, say) => {
      const bad = hostile[Number(value.n) % hostile.length]!;
      say(bad);
      say({ type: 'sound' });
    });
    const { code, output } = await play(`target: 127.0.0.1:${port}
protocol: { framing: { delimiter: "\\n", maxPacketSize: 300000 }, packets: json }
load: { clients: 1, duration: 1s }
clients:
  victim:
    loop:
      - send: { n: '\${send.index}' }
        expect: { match: { /type: sound }, check: { unspoilt: '\${!reply.has("/ok")}' } }
      - pause: 10ms
thresholds:
  checks: ['rate==1']
  timeouts: ['count==0']
  'protocol_errors{code:bad-json}': ['count>0']
  'protocol_errors{code:too-deep}': ['count>0']
  'protocol_errors{code:bad-key}': ['count>0']
`);
    server.close();
    expect(code, output).toBe(0);
  });

  it('is not read where nobody looks at it', async () => {
    const { server, port } = await jsonServer((_value, _text, say) => say('{'));
    const { code, output } = await play(`target: 127.0.0.1:${port}
protocol: { framing: line, packets: json }
load: { clients: 1, duration: 500ms }
clients:
  one:
    every: [{ interval: 20ms, send: { n: 1 } }]
thresholds: { protocol_errors: ['count==0'], packets_received: ['count>0'] }
`);
    server.close();
    expect(code, output).toBe(0);
  });

  it('says which pointer found nothing', async () => {
    const { server, port } = await jsonServer((_value, _text, say) => say({ type: 'welcome' }));
    const { report } = await play(`target: 127.0.0.1:${port}
protocol: { framing: line, packets: json }
load: { clients: 1, duration: 500ms }
clients:
  one:
    start:
      - { send: 1, expect: { match: any, save: { id: '\${reply.at("/player/id")}' } } }
`);
    server.close();
    expect(JSON.stringify(report)).toContain('there is nothing at \\"/player/id\\" in the reply');
  });
});
