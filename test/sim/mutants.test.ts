import { afterEach, describe, expect, it, vi } from 'vitest';
import { Inbox } from '../../src/client/inbox.js';
import { RequestMeters } from '../../src/client/meters.js';
import { ReachBook } from '../../src/client/reach.js';
import type { Session } from '../../src/core/index.js';
import { SendQueue } from '../../src/core/send-queue.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { BroadcastList } from '../../src/server/broadcast-list.js';
import { ClientSession } from '../../src/server/client-session.js';
import { ServerCounters, TrafficCounter } from '../../src/server/counters.js';
import { EchoSession } from '../../src/server/echo-session.js';
import { FaultyTransport } from '../../src/server/faults/faulty-transport.js';
import { GameRoom } from '../../src/server/game-room.js';
import { LoopWatch } from '../../src/worker/loop-watch.js';
import { SimTransport } from './world/connection.js';
import { playSeed } from './world/play.js';
import { insideOf, type Side } from './world/tape.js';
import type { Sabotage } from './world/world.js';

const seeds = Array.from({ length: 30 }, (_, i) => i + 1);

/** The violations of the first seed that has any. */
async function found(sabotage: Sabotage): Promise<string> {
  for (const seed of seeds) {
    const { violations } = await playSeed(seed, { sabotage });
    if (violations.length > 0) return violations.join('\n');
  }
  return 'nothing';
}

type Inside = ReturnType<typeof insideOf>;

/** Breaks a method of each session of one side: every fifth call of it goes to `broken`, which is handed the method as it was. */
function breaks<Name extends keyof Inside>(
  where: 'beneath' | 'above',
  of: Side,
  name: Name,
  broken: (method: Inside[Name], inside: Inside, transport: SimTransport) => Inside[Name],
  nth = 5,
): Sabotage {
  const sabotage = (session: Session, transport: SimTransport): void => {
    if (transport.side !== of) return;
    const inside = insideOf(session);
    const method = inside[name].bind(session) as Inside[Name];
    const instead = broken(method, inside, transport);
    let calls = 0;
    const replaced = (...args: never[]): unknown => {
      const chosen = ++calls % nth === 0 ? instead : method;
      return (chosen as (...args: never[]) => unknown)(...args);
    };
    inside[name] = replaced as Inside[Name];
  };
  return { [where]: sabotage };
}

const nothing = new Uint8Array(0);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a session that is broken on purpose is found out, where it', () => {
  it.each<[string, Sabotage, RegExp]>([
    [
      'loses a packet that is sent',
      breaks('beneath', 'client', 'sendRange', () => () => true),
      /queuedBytes is \d+, and not|are not those that send accepted/,
    ],
    [
      'sends a packet twice',
      breaks(
        'beneath',
        'client',
        'sendRange',
        (send) =>
          (...args) =>
            send(...args) && send(...args),
      ),
      /queuedBytes is \d+, and not|are not those that send accepted/,
    ],
    [
      'changes a packet before it has left',
      breaks('beneath', 'server', 'sendRange', (send) => (buffer, start, end, packets) => {
        const accepted = send(buffer, start, end, packets);
        // Once what records it has seen it.
        queueMicrotask(() => {
          buffer[end - 1]! ^= 1;
        });
        return accepted;
      }),
      /are not those that send accepted/,
    ],
    [
      'loses a packet that came',
      breaks('above', 'client', 'onFrame', () => () => {}),
      /was not handed on|is not the packet/,
    ],
    [
      'hands a packet on twice',
      breaks('above', 'server', 'onFrame', (onFrame) => (...args) => {
        onFrame(...args);
        onFrame(...args);
      }),
      /is not the packet/,
    ],
    [
      'hands packets on in another order',
      breaks(
        'above',
        'client',
        'onRecv',
        (onRecv) => (buffer, start, end) => {
          const middle = start + ((end - start) >> 1);
          const swapped = Buffer.concat([buffer.subarray(middle, end), buffer.subarray(start, middle)]);
          return onRecv(swapped, 0, swapped.length);
        },
        3,
      ),
      /is not the packet|protocol/,
    ],
    [
      'cuts a packet short',
      breaks(
        'above',
        'client',
        'onFrame',
        (onFrame) => (buffer, start, end, id) => onFrame(buffer, start, end - 1, id),
      ),
      /is not the packet/,
    ],
    [
      'receives before it is connected',
      breaks(
        'above',
        'client',
        'onConnected',
        (onConnected, inside) => (endPoint) => {
          inside.onRecv(nothing, 0, 0);
          onConnected(endPoint);
        },
        1,
      ),
      /onRecv is called where the session is new/,
    ],
    [
      'is connected twice',
      breaks(
        'above',
        'server',
        'onConnected',
        (onConnected) => (endPoint) => {
          onConnected(endPoint);
          onConnected(endPoint);
        },
        1,
      ),
      /onConnected is called where it is not the first/,
    ],
    [
      'is disconnected twice',
      breaks(
        'above',
        'client',
        'onDisconnected',
        (onDisconnected) =>
          (...args) => {
            onDisconnected(...args);
            onDisconnected(...args);
          },
        1,
      ),
      /onDisconnected is called where the session is over/,
    ],
    [
      'is never told that it is disconnected',
      breaks('above', 'server', 'onDisconnected', () => () => {}, 1),
      /does not end|connected is false/,
    ],
    [
      'hears something once it is disconnected',
      breaks(
        'above',
        'client',
        'onDisconnected',
        (onDisconnected, inside) =>
          (...args) => {
            onDisconnected(...args);
            inside.onSend(1, 1);
          },
        1,
      ),
      /onSend is called where the session is over/,
    ],
    [
      'tells of fewer packets than came',
      breaks('above', 'client', 'onRecvBatch', (batch) => (packets, bytes) => batch(packets - 1, bytes)),
      /onRecvBatch told of -?\d+ packets/,
    ],
    [
      'tells of fewer bytes than came',
      breaks('above', 'client', 'onRecvBatch', (batch) => (packets, bytes) => batch(packets, bytes - 1)),
      /onRecvBatch told of -?\d+ bytes/,
    ],
    ['never tells that a write is complete', breaks('above', 'client', 'onSend', () => () => {}), /queuedBytes is/],
    [
      'throws in a callback',
      breaks('beneath', 'client', 'onSend', () => () => {
        throw new Error('a bug');
      }),
      /handler.*a bug/s,
    ],
  ])('%s', async (_name, sabotage, violation) => {
    expect(await found(sabotage)).toMatch(violation);
  });
});

