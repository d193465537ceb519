import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Connector,
  type EndPoint,
  Session,
  systemClock,
  type TlsOptions,
  type Transport,
} from '../../src/core/index.js';
import { FaultyConnection } from '../../src/faults/faulty-connection.js';
import { FaultyKind } from '../../src/faults/faulty-kind.js';
import { PacketPlayer } from '../../src/faults/packet-player.js';
import { RandomStream } from '../../src/load/random.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { FaultPlan } from '../../src/scenario/plan.js';
import { makeCertificates } from '../support/certificates.js';
import { planOf } from '../support/plans.js';
import { SocketFolder } from '../support/sockets.js';
import { always, frame } from './rig.js';

/** A session whose connection plays faults, over a real socket. */
class VandalSession extends Session {
  readonly #faults: readonly FaultPlan[];
  heardBytes = 0;

  constructor(faults: readonly FaultPlan[]) {
    super({ keepsPacketsApart: true });
    this.#faults = faults;
  }

  override start(transport: Transport): void {
    const kind = new FaultyKind('vandal', this.#faults, planOf([]).protocol, new Recorder({ worker: 0 }));
    const randoms = this.#faults.map((_, i) => RandomStream.of(1, 'fault', 0, i));
    const packets = new PacketPlayer(kind, randoms);
    const nowMs = () => systemClock.nowUs() / 1000;
    const client = { kind, randoms, packets, clock: systemClock, nowMs, onWritten() {}, fail: () => this.disconnect() };
    super.start(new FaultyConnection(client, transport));
  }

  protected override onConnected(): void {
    this.send(Buffer.from(frame.replaceAll(' ', ''), 'hex'));
  }

  protected override onRecv(_buffer: Uint8Array, start: number, end: number): number {
    this.heardBytes += end - start;
    return end - start;
  }

  protected override onDisconnected(): void {}
}

const { server: identity, authority } = makeCertificates();
const allowHalfOpen = true;

interface Kind {
  readonly create: () => Server;
  /** The event of a server that hands out sockets on which bytes may come. */
  readonly accepts: string;
  readonly tls?: TlsOptions;
  readonly isUnix?: true;
}

const kinds: Readonly<Record<string, Kind>> = {
  TCP: { create: () => createServer({ allowHalfOpen }), accepts: 'connection' },
  Unix: { create: () => createServer({ allowHalfOpen }), accepts: 'connection', isUnix: true },
  TLS: {
    create: () => createSecureServer({ ...identity, allowHalfOpen }),
    accepts: 'secureConnection',
    tls: { ca: authority.cert },
  },
};

describe.each(Object.entries(kinds))('on a real socket: %s', (name, { create, accepts, tls, isUnix }) => {
  let folder: SocketFolder;
  let server: Server;
  let session: VandalSession;
  let peer: Socket;
  let received: string[] = [];
  const end: { how: string | undefined } = { how: undefined };

  beforeEach(async () => {
    folder = new SocketFolder();
    server = create();
    if (isUnix) server.listen(folder.path('s'));
    else server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    session.disconnect();
    peer.destroy();
    server.close();
    await once(server, 'close');
    folder[Symbol.dispose]();
  });

  async function connect(fault: FaultPlan): Promise<void> {
    received = [];
    end.how = undefined;
    const accepted = once(server, accepts) as Promise<[Socket]>;
    session = new VandalSession([fault]);
    await new Connector().connect(endPointOf(server), () => session, { ...(tls !== undefined && { tls }) });
    [peer] = await accepted;
    peer.on('data', (chunk) => received.push(chunk.toString('hex')));
    peer.on('end', () => {
      end.how ??= 'end';
    });
    peer.on('error', (error: NodeJS.ErrnoException) => {
      end.how ??= error.code;
    });
  }

  it('fragments arrive whole, one after the other', async () => {
    const pauseMs = { min: 1, max: 3 };
    await connect(always({ fault: 'fragment', of: 'packets', share: 1, bytes: { min: 2, max: 2 }, pauseMs }));
    await expect.poll(() => received.join(''), { timeout: 20_000 }).toBe('080001000a0b0c0d');
    // A record is handed on by itself, however much is there.
    if (name === 'TLS') expect(received).toEqual(['0800', '0100', '0a0b', '0c0d']);
  });

  it('a reset in the middle of a packet is one', async () => {
    await connect(always({ fault: 'resetMidPacket', of: 'packets', share: 1 }));
    // Where a slow peer finds both at once, Node reports the bytes and then an end in place of the reset.
    await expect.poll(() => end.how, { timeout: 20_000 }).toMatch(name === 'TCP' ? /^(ECONNRESET|end)$/ : /^end$/);
    expect('080001000a0b0c0d'.startsWith(received.join(''))).toBe(true);
    expect(received.join('').length).toBeLessThan(16);
  });

  it('a half-closed connection still hears', async () => {
    await connect(always({ fault: 'halfClose', of: 'connections', share: 1, afterMs: 0 }));
    await expect.poll(() => end.how, { timeout: 20_000 }).toBe('end');
    peer.write('hello');
    await expect.poll(() => session.heardBytes, { timeout: 20_000 }).toBe(5);
  });

  it('a reader that stopped lets the server’s bytes pile up', async () => {
    await connect(always({ fault: 'stopReading', of: 'connections', share: 1, afterMs: 0 }));
    const megabytes = Buffer.alloc(16 * 1024 * 1024);
    peer.write(megabytes);
    await expect.poll(() => received.join(''), { timeout: 20_000 }).toBe('080001000a0b0c0d');
    expect(peer.writableNeedDrain).toBe(true);
    expect(session.heardBytes).toBeLessThan(megabytes.length / 4);
  });
});

function endPointOf(server: Server): EndPoint {
  const address = server.address() as AddressInfo | string;
  return typeof address === 'string' ? { path: address } : { host: '127.0.0.1', port: address.port };
}
