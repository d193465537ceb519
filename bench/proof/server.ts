/**
 * The scripted server's process: `node server.js <script>`. Prints `{"port": …}` once it listens on a port that the system chose; at
 * the end of its input it prints what it recorded, as one more line, and ends.
 */
import { Listener, PacketSession, systemClock } from '../../src/core/index.js';
import { RandomStream } from '../../src/load/random.js';
import {
  answering,
  atOnce,
  dropsOneInAHundred,
  lateOneInTen,
  outOfOrder,
  queueing,
  type Script,
  shuffledDeck,
  twice,
} from './scripts.js';

const freeze = { fromMs: 4000, forMs: 1000 };

const scripts = {
  atOnce: () => answering(systemClock, atOnce),
  freezes: () => queueing(systemClock, { serviceMs: 0, freeze }),
  freezesHalfBusy: () => queueing(systemClock, { serviceMs: 0.5, freeze }),
  deals: () => answering(systemClock, shuffledDeck(1)),
  drops: () => answering(systemClock, dropsOneInAHundred),
  late: () => answering(systemClock, lateOneInTen),
  outOfOrder: () => answering(systemClock, outOfOrder),
  twice: () => answering(systemClock, twice),
  slow: () => answering(systemClock, () => [200]),
  losesCopies: () => answering(systemClock, atOnce),
} as const satisfies Record<string, () => Script>;

export type ScriptName = keyof typeof scripts;

/** What the server recorded: how long it had each request that it answered, in milliseconds, and what it received. */
export interface ServerRecord {
  readonly requests: number;
  readonly delaysMs: readonly number[];
  readonly copiesSent: number;
  readonly copiesLost: number;
  /** When each request came, in milliseconds since the first. */
  readonly arrivalsMs: readonly number[];
}

const askId = 1;
const answerId = 2;
const tellId = 3;
const newsId = 4;

const name = process.argv[2] as ScriptName;
const script = scripts[name]();
const sessions = new Set<ScriptedSession>();
const chance = RandomStream.of(1, 'copies');
const arrivalsUs: number[] = [];
let copiesSent = 0;
let copiesLost = 0;

class ScriptedSession extends PacketSession {
  protected override onConnected(): void {
    sessions.add(this);
  }

  protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
    const body = buffer.slice(start + 4, end);
    if (id === tellId) {
      handOut(body);
    } else if (id === askId) {
      arrivalsUs.push(systemClock.nowUs());
      script.onRequest(() => this.say(answerId, body));
    }
  }

  protected override onDisconnected(): void {
    sessions.delete(this);
  }

  say(id: number, body: Uint8Array): void {
    const frame = Buffer.alloc(4 + body.length);
    frame.writeUInt16LE(frame.length, 0);
    frame.writeUInt16LE(id, 2);
    frame.set(body, 4);
    this.send(frame);
  }
}

/** A copy for everyone, but for the one in a hundred that a server which loses copies loses. */
function handOut(body: Uint8Array): void {
  for (const session of sessions) {
    if (name === 'losesCopies' && chance.next() < 0.01) {
      copiesLost++;
    } else {
      copiesSent++;
      session.say(newsId, body);
    }
  }
}

const bound = await new Listener().listen({ host: '127.0.0.1', port: 0 }, () => new ScriptedSession());
process.stdout.write(`${JSON.stringify({ port: bound.port })}\n`);
process.stdin.resume().on('end', () => {
  const arrivalsMs = arrivalsUs.map((us) => (us - arrivalsUs[0]!) / 1000);
  const record: ServerRecord = {
    requests: arrivalsUs.length,
    delaysMs: script.delaysMs,
    copiesSent,
    copiesLost,
    arrivalsMs,
  };
  process.stdout.write(`${JSON.stringify(record)}\n`, () => process.exit(0));
});
