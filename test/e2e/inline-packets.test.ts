import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

const folder = mkdtempSync(join(tmpdir(), 'swarm-inline-'));
afterAll(() => rmSync(folder, { recursive: true }));

const packets = `
endian: big
strings: { length: u8, encoding: utf-8 }
enums: { Kind: { chat: 1, whisper: 2 } }
structs: { Vec: { x: f32, y: f32 } }
definitions:
  Say:
    id: 7
    fields:
      magic: { const: 0xCAFE, type: u16 }
      sequence: u32
      kind: Kind
      to: { type: u32, when: { kind: whisper } }
      at: Vec
      count: u16
      path: { array: Vec, count: count }
      scores: { array: i16, length: varint }
      text: string
      token: { bytes: rest }
`;

const scenario = (definitions: string) => `
target: embedded:echo
protocol:
  packets: ${definitions}
load: { clients: 5, duration: 1s }
clients:
  talker:
    loop:
      - send: Say
        with:
          sequence: '\${send.index}'
          kind: whisper
          to: '\${client.index}'
          at: { x: 1.5, y: '\${client.index * 2}' }
          path: [ { x: 1, y: 2 }, { x: 3, y: 4 } ]
          scores: [ 1, '\${send.index % 7}' ]
          text: 'hello \${client.index}'
          token: { hex: 00 ff }
        expect:
          packet: Say
          where: { sequence: '\${send.index}', kind: whisper }
          save: { token: '\${reply.token}', y: '\${reply.path[1].y}' }
          check:
            enum: '\${reply.kind == 2}'
            optional: '\${reply.to == client.index}'
            structure: '\${reply.at.x == 1.5 && reply.at.y == double(client.index * 2)}'
            counted: '\${reply.count == 2 && size(reply.path) == 2 && reply.path[0].x == 1.0}'
            array: '\${size(reply.scores) == 2 && reply.scores[0] == 1}'
            text: '\${reply.text == "hello " + string(client.index)}'
      - send: Say
        with:
          { sequence: 0, kind: 1, at: { x: 0, y: '\${saved.y}' }, path: [], scores: [], text: '', token: '\${saved.token}' }
        expect:
          packet: Say
          check:
            bytes: '\${reply.token == b"\\x00\\xff"}'
            saved: '\${reply.at.y == 4.0}'
      - pause: 20ms
thresholds:
  checks: ['rate==1']
  errors: ['rate==0']
  protocol_errors: ['count==0']
`;

describe('packets defined inline', () => {
  it.each([
    ['in the scenario', 'here.yaml', packets.replace(/^/gm, '    ')],
    ['in a YAML file', 'beside.yaml', 'packets.yaml'],
  ])('%s are sent, come back, and are read', async (_where, name, definitions) => {
    using reports = new ReportFolder();
    writeFileSync(join(folder, 'packets.yaml'), packets);
    writeFileSync(join(folder, name), scenario(definitions));
    const { code, stdout, stderr } = await swarm(['run', join(folder, name), '--out', reports.path]);
    expect(code, stdout + stderr).toBe(0);
    const { totals } = reports.read();
    expect(totals.wholeRun.counters.packets_received?.total).toBe(totals.wholeRun.counters.packets_sent?.total);
    expect(totals.wholeRun.counters.packets_sent?.total).toBeGreaterThan(20);
  });

  it('with a mistake end before anything starts, with the place in the file', async () => {
    writeFileSync(join(folder, 'packets.yaml'), packets.replace('at: Vec', 'at: Vek'));
    writeFileSync(join(folder, 'wrong.yaml'), scenario('packets.yaml'));
    const { code, stderr } = await swarm(['run', join(folder, 'wrong.yaml')]);
    expect(code).toBe(104);
    expect(stderr).toContain('packets.yaml:14:11: there is no type `Vek`');
    expect(stderr).toContain('did you mean `Vec`?');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
