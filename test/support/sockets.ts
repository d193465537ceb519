import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the sockets of a test, gone when it is over. Its path is short: that of a socket may not be long. */
export class SocketFolder implements Disposable {
  readonly #path = mkdtempSync(join(tmpdir(), 'swarm-'));

  path(name: string): string {
    return join(this.#path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}

/** Listens on the Unix socket at `path` in another process, and kills that: its file stays behind. */
export async function leaveSocketAt(path: string): Promise<void> {
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await closed;
}
