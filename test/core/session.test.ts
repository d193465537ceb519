import { describe, expect, it, vi } from 'vitest';
import {
  CoreError,
  type DisconnectReason,
  type EndPoint,
  type PacketSessionOptions,
  ProtocolError,
  SendBufferHelper,
  Session,
  type SessionOptions,
} from '../../src/core/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { fromHex, toHex } from './hex.js';
import { type Behaviour, flushed, RecordingSession } from './recording-session.js';
import { ScriptedTransport } from './scripted-transport.js';

function startSession(behaviour: Behaviour = {}, options: PacketSessionOptions = {}) {
  const session = new RecordingSession(behaviour, options);
  const transport = new ScriptedTransport();
  session.start(transport);
  return { session, transport };
}

/** A session without packets, that consumes what `consume` says. */
class RawSession extends Session {
  readonly received: string[] = [];
  reason: DisconnectReason | undefined;
  readonly #consume: (size: number) => number;

  constructor(consume: (size: number) => number, options: SessionOptions = {}) {
    super(options);
    this.#consume = consume;
  }

  protected override onConnected(_endPoint: EndPoint): void {}

  protected override onRecv(buffer: Uint8Array, start: number, end: number): number {
    this.received.push(toHex(buffer.subarray(start, end)));
    return this.#consume(end - start);
  }

  protected override onDisconnected(_endPoint: EndPoint, reason: DisconnectReason): void {
    this.reason = reason;
  }
}

describe('sending', () => {
  it('gathers all sends of one callback into one write', async () => {
    const { session, transport } = startSession();
    session.send(fromHex('0102'));
    session.send([fromHex('03'), fromHex('0405')]);
    expect(transport.writes).toEqual([]);
    await flushed();
    expect(transport.writes.map((pieces) => pieces.join(''))).toEqual(['0102030405']);
    expect(session.sent).toEqual([{ bytes: 5, packets: 3 }]);
  });

  it('gathers what is queued while a write is under way into the next', async () => {
    const { session, transport } = startSession();
    transport.completesAtOnce = false;
    session.send(fromHex('01'));
    await flushed();
    session.send(fromHex('02'));
    session.send(fromHex('03'));
    await flushed();
    expect(transport.writes.map((pieces) => pieces.join(''))).toEqual(['01']);
    expect(session.queuedBytes).toBe(3);
    transport.drain();
    expect(transport.writes.map((pieces) => pieces.join(''))).toEqual(['01', '0203']);
    transport.drain();
    expect(session.sent).toEqual([
      { bytes: 1, packets: 1 },
      { bytes: 2, packets: 2 },
    ]);
    expect(session.queuedBytes).toBe(0);
  });

  it('merges ranges that adjoin in one chunk into one piece', async () => {
    const { session, transport } = startSession();
    const helper = new SendBufferHelper();
    for (const hex of ['0102', '03', '040506']) {
      const bytes = fromHex(hex);
      const { buffer, offset } = helper.open(bytes.length);
      buffer.set(bytes, offset);
      session.sendRange(buffer, offset, helper.closeRange(bytes.length));
    }
    await flushed();
    expect(transport.writes).toEqual([['010203040506']]);
    expect(session.sent).toEqual([{ bytes: 6, packets: 3 }]);
  });

  it('merges views that adjoin in one memory, and keeps all others apart and in order', async () => {
    const { session, transport } = startSession();
    const memory = fromHex('0001020304050607');
    session.send([
      memory.subarray(1, 3),
      memory.subarray(3, 4),
      memory.subarray(6, 8),
      fromHex('ff'),
      memory.subarray(4, 5),
    ]);
    await flushed();
    expect(transport.writes).toEqual([['010203', '0607', 'ff', '04']]);
  });

  it('keeps views apart that only seem to adjoin, because each is of another memory', async () => {
    const { session, transport } = startSession();
    session.send([fromHex('0102'), fromHex('000003').subarray(2)]);
    await flushed();
    expect(transport.writes).toEqual([['0102', '03']]);
  });

  it('counts the packets that the caller names', async () => {
    const { session } = startSession();
    session.send(fromHex('01020304'), 4);
    session.sendRange(fromHex('01020304'), 1, 3, 2);
    await flushed();
    expect(session.sent).toEqual([{ bytes: 6, packets: 6 }]);
  });

  it('writes nothing for a send of nothing', async () => {
    const { session, transport } = startSession();
    expect(session.send([])).toBe(true);
    expect(session.send(new Uint8Array(0))).toBe(true);
    await flushed();
    expect(transport.writes).toEqual([]);
  });

  it('goes on sending what onSend queues', async () => {
    let left = 3;
    const { session, transport } = startSession({
      onSend: (session) => {
        if (left-- > 0) session.send(fromHex('02'));
      },
    });
    session.send(fromHex('01'));
    await flushed();
    expect(transport.writes).toEqual([['01'], ['02'], ['02'], ['02']]);
  });

  it('writes what a receive made it send before that receive returns', () => {
    const other = startSession();
    const { transport } = startSession({
      onPacket(session) {
        session.send(fromHex('01'));
        other.session.send(fromHex('02'));
        expect(transport.writes).toEqual([]);
      },
    });
    transport.arrive(fromHex('04000100 04000200'));
    expect(transport.writes.map((pieces) => pieces.join(''))).toEqual(['0101']);
    expect(other.transport.writes.map((pieces) => pieces.join(''))).toEqual(['0202']);
  });

  it('answers over transports that deliver within the write, without recursion', async () => {
    const rounds = 20_000;
    let left = rounds;
    const answer = (session: RecordingSession): void => {
      if (--left > 0) session.send(fromHex('04000100'));
    };
    const near = startSession({ onPacket: answer });
    const far = startSession({ onPacket: answer });
    near.transport.deliversTo = far.transport;
    far.transport.deliversTo = near.transport;
    near.session.send(fromHex('04000100'));
    await flushed();
    expect(near.session.packets.length + far.session.packets.length).toBe(rounds);
  });

  it('sends to others in the same flush when one session ends in it', async () => {
    const first = startSession({ onSend: (session) => session.disconnect() });
    const second = startSession();
    first.session.send(fromHex('01'));
    second.session.send(fromHex('02'));
    await flushed();
    expect(second.transport.writes).toEqual([['02']]);
  });
});

