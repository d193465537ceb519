import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SocketFolder } from '../support/sockets.js';
import { ReportFolder, type RunReport, swarm } from './swarm.js';

const clients = 8;

const packets =
  '<PDL><packet name="C_Ask"><int name="n"></int></packet><packet name="S_Answer"><int name="n"></int></packet></PDL>';

const scenario = (port: number, framing: string, duration: string): string => `
target: 127.0.0.1:${port}
protocol: { packets: packets.xml, framing: ${framing} }
load: { clients: ${clients}, duration: ${duration}, gracefulStop: 100ms }
clients:
  asker:
    start:
      - send: C_Ask
        with: { n: 1 }
        expect: { packet: S_Answer, timeout: 300ms, onTimeout: continue, check: { one: '\${reply.n == 1}' } }
`;

/** A server that answers the first bytes of each connection with the same rubbish; then it listens until the client leaves. */
async function rubbishServer(rubbish: Uint8Array): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // the client that hangs up
    socket.once('data', () => socket.write(rubbish)).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function play(rubbish: Uint8Array, framing: string, duration: string) {
  using reports = new ReportFolder();
  using folder = new SocketFolder();
  await using server = await rubbishServer(rubbish);
  writeFileSync(folder.path('packets.xml'), packets);
  writeFileSync(folder.path('rubbish.yaml'), scenario(server.port, framing, duration));
  const { code, stdout, stderr } = await swarm(['run', folder.path('rubbish.yaml'), '--out', reports.path]);
  return { code, stdout, stderr, report: reports.read() };
}

function total({ totals }: RunReport, metric: string): number {
  return totals.wholeRun.counters[metric]?.total ?? 0;
}

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const sized = (width: number | string): string => `{ lengthFieldLength: ${width}, idOffset: ${width}, idLength: 2 }`;
const varint = '{ lengthFieldLength: varint, idOffset: 0, idLength: 2 }';

describe('a server that talks rubbish does not stop the run, and what was wrong is counted by its name', () => {
  it.each<[string, Uint8Array, string, string]>([
    ['a size of 0', hex('0000 0100'), 'servercore', 'size-below-header'],
    ['a size of 4 GiB', hex('ffffffff 0200'), sized(4), 'packet-too-large'],
    ['a size of 2^63', hex('0000000000000080 0200'), sized(8), 'packet-too-large'],
    ['a varint that never ends', new Uint8Array(1000).fill(0xff), varint, 'bad-length'],
  ])('%s loses each client', async (_name, rubbish, framing, error) => {
    // It ends when nobody is left.
    const { code, stdout, stderr, report } = await play(rubbish, framing, '1m');
    expect({ code, stderr }, stdout).toEqual({ code: 121, stderr: '' });
    expect(stdout).toContain(`protocol ${error}`);
    expect(total(report, 'protocol_errors')).toBe(clients);
    expect(total(report, 'disconnects')).toBe(clients);
  });

  it.each<[string, Uint8Array, string]>([
    ['a packet that nobody has defined', hex('0400 0900'), 'unknown-packet'],
    ['a reply that ends before its fields do', hex('0500 0200 01'), 'truncated'],
  ])('%s loses none', async (_name, rubbish, error) => {
    const { code, stdout, stderr, report } = await play(rubbish, 'servercore', '1s');
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`protocol ${error}`);
    expect(total(report, 'protocol_errors')).toBe(clients);
    expect(total(report, 'timeouts')).toBe(clients);
  });
});
