import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

const proto = `syntax = "proto3";
package Protocol;
enum MsgId { MSG_ID_S_LOGIN = 0; MSG_ID_C_LOGIN = 1; MSG_ID_C_CHAT = 2; MSG_ID_S_CHAT = 3; }
message C_Login {
  string name = 1; optional int32 version = 2; Colour colour = 3; bytes token = 4; repeated int32 levels = 5;
  Mood mood = 6; repeated Mood moods = 7;
}
enum Colour { RED = 0; GREEN = 2; }
message S_Login { bool ok = 1; uint64 player_id = 2; }
message C_Chat { string text = 1; uint64 player_id = 2; Mood mood = 3; repeated int32 targets = 4; }
message S_Chat { uint64 player_id = 1; string text = 2; }
message Mood { int32 joy = 1; }
`;

const scenario = (port: number) => `target: 127.0.0.1:${port}
protocol: { packets: game.proto }
load: { clients: 10, duration: 2s }
clients:
  talker:
    start:
      - send: C_Login
        with:
          name: 'bot \${client.index}'
          colour: GREEN
          token: { hex: 00ff }
          levels: [1, '\${client.index}']
          mood: { joy: -3 }
          moods: [{ joy: 4 }, { joy: 5 }]
        expect: { packet: S_Login, check: { accepted: '\${reply.ok}' }, save: { id: '\${reply.player_id}' } }
    every:
      - interval: 200ms
        send: C_Chat
        with: { text: 'héllo \${stamp}', player_id: '\${saved.id}' }
        expect: { packet: S_Chat, where: { player_id: '\${saved.id}' } }
        broadcast: S_Chat
thresholds:
  checks: ['rate==1']
  timeouts: ['count==0']
`;

/** A room where everyone hears what is said, by protobufjs's own codecs. What it could not read ends the connection. */
async function chatServer(): Promise<{ server: Server; heard: string[]; logins: object[] }> {
  const { root } = protobuf.parse(proto, { keepCase: true });
  const type = (name: string) => root.lookupType(`Protocol.${name}`);
  const heard: string[] = [];
  const logins: object[] = [];
  let players = 0;
  const server = createServer((socket) => {
    let rest = Buffer.alloc(0);
    const send = (id: number, name: string, record: object) => {
      const body = type(name).encode(type(name).fromObject(record)).finish();
      const header = Buffer.alloc(4);
      header.writeUInt16LE(body.length + 4, 0);
      header.writeUInt16LE(id, 2);
      socket.write(Buffer.concat([header, body]));
    };
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= rest.readUInt16LE(0)) {
        const frame = rest.subarray(0, rest.readUInt16LE(0));
        rest = rest.subarray(frame.length);
        if (frame.readUInt16LE(2) === 1) {
          const { name, ...others } = type('C_Login').decode(frame.subarray(4)).toJSON();
          heard.push(name);
          logins.push(others);
          // As text, because that is beyond what a double can hold exactly.
          send(0, 'S_Login', {
            ok: true,
            player_id: `900719925474099${players++}`,
          });
        } else {
          const { text, player_id } = type('C_Chat').decode(frame.subarray(4)) as unknown as Record<string, unknown>;
          send(3, 'S_Chat', { text, player_id });
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, heard, logins };
}

describe('a server that speaks protobuf', () => {
  it('is played from its .proto: logins, checks, keys of 64 bits, broadcasts by stamp', async () => {
    using folder = new ReportFolder();
    using reports = new ReportFolder();
    const { server, heard, logins } = await chatServer();
    try {
      writeFileSync(join(folder.path, 'game.proto'), proto);
      const file = join(folder.path, 'chat.yaml');
      writeFileSync(file, scenario((server.address() as AddressInfo).port));
      // What a .proto calls its fields must never become code: with this none can be made of text.
      const env = { NODE_OPTIONS: '--disallow-code-generation-from-strings' };
      const { code, stdout, stderr } = await swarm(['run', file, '--workers', '1', '--out', reports.path], { env });
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
      const { counters } = reports.read().totals.wholeRun;
      expect(counters.packets_sent?.total).toBe(counters.packets_received?.total);
      // Ten logins, and chats beside them; how many depends on the machine.
      expect(counters.packets_sent?.total).toBeGreaterThan(10);
      expect(counters.protocol_errors?.total ?? 0).toBe(0);
      expect(logins).toHaveLength(10);
      expect(logins).toContainEqual({
        colour: 'GREEN',
        token: 'AP8=',
        levels: [1, 7],
        mood: { joy: -3 },
        moods: [{ joy: 4 }, { joy: 5 }],
      });
      expect(heard.sort()).toEqual(Array.from({ length: 10 }, (_, i) => `bot ${i}`));
    } finally {
      server.close();
    }
  });

  it('a mistake in the .proto is shown where it stands', async () => {
    using folder = new ReportFolder();
    writeFileSync(join(folder.path, 'game.proto'), proto.replace('bool ok = 1;', 'boll ok = 1;'));
    const file = join(folder.path, 'chat.yaml');
    writeFileSync(file, scenario(1));
    const { code, stderr } = await swarm(['validate', file]);
    expect(code).toBe(104);
    expect(stderr).toContain('there is no message or enum `boll`');
    expect(stderr).toContain('game.proto:9:19');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