describe('a count that is broken on purpose is found out, where', () => {
  const emptied = new Uint8Array(0);

  it.each<[string, () => Sabotage | undefined, RegExp]>([
    [
      'a report leaves a gap',
      () => ({ snapshot: (snapshot) => ({ ...snapshot, fromUs: snapshot.fromUs + 1 }) }),
      /beginning of a report/,
    ],
    ['a report is lost', () => ({ snapshot: (snapshot) => (snapshot.fromUs > 0 ? null : snapshot) }), /and not|thrown/],
    [
      'an answer is taken that came after its time',
      () => {
        const { onReply } = RequestMeters.prototype;
        vi.spyOn(RequestMeters.prototype, 'onReply').mockImplementation(function (
          this: RequestMeters,
          sent,
          arrivedUs,
        ) {
          onReply.call(this, sent, arrivedUs + 2_100_000, 0);
        });
      },
      /was answered after/,
    ],
    [
      'a snapshot loses its counters',
      () => ({ snapshot: (snapshot) => ({ ...snapshot, counters: emptied }) }),
      /connects: 0, and not|packets_sent/,
    ],
    [
      'a snapshot loses its histograms',
      () => ({ snapshot: (snapshot) => ({ ...snapshot, trends: emptied }) }),
      /connect_time: 0, and not/,
    ],
    [
      'the client forgets what it received',
      () => breaks('beneath', 'client', 'onRecvBatch', () => () => {}),
      /data_received/,
    ],
    ['the client forgets a packet', () => breaks('beneath', 'client', 'onFrame', () => () => {}), /packets_received/],
    ['the client forgets what it wrote', () => breaks('beneath', 'client', 'onSend', () => () => {}), /data_sent/],
    [
      'the client forgets that it was disconnected',
      () => breaks('beneath', 'client', 'onDisconnected', () => () => {}, 1),
      /clients of worker \d connected/,
    ],
    [
      'the server forgets packets',
      () => void vi.spyOn(TrafficCounter.prototype, 'addPackets').mockReturnValue(),
      /packets that the server got: 0/,
    ],
    [
      'a request that nobody answers is forgotten',
      () => void vi.spyOn(RequestMeters.prototype, 'onUnanswered').mockReturnValue(),
      /without an answer/,
    ],
    [
      'a request is dropped with its connection and not counted',
      () => void vi.spyOn(Inbox.prototype, 'drop').mockReturnValue(),
      /is not free to go|does not end/,
    ],
    [
      'a send that was not made is forgotten',
      () => void vi.spyOn(RequestMeters.prototype, 'onDropped').mockReturnValue(),
      /response times|attempts/,
    ],
    [
      'an answer is counted twice',
      () => {
        const { onReply } = RequestMeters.prototype;
        vi.spyOn(RequestMeters.prototype, 'onReply').mockImplementation(function (this: RequestMeters, ...args) {
          onReply.apply(this, args);
          onReply.apply(this, args);
        });
      },
      /requests (of|with)/,
    ],
    [
      'something is sent before it is due',
      () => {
        const { onSent } = RequestMeters.prototype;
        vi.spyOn(RequestMeters.prototype, 'onSent').mockImplementation(function (
          this: RequestMeters,
          bytes,
          dueUs,
          sentUs,
          phase,
        ) {
          onSent.call(this, bytes, dueUs + 1e6, sentUs, phase);
        });
      },
      /values out of range/,
    ],
    [
      'a copy of a broadcast is counted twice',
      () => {
        const { onCopy } = ReachBook.prototype;
        vi.spyOn(ReachBook.prototype, 'onCopy').mockImplementation(function (this: ReachBook, ...args) {
          onCopy.apply(this, args);
          return onCopy.apply(this, args);
        });
      },
      /copies of broadcasts came where/,
    ],
    [
      'the totals depend on the order of the reports',
      () => {
        const { add } = TotalsBuilder.prototype;
        let latest = 0;
        vi.spyOn(TotalsBuilder.prototype, 'add').mockImplementation(function (this: TotalsBuilder, snapshot) {
          if (snapshot.worker >= latest || snapshot.newSeries.length > 0) add.call(this, snapshot);
          latest = snapshot.worker;
        });
      },
      /and not|depends on the order/,
    ],
  ])('%s', async (_name, arrange, violation) => {
    expect(await found(arrange() ?? {})).toMatch(violation);
  });
});

