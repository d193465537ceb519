import type { LookupAddress } from 'node:dns';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type EndPoint, Listener } from '../../src/core/index.js';
import { reachableAddresses } from '../../src/targets/lookup.js';
import { RecordingSession } from '../core/recording-session.js';

/** What the system's resolver says, which no test can change; the sockets are real. */
const names = vi.hoisted(() => new Map<string, readonly string[]>());
vi.mock('node:dns/promises', () => ({
  lookup: async (host: string): Promise<readonly LookupAddress[]> => {
    const addresses = names.get(host);
    if (addresses === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  },
}));

const running: Listener[] = [];
const sessions: RecordingSession[] = [];
afterEach(async () => {
  names.clear();
  for (const session of sessions.splice(0)) session.disconnect();
  await Promise.all(running.splice(0).map((listener) => listener.close()));
});

async function listen(endPoint: EndPoint): Promise<number> {
  const listener = new Listener();
  const bound = await listener.listen(endPoint, () => {
    const session = new RecordingSession();
    sessions.push(session);
    return session;
  });
  running.push(listener);
  return bound.port!;
}

/** The same port on each of these addresses. */
async function listenOn([first, ...others]: readonly string[]): Promise<number> {
  const port = await listen({ host: first!, port: 0 });
  for (const host of others) await listen({ host, port });
  return port;
}

// Elsewhere 127.0.0.1 is the only address of the loopback that nobody has to add.
describe.runIf(process.platform === 'linux')('a name with several addresses', () => {
  it('gives those that answer, in the resolver’s order and each once, and no warning where all do', async () => {
    const port = await listenOn(['127.0.0.1', '127.0.0.2']);
    names.set('game.example', ['127.0.0.2', '127.0.0.1', '127.0.0.2']);
    expect(await reachableAddresses({ host: 'game.example', port }, [])).toEqual({
      hosts: ['127.0.0.2', '127.0.0.1'],
      warnings: [],
    });
  });

  it('leaves out one that does not answer, and says so', async () => {
    const port = await listenOn(['127.0.0.1']);
    names.set('game.example', ['127.0.0.1', '127.0.0.2', '::1']);
    expect(await reachableAddresses({ host: 'game.example', port }, [])).toEqual({
      hosts: ['127.0.0.1'],
      warnings: [
        `game.example is also 127.0.0.2, which is not used: 127.0.0.2:${port} answers ECONNREFUSED`,
        `game.example is also ::1, which is not used: [::1]:${port} answers ECONNREFUSED`,
      ],
    });
  });

  it('keeps all where none answers, for the run to tell how connects fail', async () => {
    const port = await listenOn(['127.0.0.1']);
    await running.pop()!.close();
    names.set('game.example', ['127.0.0.1', '127.0.0.2']);
    expect(await reachableAddresses({ host: 'game.example', port }, [])).toEqual({
      hosts: ['127.0.0.1', '127.0.0.2'],
      warnings: [],
    });
  });

  it('says nothing to the server, and hangs up', async () => {
    const port = await listenOn(['127.0.0.1']);
    names.set('game.example', ['127.0.0.1', '127.0.0.2']);
    await reachableAddresses({ host: 'game.example', port }, []);
    await expect.poll(() => sessions.length).toBe(1);
    expect(await sessions[0]!.disconnected()).toMatchObject({ cause: 'remote' });
    expect(sessions[0]!.batches).toEqual([]);
  });
});

describe('local addresses', () => {
  it('leave out the addresses of another family', async () => {
    names.set('game.example', ['::1', '127.0.0.1']);
    const { hosts } = await reachableAddresses({ host: 'game.example', port: 9 }, ['127.0.0.2']);
    expect(hosts).toEqual(['127.0.0.1']);
  });

  it('none of which is of a family that the name has are an error', async () => {
    names.set('game.example', ['127.0.0.1', '127.0.0.2']);
    await expect(reachableAddresses({ host: 'game.example', port: 9 }, ['::1'])).rejects.toMatchObject({
      name: 'TargetError',
      message: 'game.example is 127.0.0.1, 127.0.0.2, and no address of load.localAddresses is of that family',
    });
  });
});

it('one address is taken as it is, without a connect', async () => {
  names.set('game.example', ['127.0.0.1']);
  expect(await reachableAddresses({ host: 'game.example', port: 9 }, [])).toEqual({
    hosts: ['127.0.0.1'],
    warnings: [],
  });
});

it('a name that is not known is an error that names it', async () => {
  await expect(reachableAddresses({ host: 'nowhere.example', port: 9 }, [])).rejects.toMatchObject({
    name: 'TargetError',
    message:
      'the host name nowhere.example does not resolve (ENOTFOUND: is it spelt right? Else add it to /etc/hosts, or give the address in its place)',
  });
});
