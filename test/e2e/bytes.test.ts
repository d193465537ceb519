import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

/** Echoes each frame behind a kind of 0x90 and its size, and begins with a greeting. Frames have a u32be of their size. */
async function echoServer() {
  const heard: string[] = [];
  const frame = (body: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    return Buffer.concat([head, body]);
  };
  const server = createServer((socket) => {
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.write(frame(Buffer.from('99aabb', 'hex')));
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
        const body = rest.subarray(4, 4 + rest.readUInt32BE(0));
        rest = rest.subarray(4 + body.length);
        heard.push(body.toString('hex'));
        socket.write(frame(Buffer.concat([Buffer.from([0x90, body.length]), body])));
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, heard, port: (server.address() as AddressInfo).port };
}

it('a protocol of bytes is played: sent in every spelling, waited for by patterns, read by offsets, answered', async () => {
  const { server, heard, port } = await echoServer();
  using folder = new ReportFolder();
  using reports = new ReportFolder();
  writeFileSync(join(folder.path, 'ping.bin'), Buffer.from('00ff10', 'hex'));
  writeFileSync(
    join(folder.path, 'scenario.yaml'),
    `target: 127.0.0.1:${port}
protocol: { framing: u32be, packets: bytes }
load: { clients: 1, duration: 1s }
clients:
  one:
    on:
      - match: { hex: '99 ?? *' }
        steps: [{ send: '\${reply.slice(1, 3)}' }]
    start:
      - { send: { hex: '0a 0b' }, expect: { hex: '90 02 ?a 0?' } }
      - { send: { base64: 'Cgs=' }, expect: [{ hex: 'ffff' }, { base64: 'kAIKCw==' }] }
      - send: { file: ping.bin }
        expect:
          match: { hex: '90 *' }
          save: { echoed: '\${reply.slice(2, reply.size)}', number: '\${reply.u16be(2)}' }
          check:
            big: '\${reply.u16be(2) == 255 && reply.u16le(2) == 65280}'
            signed: '\${reply.i8(3) == -1}'
            size: '\${reply.size == 5}'
            bytes: '\${reply.bytes == reply.slice(0, 5) && reply.bytes != reply.slice(0, 4)}'
      - { send: '\${saved.echoed}', expect: any }
      - { send: { text: 'n \${saved.number} \${stamp}' }, broadcast: bytes, expect: { hex: '90 ?? 6e *' } }
thresholds: { checks: ['rate==1'], errors: ['rate==0'] }
`,
  );
  const args = ['--workers', '1', '--no-tui', '--out', reports.path];
  const { code, stdout, stderr } = await swarm(['run', join(folder.path, 'scenario.yaml'), ...args]);
  server.close();
  expect(code, stdout + stderr).toBe(0);
  expect(heard.slice(0, 5).toSorted()).toEqual(['00ff10', '00ff10', '0a0b', '0a0b', 'aabb']);
  expect(Buffer.from(heard[5]!, 'hex').toString()).toMatch(/^n 255 ~@\w{12}$/);
});
