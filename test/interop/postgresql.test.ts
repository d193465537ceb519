import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { play } from './play.js';
import { findProgram, RealServer } from './real-server.js';

const initdb = findProgram('initdb');
const postgres = findProgram('postgres');

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function userOfPostgres(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((which) => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' })));
  return { uid: uid!, gid: gid! };
}

/** A cluster of its own, in a folder that is gone when the test is over. It trusts everyone who comes from this machine. */
class Cluster implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'swarm-pg-'));
  readonly #data = join(this.#folder, 'data');
  readonly #user = userOfPostgres();

  constructor() {
    if (this.#user !== undefined) chownSync(this.#folder, this.#user.uid, this.#user.gid);
    const args = ['--auth=trust', '--username=postgres', '--locale=C', '--no-sync', `--pgdata=${this.#data}`];
    execFileSync(initdb!, args, { ...this.#user, cwd: this.#folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  start(): Promise<RealServer> {
    const settings = ['listen_addresses=127.0.0.1', 'max_connections=520', 'fsync=off', 'log_statement=all'];
    return RealServer.start({
      program: postgres!,
      args: (port) => [
        ...['-D', this.#data, '-k', this.#folder, '-p', String(port)],
        ...settings.flatMap((setting) => ['-c', setting]),
      ],
      ready: 'ready to accept connections',
      signal: 'SIGINT',
      user: this.#user,
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

describe.runIf(initdb && postgres)('a real PostgreSQL', () => {
  it('answers the queries of 500 clients with the right rows, and its log has each statement', async () => {
    using cluster = new Cluster();
    await using server = await cluster.start();
    const played = await play('postgresql', server.port, '3s');
    await server.stop();

    expect(played.sent('Query')).toBeGreaterThanOrEqual(500);
    expect(played.received('CommandComplete')).toBe(played.sent('Query'));
    expect(server.count(/LOG: +statement: SELECT/)).toBe(played.sent('Query'));
  });
});
