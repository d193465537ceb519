import { createHmac } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

/** The server's own way to scramble one connection; what is left out stays as it is. */
interface ServerCipher {
  readonly streamIn?: (bytes: Buffer) => Buffer;
  readonly streamOut?: (bytes: Buffer) => Buffer;
  readonly bodyIn?: (body: Buffer) => Buffer;
  readonly bodyOut?: (body: Buffer) => Buffer;
}

const same = (bytes: Buffer): Buffer => bytes;

/** Answers each C_Ask with an S_Answer that says the same, and counts the bytes that went either way. */
class AnswerServer implements AsyncDisposable {
  received = 0;
  sent = 0;
  readonly #server: Server;

  private constructor(cipherOf: () => ServerCipher) {
    this.#server = createServer((socket) => {
      const { streamIn = same, streamOut = same, bodyIn = same, bodyOut = same } = cipherOf();
      let rest = Buffer.alloc(0);
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => {
        this.received += chunk.length;
        rest = Buffer.concat([rest, streamIn(chunk)]);
        while (rest.length >= 4 && rest.length >= rest.readUInt16LE(0)) {
          const size = rest.readUInt16LE(0);
          const body = bodyOut(bodyIn(rest.subarray(4, size)));
          rest = rest.subarray(size);
          const header = Buffer.alloc(4);
          header.writeUInt16LE(4 + body.length, 0);
          header.writeUInt16LE(2, 2);
          const answer = streamOut(Buffer.concat([header, body]));
          this.sent += answer.length;
          socket.write(answer);
        }
      });
    });
  }

  static async start(cipherOf: () => ServerCipher = () => ({})): Promise<AnswerServer> {
    const made = new AnswerServer(cipherOf);
    await new Promise<void>((resolve) => made.#server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const packets = `<PDL>
  <packet name="C_Ask"><int name="n"/><string name="text"/></packet>
  <packet name="S_Answer"><int name="n"/><string name="text"/></packet>
</PDL>`;

const asker = `
  asker:
    loop:
      - send: C_Ask
        with: { n: '\${send.index}', text: '${'abc'.repeat(100)}' }
        expect: { packet: S_Answer, where: { n: '\${send.index}' }, check: { 'comes back as it was': '\${size(reply.text) == 300}' } }
      - pause: 50ms`;

/** A folder with the modules, and a scenario with this transform; gone when the test is over. */
class ScenarioFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'swarm-transform-'));
  readonly file = join(this.path, 'scenario.yaml');

  constructor(transform: string, port = 1, kind = asker) {
    cpSync(fileURLToPath(new URL('transforms', import.meta.url)), this.path, { recursive: true });
    this.write('packets.xml', packets);
    this.write(
      'scenario.yaml',
      `target: 127.0.0.1:${port}
protocol: { packets: packets.xml, transform: ${transform} }
load: { clients: 3, duration: 1s }
clients:${kind}
thresholds:
  checks: ['rate==1']
  'checks{check:comes back as it was}': ['rate==1']
  transform_errors: ['count==0']
`,
    );
  }

  write(name: string, text: string): string {
    const file = join(this.path, name);
    writeFileSync(file, text);
    return file;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function rolling(secret: number) {
  let count = 0;
  return (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ (secret + count++)));
}

const rollingServer = (): ServerCipher => ({ streamIn: rolling(50), streamOut: rolling(50) });
const rollingTransform = '{ module: ./rolling.ts, covers: stream, options: { secret: 43 } }';
const env = { MORE_SECRET: '7' };

describe('swarm run through a transform', () => {
  it.each([
    ['steps', asker],
    ['a bot', '\n  asker: { bot: ./asking.ts }'],
  ])('plays a server that scrambles the whole stream: %s', async (_what, kind) => {
    await using server = await AnswerServer.start(rollingServer);
    using folder = new ScenarioFolder(rollingTransform, server.port, kind);
    using reports = new ReportFolder();
    const { code, stdout, stderr } = await swarm(['run', folder.file, '--out', reports.path], { env });
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(reports.read().totals.wholeRun.counters.packets_received?.total).toBeGreaterThan(0);
  });

  it('plays a server that deflates bodies, and counts the bytes of the wire', async () => {
    const bodyIn = (body: Buffer) => inflateRawSync(body);
    const bodyOut = (body: Buffer) => deflateRawSync(body);
    await using server = await AnswerServer.start(() => ({ bodyIn, bodyOut }));
    using folder = new ScenarioFolder('./deflate.ts', server.port);
    using reports = new ReportFolder();
    const { code, stdout, stderr } = await swarm(['run', folder.file, '--out', reports.path]);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const { counters } = reports.read().totals.wholeRun;
    expect(counters.data_sent?.total).toBe(server.received);
    expect(counters.data_received?.total).toBe(server.sent);
    // The text alone has 600 bytes in each packet.
    expect(server.received).toBeLessThan(100 * (counters.packets_sent?.total ?? 0));
  });

  it('says once what the code threw and where, counts it for each client, and exits 107', async () => {
    const sign = (body: Buffer, key: string) => Buffer.concat([body, createHmac('sha256', key).update(body).digest()]);
    await using server = await AnswerServer.start(() => {
      let answers = 0;
      // The third answer of each connection is a forgery.
      return {
        bodyIn: (body) => body.subarray(0, -32),
        bodyOut: (body) => sign(body, answers++ < 2 ? 'secret' : 'no'),
      };
    });
    using folder = new ScenarioFolder('./signing.ts', server.port);
    using reports = new ReportFolder();
    const args = ['run', folder.file, '--workers', '1', '--duration', '20s', '--out', reports.path];
    const { code, stdout } = await swarm(args);
    expect(code, stdout).toBe(107);
    const source = readFileSync(join(folder.path, 'signing.ts'), 'utf8').split('\n');
    const line = source.findIndex((text) => text.includes('throw'));
    const column = (source[line] as string).indexOf('new Error');
    const place = `${join(folder.path, 'signing.ts')}:${line + 1}:${column + 1}`;
    expect(stdout.replace(/\s+/g, '').split(`3×${place}:Error:thesignatureiswrong`)).toHaveLength(2);
    expect(stdout).toMatch(/lost transform\s+3/);
    expect(stdout).not.toMatch(/\n\s+at .*\(/);
    const report = reports.read();
    expect(report.outcome).toMatchObject({ name: 'transformFailed', exitCode: 107 });
    expect(report.totals.wholeRun.counters.transform_errors?.total).toBe(3);
    // A packet that could not be decoded is none.
    expect(report.totals.wholeRun.counters.packets_received?.total).toBe(3 * 2);
  });

  it('counts what the code let drop, and goes on', async () => {
    await using server = await AnswerServer.start();
    using folder = new ScenarioFolder('./careless.js', server.port);
    folder.write(
      'careless.js',
      `export default class {
  #calls = 0;
  encode(bytes) {
    if (this.#calls++ === 0) Promise.reject(new Error('nobody waited for this'));
    return bytes;
  }
  decode(bytes) {
    return bytes;
  }
}`,
    );
    using reports = new ReportFolder();
    const { code, stdout } = await swarm(['run', folder.file, '--workers', '1', '--out', reports.path]);
    expect(code, stdout).toBe(107);
    expect(stdout).toContain('nobody waited for this');
    expect(reports.read().totals.wholeRun.counters.transform_errors?.total).toBe(3);
  });
});

describe('swarm validate with a transform', () => {
  it('says what it covers', async () => {
    using folder = new ScenarioFolder('{ module: ./signing.ts, covers: afterLength }');
    const { code, stdout } = await swarm(['validate', folder.file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/transform +.*signing\.ts covers each frame behind its length/);
  });

  it.each([
    ['a missing file', null, 'does not exist', 'scenario.yaml:2:46'],
    ['what is no code', 'export default class {\n  encode( {\n}', 'is not code that can be read', 'cipher.ts:3:2'],
    ['code that throws', "\nthrow new Error('not today');", 'cannot be loaded: Error: not today', 'cipher.ts:2:7'],
    ['no default export', 'export const a = 1;', 'has neither a class nor a function', 'scenario.yaml:2:46'],
    ['a method too few', 'export default class { encode() {} }', 'has no method `decode`', 'scenario.yaml:2:46'],
    [
      'a promise that nobody waits for',
      "Promise.reject(new Error('who cares'));\nexport default class { encode() {} decode() {} }",
      'a promise that nobody waits for was rejected: Error: who cares',
      'cipher.ts:1:1',
    ],
    [
      'a class that cannot be made',
      "export default class {\n  constructor() {\n    throw new Error('no key');\n  }\n}",
      'cannot be made: Error: no key',
      'cipher.ts:3:11',
    ],
  ])('refuses %s, with its place', async (_what, code, message, place) => {
    using folder = new ScenarioFolder('./cipher.ts');
    if (code !== null) folder.write('cipher.ts', code);
    const result = await swarm(['validate', folder.file]);
    expect(result.code).toBe(104);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain(place);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });
});