describe('end()', () => {
  it('waits for the write under way before it makes the next, and for that before it closes', async () => {
    const { session, transport } = startSession();
    transport.completesAtOnce = false;
    session.send(fromHex('04000100'));
    await flushed();
    session.send(fromHex('04000200'));
    session.end();
    await flushed();
    expect(transport.writes).toEqual([['04000100']]);
    transport.drain();
    expect(transport.writes).toEqual([['04000100'], ['04000200']]);
    expect(transport.calls).toEqual(['open']);
    transport.drain();
    expect(transport.calls).toEqual(['open', 'end']);
  });

  it('finishes sending only after all is written, and waits for the peer', async () => {
    const { session, transport } = startSession({}, { clock: new ManualClock() });
    transport.completesAtOnce = false;
    session.send(fromHex('01'));
    session.end();
    await flushed();
    expect(transport.calls).toEqual(['open']);
    transport.drain();
    expect(transport.calls).toEqual(['open', 'end']);
    expect(session.connected).toBe(true);
    transport.arriveEnd();
    expect(session.reason).toEqual({ cause: 'local' });
    expect(transport.calls).toEqual(['open', 'end', 'destroy']);
  });

  it('flushes even where the peer has finished first', async () => {
    const { session, transport } = startSession({}, { clock: new ManualClock() });
    transport.completesAtOnce = false;
    session.send(fromHex('01'));
    session.end();
    await flushed();
    transport.arriveEnd();
    expect(session.connected).toBe(true);
    transport.drain();
    expect(session.reason).toEqual({ cause: 'local' });
  });

  it('closes at once when its time is over', async () => {
    const clock = new ManualClock();
    const { session, transport } = startSession({}, { clock, endTimeoutMs: 100 });
    transport.completesAtOnce = false;
    session.send(fromHex('01'));
    session.end();
    await flushed();
    clock.advance(99);
    expect(session.connected).toBe(true);
    clock.advance(1);
    expect(session.reason).toEqual({ cause: 'local', code: 'end-timeout' });
  });

  it('leaves no timer behind', async () => {
    const clock = new ManualClock();
    const { session, transport } = startSession({}, { clock });
    session.end();
    await flushed();
    transport.arriveEnd();
    expect(clock.waiting).toBe(0);
  });

  it('refuses sends from then on, and counts them', () => {
    const { session } = startSession({}, { clock: new ManualClock() });
    session.end();
    expect(session.send(fromHex('01'))).toBe(false);
    expect(session.refusedSends).toBe(1);
  });

  it('takes a reset by the peer for its close, once all is written', async () => {
    const { session, transport } = startSession({}, { clock: new ManualClock() });
    session.end();
    await flushed();
    transport.break(new CoreError('ECONNRESET', 'reset'));
    expect(session.reason).toEqual({ cause: 'local' });
  });
});