describe('a fault that is played wrongly on purpose is found out, where', () => {
  it.each<[string, () => Sabotage | undefined, RegExp]>([
    [
      'clients play it and do not count it',
      () => {
        const { counter } = Recorder.prototype;
        vi.spyOn(Recorder.prototype, 'counter').mockImplementation(function (this: Recorder, metric, ...tags) {
          const real = counter.call(this, metric, ...tags);
          return metric === 'faults_played' ? Object.assign(Object.create(real), { add() {} }) : real;
        });
      },
      /connections are hurt, and only 0|have changed: \d+, and not 0|connections were ended by them/,
    ],
    [
      'the server loses packets that no fault took',
      () => {
        const { write } = FaultyTransport.prototype;
        let writes = 0;
        vi.spyOn(FaultyTransport.prototype, 'write').mockImplementation(function (this: FaultyTransport, buffers) {
          write.call(this, ++writes % 5 === 0 ? buffers.slice(1) : buffers);
        });
      },
      /the server has (lost|changed) \d+ packets/,
    ],
    [
      'the server sends packets twice',
      () => {
        const { write } = FaultyTransport.prototype;
        vi.spyOn(FaultyTransport.prototype, 'write').mockImplementation(function (this: FaultyTransport, buffers) {
          write.call(this, [...buffers, ...buffers]);
        });
      },
      /the server has sent \d+ bytes that are of no packet|the server has changed \d+ packets/,
    ],
    [
      'the server counts it twice',
      () => {
        const { faultStruck } = ServerCounters.prototype;
        vi.spyOn(ServerCounters.prototype, 'faultStruck').mockImplementation(function (this: ServerCounters, kind) {
          faultStruck.call(this, kind);
          faultStruck.call(this, kind);
        });
      },
      /the server has (lost|counted) \d+/,
    ],
    [
      'the server counts one that it has not',
      () => {
        const { sessionBegan } = ServerCounters.prototype;
        vi.spyOn(ServerCounters.prototype, 'sessionBegan').mockImplementation(function (this: ServerCounters) {
          sessionBegan.call(this);
          this.faultStruck('never-read');
        });
      },
      /has counted the fault never-read, which it has not/,
    ],
  ])('%s', async (_name, arrange, violation) => {
    expect(await found(arrange() ?? {})).toMatch(violation);
  });
});

