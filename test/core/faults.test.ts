import { describe, expect, it } from 'vitest';
import { Connector, CoreError, Listener } from '../../src/core/index.js';
import { connectTcp } from '../../src/core/tcp.js';
import { fromHex } from './hex.js';
import { flushed, RecordingSession } from './recording-session.js';
import { ScriptedTransport } from './scripted-transport.js';

const loopback = { host: '127.0.0.1', port: 0 };

function start(session: RecordingSession): ScriptedTransport {
  const transport = new ScriptedTransport();
  session.start(transport);
  return transport;
}

/** What the original core gets wrong, by the numbers of DESIGN section 5; number 11 has a file of its own, descriptors.test.ts. */
describe('a fault of the original', () => {
  it('1: a size of 0 ends the session instead of looping for ever', () => {
    const session = new RecordingSession();
    start(session).arrive(fromHex('0000 0100'));
    expect(session.reason).toMatchObject({ cause: 'protocol', code: 'size-below-header' });
    expect(session.packets).toEqual([]);
  });

  it('2: a packet that can never fit ends the session at its header instead of waiting for ever', () => {
    const session = new RecordingSession(
      {},
      {
        framing: {
          kind: 'length',
          lengthFieldOffset: 0,
          lengthFieldLength: 2,
          endian: 'little',
          lengthAdjustment: -2,
          headerSize: 4,
          maxPacketSize: 1000,
        },
      },
    );
    start(session).arrive(fromHex('e903'));
    expect(session.reason).toMatchObject({ cause: 'protocol', code: 'packet-too-large' });
  });

  it('2: a packet as large as a packet can be is received, whatever stands before it', () => {
    const session = new RecordingSession();
    const transport = start(session);
    const largest = new Uint8Array(65_535);
    largest.set(fromHex('ffff 0100'));
    const stream = new Uint8Array([...fromHex('05000200aa'), ...largest]);
    transport.arrive(stream.subarray(0, 40_000));
    transport.arrive(stream.subarray(40_000));
    expect(session.packets.map((packet) => packet.length / 2)).toEqual([5, 65_535]);
  });

  it('3: onConnected comes before the first receive, even where the data came with the connection', async () => {
    const sessions: RecordingSession[] = [];
    let isThere: () => void;
    const arrived = new Promise<void>((resolve) => {
      isThere = resolve;
    });
    const listener = new Listener();
    const endPoint = await listener.listen(loopback, () => {
      const session = new RecordingSession({
        onConnected: (session) => session.send(fromHex('04000100')),
        onPacket: () => isThere(),
      });
      sessions.push(session);
      return session;
    });
    const client = await new Connector().connect(
      endPoint,
      () => new RecordingSession({ onConnected: (session) => session.send(fromHex('04000200')) }),
    );
    await arrived;
    await client.until(() => client.packets.length === 1);
    client.disconnect();
    await sessions[0]!.disconnected();
    await listener.close();
    for (const session of [client, sessions[0]!]) expect(session.events[0]).toBe('connected 127.0.0.1');
  });

  it.each([
    ['closed', false, 'remote'],
    ['reset', true, 'reset'],
  ])(
    '4: a peer that has %s by the time of onConnected leaves a session with an end point and an end',
    async (_how, reset, cause) => {
      let hasAccepted: (session: RecordingSession) => void;
      const accepted = new Promise<RecordingSession>((resolve) => {
        hasAccepted = resolve;
      });
      const listener = new Listener();
      const endPoint = await listener.listen(loopback, () => {
        const session = new RecordingSession();
        hasAccepted(session);
        return session;
      });
      connectTcp(
        endPoint,
        {},
        {
          onConnected: (transport) => transport.destroy(reset),
          onFailed: () => {},
        },
      );
      const session = await accepted;
      expect(await session.disconnected()).toMatchObject({ cause });
      await listener.close();
      expect(session.events).toEqual([`connected ${session.remoteEndPoint.host}`, `disconnected ${cause}`]);
      expect(['127.0.0.1', '']).toContain(session.remoteEndPoint.host);
    },
  );

  it('5: an exception while receiving ends the session with it, instead of leaving it deaf', () => {
    const error = new Error('a bug in the handler');
    const session = new RecordingSession({
      onPacket() {
        throw error;
      },
    });
    start(session).arrive(fromHex('04000100'));
    expect(session.reason).toEqual({ cause: 'handler', error });
    expect(session.connected).toBe(false);
  });

  it('6: a failed write ends the session instead of leaving it mute', async () => {
    const session = new RecordingSession();
    const transport = start(session);
    const error = new CoreError('ENOBUFS', 'no room');
    transport.failure = error;
    session.send(fromHex('01'));
    await flushed();
    expect(session.reason).toEqual({ cause: 'send', code: 'ENOBUFS', error });
    expect(session.queuedBytes).toBe(0);
  });

  it('7: a failed connect reaches the caller, with its code', async () => {
    const listener = new Listener();
    const endPoint = await listener.listen(loopback, () => new RecordingSession());
    await listener.close();
    const connecting = new Connector().connect(endPoint, () => new RecordingSession());
    await expect(connecting).rejects.toMatchObject({ name: 'CoreError', code: 'ECONNREFUSED' });
  });

  it('8: each connect of one connector keeps its own factory', async () => {
    const listener = new Listener();
    const endPoint = await listener.listen(loopback, () => new RecordingSession());
    const connector = new Connector();
    const made = [new RecordingSession(), new RecordingSession(), new RecordingSession()];
    const connected = await Promise.all(made.map((session) => connector.connect(endPoint, () => session)));
    expect(connected.map((session) => made.indexOf(session))).toEqual([0, 1, 2]);
    for (const session of made) session.disconnect();
    await listener.close();
  });

  it('9: writes that complete at once, again and again, do not end the stack', async () => {
    const writes = 100_000;
    let left = writes;
    const session = new RecordingSession({
      onSend: (session) => {
        if (--left > 0) session.send(fromHex('01'));
      },
    });
    start(session);
    session.send(fromHex('01'));
    await flushed();
    expect(session.sent).toHaveLength(writes);
    expect(session.connected).toBe(true);
  });

  it('10: a peer that does not read costs at most maxQueuedBytes, and then the session', async () => {
    const session = new RecordingSession({}, { maxQueuedBytes: 3 });
    const transport = start(session);
    transport.completesAtOnce = false;
    session.send(fromHex('0102'));
    await flushed();
    expect(session.send(fromHex('03'))).toBe(true);
    expect(session.send(fromHex('04'))).toBe(false);
    expect(session.reason).toEqual({ cause: 'queue', code: 'send-queue-full' });
  });

  it('10: or, where the caller chooses so, the sends that do not fit', async () => {
    const session = new RecordingSession({}, { maxQueuedBytes: 3, onQueueFull: 'drop' });
    const transport = start(session);
    transport.completesAtOnce = false;
    session.send(fromHex('0102'));
    expect(session.send([fromHex('03'), fromHex('04')])).toBe(false);
    expect(session.send(fromHex('05'))).toBe(true);
    await flushed();
    expect(session.refusedSends).toBe(1);
    expect(transport.writes.flat().join('')).toBe('010205');
    transport.drain();
    expect(session.send(fromHex('060708'))).toBe(true);
  });

  it.each([2, 3])('12: a size of %i, less than size and id together, is a protocol error', (size) => {
    const session = new RecordingSession();
    start(session).arrive(Uint8Array.of(size, 0, 1, 0));
    expect(session.reason).toMatchObject({ cause: 'protocol', code: 'size-below-header' });
    expect(session.packets).toEqual([]);
  });

  it('13: a send after the disconnect is refused and counted, not queued for ever', async () => {
    const session = new RecordingSession();
    const transport = start(session);
    session.send(fromHex('01'));
    session.disconnect();
    expect(session.send(fromHex('02'))).toBe(false);
    expect(session.sendRange(fromHex('03'), 0, 1)).toBe(false);
    await flushed();
    expect(session.refusedSends).toBe(2);
    expect(session.queuedBytes).toBe(0);
    expect(transport.writes).toEqual([]);
  });
});