describe('the reason of a disconnect', () => {
  it.each([
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'send'],
    ['ETIMEDOUT', 'error'],
  ] as const)('is, for %s, %s', (code, cause) => {
    const { session, transport } = startSession();
    const error = new CoreError(code, 'broken');
    transport.break(error);
    expect(session.reason).toEqual({ cause, code, error });
  });

  it('says how many bytes of a packet had come when the peer closed, or reset', () => {
    const closed = startSession();
    closed.transport.arrive(fromHex('0400 0100 0600 01'));
    closed.transport.arriveEnd();
    expect(closed.session.reason).toEqual({ cause: 'remote', unconsumedBytes: 3 });
    const reset = startSession();
    reset.transport.arrive(fromHex('06'));
    reset.transport.break(new CoreError('ECONNRESET', 'reset'));
    expect(reset.session.reason).toMatchObject({ cause: 'reset', unconsumedBytes: 1 });
  });

  it('says nothing of it where all packets were whole, there are none, or this side was leaving', () => {
    const whole = startSession();
    whole.transport.arrive(fromHex('0400 0100'));
    whole.transport.arriveEnd();
    expect(whole.session.reason).toEqual({ cause: 'remote' });
    const raw = startSession({}, { framing: { kind: 'raw' } });
    raw.transport.arrive(fromHex('0600'));
    raw.transport.arriveEnd();
    expect(raw.session.reason).toEqual({ cause: 'remote' });
    const leaving = startSession();
    leaving.transport.arrive(fromHex('0600'));
    leaving.session.end();
    leaving.transport.break(new CoreError('ECONNRESET', 'reset'));
    expect(leaving.session.reason?.unconsumedBytes).toBeUndefined();
  });

  it('is what the caller gives', () => {
    const { session } = startSession();
    session.disconnect({ cause: 'error', code: 'kicked' });
    expect(session.reason).toEqual({ cause: 'error', code: 'kicked' });
  });

  it.each(['onConnected', 'onPacket', 'onSend', 'onBatch'] as const)(
    'is "handler" where %s throws',
    async (callback) => {
      const error = new Error('a bug');
      const { session, transport } = startSession({
        [callback]() {
          throw error;
        },
      });
      transport.arrive(fromHex('04000100'));
      session.send(fromHex('01'));
      await flushed();
      expect(session.reason).toEqual({ cause: 'handler', error });
      expect(session.events.at(-1)).toBe('disconnected handler');
    },
  );

  it('is "protocol" where a callback throws a ProtocolError', () => {
    const error = new ProtocolError('body-too-short', 'a string reaches beyond its packet');
    const { session, transport } = startSession({
      onPacket() {
        throw error;
      },
    });
    transport.arrive(fromHex('04000100'));
    expect(session.reason).toEqual({ cause: 'protocol', code: 'body-too-short', error });
  });
});

describe('a disconnect', () => {
  it('in the middle of a chunk ends the packets of that chunk', () => {
    const { session, transport } = startSession({ onPacket: (session) => session.disconnect() });
    transport.arrive(fromHex('04000100 04000200'));
    expect(session.packets).toEqual(['04000100']);
    expect(session.batches).toEqual([]);
  });

  it('in an onDisconnected, or a second time, does nothing', () => {
    const { session } = startSession({ onDisconnected: (session) => session.disconnect() });
    session.disconnect();
    session.disconnect();
    expect(session.events).toEqual(['connected there', 'disconnected local']);
  });

  it('whose onDisconnected throws becomes a warning, and ends nothing else', () => {
    const { session } = startSession({
      onDisconnected() {
        throw new Error('a bug in onDisconnected');
      },
    });
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    session.disconnect();
    expect(warn.mock.calls).toEqual([[new Error('a bug in onDisconnected')]]);
    warn.mockRestore();
  });
});

