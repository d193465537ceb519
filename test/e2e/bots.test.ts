import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A folder with a bot and a scenario that names it, gone when the test is over. */
class BotFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'swarm-bot-'));
  readonly scenario = join(this.path, 'scenario.yaml');
  readonly bot = join(this.path, 'my-bot.ts');

  /** `source`: one of the files in bots/. */
  constructor(source: string) {
    copyFileSync(pathOf(`bots/${source}`), this.bot);
    copyFileSync(pathOf('../../scenarios/packets/move.pdl.xml'), join(this.path, 'move.pdl.xml'));
    writeFileSync(
      this.scenario,
      `target: embedded:move
protocol: { packets: move.pdl.xml }
load: { clients: 3, duration: 2s }
clients:
  mine: { bot: ./my-bot.ts }
`,
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

describe('swarm run with bots', () => {
  it('plays the wanderers of the bundled scenario, over two workers', async () => {
    using reports = new ReportFolder();
    const args = ['run', 'bots', '--clients', '10', '--duration', '3s', '--workers', '2', '--out', reports.path];
    const { code, stdout, stderr } = await swarm(args);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/bots counted\s+[\d,]+ journeys \(wanderer\)/);
    expect(stdout).toMatch(/players known \(wanderer\)/);
    const { counters } = reports.read().totals.wholeRun;
    expect(counters.connects?.total).toBe(10);
    expect(counters.bot_counter?.total).toBeGreaterThan(0);
  });

  it('says once what a bot threw and where, counts it for each client, and exits 107', async () => {
    using folder = new BotFolder('angry.ts');
    using reports = new ReportFolder();
    const { code, stdout } = await swarm(['run', folder.scenario, '--workers', '1', '--out', reports.path]);
    expect(code, stdout).toBe(107);
    const source = readFileSync(folder.bot, 'utf8').split('\n');
    const line = source.findIndex((text) => text.includes('throw'));
    const column = (source[line] as string).indexOf('new Error');
    const unwrapped = stdout.replace(/\s+/g, '');
    const words = `3×${folder.bot}:${line + 1}:${column + 1}:Error:theroomistooloud`;
    expect(unwrapped.split(words)).toHaveLength(2);
    expect(stdout).toMatch(/lost bot\s+3/);
    expect(stdout).not.toMatch(/\n\s+at .*\(/);
    expect(reports.read().outcome).toMatchObject({ name: 'botFailed', exitCode: 107 });
  });

  it('ends a worker that a bot holds up for ever, and says so', async () => {
    using folder = new BotFolder('stuck.ts');
    using reports = new ReportFolder();
    const { code, stdout } = await swarm(['run', folder.scenario, '--workers', '2', '--out', reports.path]);
    expect(code, stdout).toBe(122);
    const { events, generator } = reports.read();
    expect(events.map(({ message }) => message).join()).toMatch(/worker 0 .* has said nothing for 15 s and is ended/);
    expect(generator.workers).toMatchObject([{ lost: true }, { lost: false }]);
  });

  it.each(['text', 'json', 'bytes'])('sends and hears frames that have no names: %s', async (format) => {
    const server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    using folder = new BotFolder('frames.ts');
    using reports = new ReportFolder();
    writeFileSync(
      folder.scenario,
      `target: 127.0.0.1:${(server.address() as AddressInfo).port}
protocol: { framing: line, packets: ${format} }
load: { clients: 1, duration: 1s }
clients: { mine: { bot: ./my-bot.ts, options: { format: ${format} } } }
thresholds: { checks: ['rate==1'], errors: ['rate==0'] }
`,
    );
    const { code, stdout } = await swarm(['run', folder.scenario, '--workers', '1', '--out', reports.path]);
    server.close();
    expect(code, stdout).toBe(0);
  });

  it('counts an error in a promise that a bot let drop, and goes on', async () => {
    using folder = new BotFolder('careless.ts');
    using reports = new ReportFolder();
    const { code, stdout } = await swarm(['run', folder.scenario, '--workers', '1', '--out', reports.path]);
    expect(code, stdout).toBe(107);
    expect(stdout).toContain('nobody waited for this');
    const { counters } = reports.read().totals.wholeRun;
    expect(counters.bot_errors?.total).toBe(3);
    expect(reports.read().generator.workers).toMatchObject([{ lost: false }]);
  });

  it.each(['run', 'validate'])('%s says where a bot is no code, and starts nothing: exit 104', async (command) => {
    using folder = new BotFolder('broken.ts.txt');
    const { code, stdout, stderr } = await swarm([command, folder.scenario]);
    expect(code, stdout).toBe(104);
    expect(stderr).toContain(`${folder.bot}:5:11`);
    expect(stderr).toContain('    const = 3;');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['no default export', 'export const bot = 1;', 'has no class as its default export', 'scenario.yaml:5:16'],
    [
      'a class that is no bot',
      'export default class Mine {}',
      'exports Mine, which does not extend Bot',
      'scenario.yaml:5:16',
    ],
    ['code that throws', "\nthrow new Error('not today');", 'cannot be loaded: Error: not today', 'my-bot.ts:2:7'],
    [
      'a constructor that keeps what it is given',
      "import { Bot } from 'tcp-swarm';\nexport default class extends Bot {\n  constructor() {\n    super();\n  }\n}",
      'cannot be made: a bot’s constructor hands on what it is given: constructor(seat) { super(seat); }',
      'my-bot.ts:4:5',
    ],
    ['a missing import', "import './nothing.js';", 'Cannot find module', 'my-bot.ts:1:1'],
  ])('validate refuses %s, with its place', async (_what, code, message, place) => {
    using folder = new BotFolder('angry.ts');
    writeFileSync(folder.bot, code);
    const result = await swarm(['validate', folder.scenario]);
    expect(result.code).toBe(104);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain(place);
  });

  it('validate runs neither the fields of a bot nor what its constructor does after super', async () => {
    using folder = new BotFolder('angry.ts');
    writeFileSync(
      folder.bot,
      `import { Bot, type Seat } from 'tcp-swarm';
export default class extends Bot {
  readonly name = this.data.name!.toUpperCase();
  constructor(seat: Seat) {
    super(seat);
    console.log('made');
  }
}
`,
    );
    const { code, stdout, stderr } = await swarm(['validate', folder.scenario]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('made');
    expect(stdout).toMatch(/^ {2}open loop +what bots send, which only their code knows$/m);
  });

  it('says how a worker ended whose bot ended it', async () => {
    using folder = new BotFolder('angry.ts');
    using reports = new ReportFolder();
    const bot =
      "import { Bot } from 'tcp-swarm';\nexport default class extends Bot {\n  onStart() { process.exit(3); }\n}\n";
    writeFileSync(folder.bot, bot);
    const { code, stdout } = await swarm(['run', folder.scenario, '--workers', '1', '--out', reports.path]);
    expect(code, stdout).toBe(122);
    expect(reports.read().events).toContainEqual(
      expect.objectContaining({
        kind: 'workerLost',
        message: expect.stringContaining(
          'it ended with exit code 3, as where the code of a bot or of a transform calls process.exit',
        ),
      }),
    );
  });

  it('loads a bot in JavaScript too', async () => {
    using folder = new BotFolder('angry.ts');
    writeFileSync(
      folder.bot.replace('.ts', '.js'),
      "import { Bot } from 'tcp-swarm';\nexport default class extends Bot {}\n",
    );
    writeFileSync(folder.scenario, readFileSync(folder.scenario, 'utf8').replace('my-bot.ts', 'my-bot.js'));
    const { code, stderr } = await swarm(['validate', folder.scenario]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
