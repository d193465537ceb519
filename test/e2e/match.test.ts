import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Listener, PacketSession } from '../../src/core/index.js';
import { Protocol } from '../../src/packets/index.js';
import { loadScenario } from '../../src/scenario/load.js';
import { ReportFolder, swarm } from './swarm.js';

const scenario = (port: number): string => `
target: 127.0.0.1:${port}
protocol:
  packets: packets.xml
  preamble: { hex: '5357 41524d' }
  framing:
    lengthFieldOffset: 2
    lengthFieldLength: varint
    endian: big
    idOffset: 2
    idLength: 1
    idMask: 0xf0
    idShift: 4
    idRest: 0x05
    headerFields:
      - { name: magic, offset: 0, length: 2, value: 0xcafe }
      - { name: sequence, offset: 3, length: 4, value: { counts: true } }
      - { name: request, offset: 7, length: 1, value: { match: true } }
load: { clients: 3, duration: 2s }
clients:
  asker:
    every:
${['a', 'b', 'c', 'd']
  .map(
    (text) => `
      - interval: 20ms
        send: C_Ask
        with: { text: ${text} }
        expect: { packet: S_Answer, check: { mine: '\${reply.text == "${text}"}' } }`,
  )
  .join('')}
thresholds:
  checks: ['rate>=1']
  protocol_errors: ['count==0']
`;

const packets = `<PDL>
  <packet name="C_Ask"><string name="text"/></packet>
  <packet name="S_Answer"><string name="text"/></packet>
  <packet name="S_Notice"><string name="text"/></packet>
</PDL>`;

/** A scenario and its packets in a folder of their own, gone when the test is over. */
class ScenarioFolder implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'swarm-match-'));
  readonly file = join(this.#folder, 'match.yaml');

  constructor(port: number) {
    writeFileSync(this.file, scenario(port));
    writeFileSync(join(this.#folder, 'packets.xml'), packets);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

const preamble = Buffer.from('SWARM');

/** Keeps four requests, then answers the last of them first; each answer comes behind a notice with the same number. */
class Backwards extends PacketSession {
  readonly heard: Buffer[] = [];
  /** What the connection began with. */
  greeting = '';
  readonly #protocol: Protocol;
  #kept: { readonly text: string; readonly number: number }[] = [];

  constructor(protocol: Protocol, framing: ReturnType<typeof loadScenario>['plan']['protocol']['send']) {
    super({ framing });
    this.#protocol = protocol;
  }

  protected override onConnected(): void {}
  protected override onDisconnected(): void {}

  protected override onRecv(buffer: Uint8Array, start: number, end: number): number {
    const taken = Math.min(preamble.length - this.greeting.length, end - start);
    this.greeting += Buffer.from(buffer.subarray(start, start + taken)).toString('latin1');
    return taken + super.onRecv(buffer, start + taken, end);
  }

  protected override onFrame(buffer: Uint8Array, start: number, end: number): void {
    this.heard.push(Buffer.from(buffer.slice(start, end)));
    const { text } = this.#protocol.decoder('C_Ask', 'all', 'server').decode(buffer, start, end);
    this.#kept.push({ text: String(text), number: this.#protocol.matchReader('server')!(buffer, start) });
    if (this.#kept.length < 4) return;
    for (const { text, number } of this.#kept.splice(0).reverse()) {
      this.#say('S_Notice', 'soon', number);
      this.#say('S_Answer', text, number);
    }
  }

  #say(packet: string, text: string, number: number): void {
    const encoder = this.#protocol.encoder(packet, 'server');
    const frame = new Uint8Array(encoder.frameSize([text]));
    encoder.write([text], frame, 0);
    encoder.writeSequence?.(frame, 0, number);
    this.send(frame);
  }
}

describe('a header with a field to match replies by', () => {
  it('gives every request its own reply, from a server that answers backwards, also once the numbers wrap', async () => {
    using reports = new ReportFolder();
    const sessions: Backwards[] = [];
    const listener = new Listener();
    let makeSession = (): Backwards => {
      throw new Error('nobody connects before the scenario is read');
    };
    const bound = await listener.listen({ host: '127.0.0.1', port: 0 }, () => makeSession());
    const port = bound.port ?? 0;
    using folder = new ScenarioFolder(port);
    const { protocol } = loadScenario(folder.file, { env: {} }).plan;
    makeSession = () => {
      const session = new Backwards(new Protocol(protocol), protocol.send);
      sessions.push(session);
      return session;
    };
    const { code, stdout, stderr } = await swarm(['run', folder.file, '--out', reports.path]);
    await listener.close();
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });

    expect(sessions).toHaveLength(3);
    for (const { heard, greeting } of sessions) {
      expect(greeting).toBe('SWARM');
      expect(heard.length).toBeGreaterThan(256);
      // [cafe][size][id 1, rest 5][sequence][request], and a text of one character.
      expect(heard.map((frame) => frame.toString('hex', 0, 9))).toEqual(
        heard.map((_, i) => `cafe0a15${i.toString(16).padStart(8, '0')}${(i % 256).toString(16).padStart(2, '0')}`),
      );
    }
    const { counters } = reports.read().totals.wholeRun;
    const sent = sessions.reduce((sum, { heard }) => sum + heard.length, 0);
    const bytes = sessions.reduce((sum, { heard }) => sum + Buffer.concat(heard).length, 0);
    expect(counters.packets_sent?.total).toBe(sent);
    expect(counters.data_sent?.total).toBe(bytes + 3 * preamble.length);
    expect(counters.late_replies?.total ?? 0).toBe(0);
    expect(counters.uncertain_matches?.total ?? 0).toBe(0);
  });
});