describe('a session without packets', () => {
  it('gets again what it left, with more behind it', () => {
    const session = new RawSession((size) => (size < 3 ? 0 : 3));
    const transport = new ScriptedTransport();
    session.start(transport);
    for (const hex of ['01', '02', '030405', '06']) transport.arrive(fromHex(hex));
    expect(session.received).toEqual(['01', '0102', '0102030405', '0405', '040506']);
  });

  it.each([-1, 4, Number.NaN])('ends with a protocol error where it consumes %s of 3 bytes', (consumed) => {
    const session = new RawSession(() => consumed);
    const transport = new ScriptedTransport();
    session.start(transport);
    transport.arrive(fromHex('010203'));
    expect(session.reason).toMatchObject({ cause: 'protocol', code: 'bad-consumed-count' });
  });

  it('has nothing unconsumed while what it left is handed to it again', () => {
    const { session, transport } = startSession({
      onPacket: (each) => seen.push([each.unconsumedBytes, each.unconsumed.length]),
    });
    const seen: number[][] = [];
    transport.arrive(fromHex('0600 01'));
    expect([session.unconsumedBytes, session.unconsumed.length]).toEqual([3, 3]);
    transport.arrive(fromHex('00 aabb 0400 0100 0600'));
    expect(seen).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect([session.unconsumedBytes, session.unconsumed.length]).toEqual([2, 2]);
  });

  it('ends with a protocol error where it leaves more than its receive buffer holds', () => {
    const session = new RawSession(() => 0, { recvBufferSize: 4 });
    const transport = new ScriptedTransport();
    session.start(transport);
    transport.arrive(fromHex('010203'));
    transport.arrive(fromHex('04'));
    expect(session.connected).toBe(true);
    transport.arrive(fromHex('05'));
    expect(session.reason).toMatchObject({ cause: 'protocol', code: 'recv-buffer-full' });
  });

  it('ends so too where it leaves that much of what comes at once', () => {
    const session = new RawSession(() => 1, { recvBufferSize: 4 });
    const transport = new ScriptedTransport();
    session.start(transport);
    transport.arrive(fromHex('010203040506'));
    expect(session.reason).toMatchObject({
      cause: 'protocol',
      code: 'recv-buffer-full',
      error: { message: '5 bytes are left unconsumed, and 4 would fit' },
    });
  });
});

describe('bytes that stand anywhere in the buffer they came in', () => {
  it('are counted from where they stand', () => {
    const { session, transport } = startSession();
    transport.arrive(fromHex('0400010004000200'), 1000);
    expect(session.batches).toEqual([{ packets: 2, bytes: 8 }]);
  });

  it('cannot be consumed beyond their end', () => {
    const session = new RawSession((size) => size + 1);
    const transport = new ScriptedTransport();
    session.start(transport);
    transport.arrive(fromHex('010203'), 1000);
    expect(session.reason).toMatchObject({
      code: 'bad-consumed-count',
      error: { message: 'onRecv consumed 4 of 3 bytes' },
    });
  });

  it('make a packet that comes in many small pieces', () => {
    const packet = new Uint8Array(500).fill(7);
    packet.set(fromHex('f4010100'));
    const { session, transport } = startSession();
    for (let at = 0; at < packet.length; at += 50) transport.arrive(packet.subarray(at, at + 50), 1000);
    expect(session.packets).toEqual([toHex(packet)]);
  });

  it('are refused for their number, and not for where they stand', () => {
    const { session } = startSession({}, { maxQueuedBytes: 10, onQueueFull: 'drop' });
    const buffer = new Uint8Array(100);
    expect(session.sendRange(buffer, 50, 60)).toBe(true);
    expect(session.sendRange(buffer, 60, 61)).toBe(false);
    expect(session.refusedSends).toBe(1);
  });
});

describe('a packet that has begun to come', () => {
  it('is of the size that its header says, once that is there', () => {
    const { session, transport } = startSession();
    transport.arrive(fromHex('06'));
    expect([session.unfinishedSize, session.unconsumedBytes]).toEqual([0, 1]);
    transport.arrive(fromHex('00 0100'));
    expect([session.unfinishedSize, session.unconsumedBytes, toHex(session.unconsumed)]).toEqual([6, 4, '06000100']);
    transport.arrive(fromHex('aabb'));
    expect([session.unfinishedSize, session.unconsumedBytes]).toEqual([0, 0]);
  });
});

describe('a session that is not connected', () => {
  it('may be told to pause, to go on, to end and to disconnect, before and after', () => {
    const clock = new ManualClock();
    const session = new RecordingSession({}, { clock });
    const tell = (): void => {
      session.pause();
      session.resume();
      session.end();
      session.disconnect();
    };
    tell();
    expect(clock.waiting).toBe(0);
    const transport = new ScriptedTransport();
    session.start(transport);
    session.disconnect();
    tell();
    expect(transport.calls).toEqual(['open', 'destroy']);
    expect(clock.waiting).toBe(0);
    expect(session.reason).toEqual({ cause: 'local' });
  });

  it('ends once: to ask twice does not give it more time', () => {
    const clock = new ManualClock();
    const session = new RecordingSession({}, { clock, endTimeoutMs: 100 });
    session.start(new ScriptedTransport());
    session.end();
    clock.advance(60);
    session.end();
    expect(clock.waiting).toBe(1);
    clock.advance(40);
    expect(session.reason).toEqual({ cause: 'local', code: 'end-timeout' });
  });
});

describe('start()', () => {
  it('serves one connection only', () => {
    const { session } = startSession();
    session.disconnect();
    expect(() => session.start(new ScriptedTransport())).toThrowError(
      expect.objectContaining({ code: 'already-started' }),
    );
  });
});
