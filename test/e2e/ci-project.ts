import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A server that hands everything to everyone, `delayMs` later: `./server --port 7777`. */
const server = (delayMs: number): string => `#!/usr/bin/env node
const sockets = new Set();
require('node:net')
  .createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', (data) => setTimeout(() => sockets.forEach((each) => each.write(data)), ${delayMs}));
  })
  .listen(Number(process.argv[process.argv.indexOf('--port') + 1]), '127.0.0.1');
`;

/** What plays it: every line is to come back to all. */
const scenario = `name: Chat room
target: 127.0.0.1:7777
protocol:
  packets: chat.xml
load: { clients: 5, duration: 1s, begin: together }
clients:
  talker:
    every:
      - interval: 50ms
        send: Chat
        with: { line: 'hello \${stamp}' }
        broadcast: { packet: Chat, guard: 100ms, timeout: 400ms }
thresholds:
  connect_failures: ['count==0']
`;

/**
 * A folder for the project of somebody who uses the package, and for what belongs to it, with npm as everybody has it, but without a network: the
 * package is a tarball without dependencies that leads to the built one here. Gone when the test is over.
 */
export class CiProject implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'swarm-ci-'));
  readonly repository = join(this.path, 'repository');
  readonly tarball = join(this.path, 'tcp-swarm.tgz');
  readonly env: NodeJS.ProcessEnv = {
    // As on GitHub's runners.
    LANG: 'C.UTF-8',
    PATH: `${join(this.path, 'bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: this.path,
    NO_COLOR: '1',
    GIT_AUTHOR_NAME: 'somebody',
    GIT_AUTHOR_EMAIL: 'somebody@example.org',
    GIT_COMMITTER_NAME: 'somebody',
    GIT_COMMITTER_EMAIL: 'somebody@example.org',
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_cache: join(this.path, 'npm-cache'),
  };

  constructor() {
    this.write('package/package.json', {
      name: 'tcp-swarm',
      version: '0.0.0-test',
      type: 'module',
      bin: { swarm: 'swarm.js' },
      exports: './index.js',
    });
    this.write('package/swarm.js', `#!/usr/bin/env node\nimport ${JSON.stringify(join(root, 'bin/swarm.js'))};\n`);
    this.write('package/index.js', `export * from ${JSON.stringify(join(root, 'dist/index.js'))};\n`);
    this.run('tar', ['-czf', this.tarball, 'package'], this.path);
  }

  write(path: string, content: string | object): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
    if (typeof content === 'string' && content.startsWith('#!')) chmodSync(file, 0o755);
  }

  /** A chat room, and in `server.js` the server for it, which answers `delayMs` late. */
  writeChat(delayMs: number): void {
    this.write('repository/chat.yaml', scenario);
    this.write('repository/chat.xml', '<PDL><packet name="Chat"><string name="line"/></packet></PDL>');
    this.write('repository/server.js', server(delayMs));
  }

  /** Runs a command to its end; what it printed. @throws Error where it fails. */
  run(command: string, args: readonly string[], cwd = this.repository): string {
    const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env: this.env, encoding: 'utf8' });
    if (status === 0) return stdout;
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`);
  }

  /** Plays lines of a shell in the repository, as somebody types them, up to the first that fails. */
  async play(script: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const shell = spawn('bash', ['-e', '-c', script], { cwd: this.repository, env: this.env });
    const closed = once(shell, 'close') as Promise<[number | null]>;
    const [stdout, stderr, [code]] = await Promise.all([text(shell.stdout), text(shell.stderr), closed]);
    return { code, stdout, stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