describe('a server or a writer that is broken on purpose is found out, where', () => {
  it.each<[string, () => Sabotage | undefined, RegExp]>([
    [
      'pieces of a write change places',
      () => {
        const { take } = SendQueue.prototype;
        vi.spyOn(SendQueue.prototype, 'take').mockImplementation(function (this: SendQueue) {
          return take.call(this).toReversed();
        });
      },
      /are not those that send accepted/,
    ],
    [
      'a room hands a broadcast on twice',
      () => {
        const { add } = BroadcastList.prototype;
        vi.spyOn(BroadcastList.prototype, 'add').mockImplementation(function (this: BroadcastList, ...args) {
          add.apply(this, args);
          add.apply(this, args);
        });
      },
      /what is handed on is not broadcast \d+/,
    ],
    [
      'a room loses every third broadcast',
      () => {
        const { add } = BroadcastList.prototype;
        let broadcasts = 0;
        vi.spyOn(BroadcastList.prototype, 'add').mockImplementation(function (this: BroadcastList, ...args) {
          if (++broadcasts % 3 > 0) add.apply(this, args);
        });
      },
      /what is handed on is not broadcast \d+|waits for longer than/,
    ],
    [
      'a room hands broadcasts on in another order',
      () => {
        const { take } = BroadcastList.prototype;
        vi.spyOn(BroadcastList.prototype, 'take').mockImplementation(function (this: BroadcastList) {
          const { bytes, ...taken } = take.call(this);
          const first = new DataView(bytes.buffer, bytes.byteOffset).getUint16(0, true);
          return { ...taken, bytes: Buffer.concat([bytes.subarray(first), bytes.subarray(0, first)]) };
        });
      },
      /what is handed on is not broadcast \d+/,
    ],
    [
      'a room passes a player over',
      () =>
        breaks('above', 'server', 'send', (send, _inside, { remoteEndPoint: { port = 0 } }) =>
          port % 2 === 0 ? () => true : send,
        ),
      /was passed over by a flush|waits for longer than/,
    ],
    [
      'a room never hands its broadcasts on',
      () => void vi.spyOn(BroadcastList.prototype, 'isEmpty', 'get').mockReturnValue(true),
      /waits for longer than from one flush to the next/,
    ],
    [
      'a room forgets that a player has left',
      () => void vi.spyOn(GameRoom.prototype, 'leave').mockReturnValue(true),
      /is not told who is there|to who is not in it/,
    ],
    [
      'a room tells nobody who is there',
      () => void vi.spyOn(ClientSession.prototype, 'sendPacket').mockReturnValue(),
      /is not told who is there/,
    ],
    [
      'a session refuses what it has room for',
      () => breaks('beneath', 'server', 'sendRange', () => () => false),
      /send is refused where there is room/,
    ],
    [
      'a session queues more than it may',
      () => ({
        beneath: (session, { side }) => {
          if (side === 'client') vi.spyOn(session, 'queuedBytes', 'get').mockReturnValue(0);
        },
      }),
      /bytes are queued, which are too many|queuedBytes is 0/,
    ],
    [
      'a server counts an end that no session had',
      () => {
        const { totals } = ServerCounters.prototype;
        vi.spyOn(ServerCounters.prototype, 'totals').mockImplementation(function (this: ServerCounters, ...args) {
          const { disconnects, ...others } = totals.apply(this, args);
          return { ...others, disconnects: { ...disconnects, error: 1 } };
        });
      },
      /sessions of the server that ended error: 1, and not 0/,
    ],
    [
      'an echo is not what was sent',
      () =>
        breaks('above', 'server', 'sendRange', (send, inside) => (buffer, start, end, packets) => {
          if (!(inside instanceof EchoSession)) return send(buffer, start, end, packets);
          const changed = Uint8Array.from(buffer.subarray(start, end));
          changed[changed.length - 1]! ^= 1;
          return send(changed, 0, changed.length, packets);
        }),
      /is no echo/,
    ],
    [
      'a connection stays open behind its session',
      () => void vi.spyOn(SimTransport.prototype, 'destroy').mockReturnValue(),
      /its transport is open/,
    ],
    [
      'a session writes once it has ended',
      () =>
        breaks(
          'above',
          'client',
          'onDisconnected',
          (onDisconnected, _inside, transport) =>
            (...args) => {
              onDisconnected(...args);
              transport.write([nothing]);
            },
          1,
        ),
      /write is called after destroy/,
    ],
    [
      'a session never ends',
      () => ({
        beneath: (session, { side }) => {
          if (side === 'client') session.end = () => {};
        },
      }),
      /does not end/,
    ],
    [
      'a timer is left behind',
      () => void vi.spyOn(LoopWatch.prototype, 'stop').mockReturnValue(),
      /timers left of worker/,
    ],
  ])('%s', async (_name, arrange, violation) => {
    expect(await found(arrange() ?? {})).toMatch(violation);
  });
});
