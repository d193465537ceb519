import { lstat, rm } from 'node:fs/promises';
import { CoreError } from './errors.js';
import { toCoreError } from './socket-transport.js';
import { connectTcp } from './tcp.js';

/** The most bytes that the path of a Unix socket may have, as the system's headers have it. libuv cuts off what is longer without a word. */
export const longestSocketPath = process.platform === 'linux' ? 107 : 103;

/**
 * Removes the socket at `path` where nobody listens to it any more: a server that was killed leaves its file behind, and no other
 * can listen there. False where a server answers. Throws a CoreError: `not-a-socket` where something else stands there, or the system's.
 */
export async function removeStaleSocket(path: string): Promise<boolean> {
  try {
    // A connect to any other file is refused just as one to a dead server is.
    if (!(await lstat(path)).isSocket()) throw new CoreError('not-a-socket', `${path} is there, and is no socket`);
    if (await isAnswered(path)) return false;
    await rm(path, { force: true });
    return true;
  } catch (error) {
    throw error instanceof CoreError ? error : toCoreError(error as Error, 'remove');
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    connectTcp(
      { path },
      {},
      {
        onConnected(transport) {
          transport.destroy();
          resolve(true);
        },
        // Any other failure is one of a server that is there: its backlog is full, or it is another user's.
        onFailed: ({ code }) => resolve(code !== 'ECONNREFUSED'),
      },
    );
  });
}
