import { readFileSync } from 'node:fs';
import type { SteeringState } from '../../../src/control/messages.js';
import { type Framing, serverCoreFraming } from '../../../src/core/index.js';
import { RandomStream } from '../../../src/load/random.js';
import type { Stage } from '../../../src/load/stages.js';
import { type PacketSet, parsePdl } from '../../../src/packets/index.js';
import type {
  BroadcastPlan,
  ClientKindPlan,
  EveryPlan,
  Expectation,
  OnPlan,
  Plan,
  SendStep,
  ServerFaultPlan,
  Step,
  ValueTemplate,
} from '../../../src/scenario/plan.js';
import { kind, paced, pause, planOf, packets as smallPackets } from '../../support/plans.js';
import { drawFaults, drawServerFaults } from './fault-draws.js';
import { type Climate, oneOf } from './weather.js';

/** The reference server's modes, and a small server with framings and answers of its own. */
export type Mode = 'echo' | 'chat' | 'move' | 'answers';

/** What is done to the run from outside while it goes on. */
export type Deed = { readonly atMs: number } & (
  | { readonly what: 'steer'; readonly state: SteeringState }
  | { readonly what: 'stop'; readonly mode: 'graceful' | 'now' }
  /** A process stands still: a worker's, by its number, or the server's. */
  | { readonly what: 'freeze'; readonly who: number | 'server'; readonly forMs: number }
  /** The server ends so many sessions, drops them, or stops to read from them for a while. */
  | { readonly what: 'end' | 'drop' | 'deafen'; readonly sessions: number }
  /** The server ends, and another begins a while later. */
  | { readonly what: 'restart'; readonly forMs: number }
);

/** All that one seed decides, but for what the network does: the plan, who plays it, and what befalls them. */
export interface Scenario {
  readonly seed: number;
  readonly mode: Mode;
  readonly climate: Climate;
  readonly plan: Plan;
  readonly workers: number;
  /** From one flush of a room to the next. */
  readonly flushMs: number;
  /** The most bytes that wait for a session of the server, which is then disconnected, and of a client, which then drops sends. */
  readonly maxQueuedBytes: { readonly server: number; readonly client: number };
  /** How the reference server misbehaves. */
  readonly serverFaults: readonly ServerFaultPlan[];
  readonly deeds: readonly Deed[];
}

/** What a mode plays: its packets, and how a client asks for something. */
interface Play {
  readonly framing: { readonly send: Framing; readonly receive: Framing };
  readonly packets: PacketSet;
  /** A packet to send for place `slot` of the scenario; its reply is awaited where `expecting`. */
  send(slot: number, expecting: boolean): SendStep;
  /** A packet that the server sends to everyone, or nothing where there is none. */
  readonly pushed: string | null;
  /** A packet with which a client may answer that, because the server pushes nothing for it. */
  answer?(expecting: boolean): SendStep;
  readonly preamble: readonly number[];
}

export function drawScenario(seed: number): Scenario {
  const random = RandomStream.of(seed, 'scenario');
  const mode = oneOf(random, ['echo', 'echo', 'chat', 'chat', 'move', 'answers', 'answers', 'answers']);
  const climate = random.next() < 0.35 ? 'calm' : 'rough';
  const clients = oneOf(random, [1, 2, 5, 12, 20]);
  const play = plays[mode](random);
  const stages = drawStages(random, clients);
  const totalMs = stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const kinds = Array.from({ length: random.int(1, 2) }, (_, i) =>
    drawKind(random, play, `kind${i}`, clients, climate),
  );
  const workers = random.int(1, Math.min(3, clients));
  const protocol = { ...planOf([]).protocol, ...play.framing, preamble: play.preamble, packets: play.packets };
  const plan = planOf(withFaults(RandomStream.of(seed, 'faults'), kinds, protocol), {
    maxClients: clients,
    stages,
    warmupMs: oneOf(random, [0, 0, 700]),
    begin: oneOf(random, ['each', 'each', 'together']),
    gracefulStopMs: oneOf(random, [0, 300, 1000]),
    connectTimeoutMs: oneOf(random, [30, 500, 2000]),
    pacing: random.next() < 0.1 ? 'precise' : 'normal',
  });
  return {
    seed,
    mode,
    climate,
    workers,
    flushMs: oneOf(random, [1, 50, 250]),
    maxQueuedBytes: {
      server: climate === 'rough' ? oneOf(random, [3000, 1_000_000]) : 16_000_000,
      client: oneOf(random, [100, 10_000, 4_000_000]),
    },
    plan: {
      ...plan,
      name: `seed ${seed}`,
      seed: random.int(1, 2 ** 31),
      protocol,
    },
    serverFaults: drawServerFaultsOf(mode, RandomStream.of(seed, 'server faults')),
    deeds: drawDeeds(random, climate, workers, clients, totalMs),
  };
}

/** In every third scenario some or all clients play faults. */
function withFaults(
  random: RandomStream,
  kinds: readonly ClientKindPlan[],
  protocol: Plan['protocol'],
): readonly ClientKindPlan[] {
  if (random.next() < 0.67) return kinds;
  const faulty = random.int(1, kinds.length);
  return kinds.map((kind, i) => (i < faulty ? { ...kind, faults: drawFaults(random, protocol) } : kind));
}

/** The small server has none. */
function drawServerFaultsOf(mode: Mode, random: RandomStream): readonly ServerFaultPlan[] {
  return mode === 'answers' || random.next() < 0.67 ? [] : drawServerFaults(random);
}

function drawStages(random: RandomStream, clients: number): readonly Stage[] {
  const up = { durationMs: oneOf(random, [0, 200, 800]), target: clients };
  const hold = { durationMs: random.int(300, 1500), target: clients };
  if (random.next() < 0.6) return [up, hold];
  const fewer = random.int(0, clients - 1);
  const down = { durationMs: oneOf(random, [0, 500]), target: fewer };
  const again = { durationMs: oneOf(random, [100, 500]), target: random.int(fewer, clients) };
  return [up, hold, down, again, { durationMs: random.int(0, 500), target: again.target }];
}

function drawKind(random: RandomStream, play: Play, name: string, clients: number, climate: Climate): ClientKindPlan {
  let slot = 0;
  const send = (): SendStep => {
    const step = play.send(++slot, random.next() < 0.7);
    return { ...step, path: `${name}.${slot}` };
  };
  const wait = (): Step => {
    if (play.pushed === null) return send();
    return { verb: 'expect', path: `${name}.${++slot}`, expect: expectation(random, play.pushed, []) };
  };
  const list = (): Step[] => Array.from({ length: random.int(1, 3) }, () => drawStep(random, send, wait));
  // As many packets a second for all clients together, however many there are.
  const every = (): EveryPlan => {
    const intervalMs = oneOf(random, [10, 30, 100]) * (play.pushed === null ? 1 : Math.sqrt(clients));
    const per = oneOf(random, ['client', 'client', 'swarm']);
    return paced(per === 'client' ? intervalMs * 2 : intervalMs / 2, send(), {
      per,
      arrivals: oneOf(random, ['constant', 'poisson']),
      phase: oneOf(random, ['random', 'even']),
    });
  };
  const loop: Step[] = random.next() < 0.5 ? [...list(), pause(oneOf(random, [5, 50]))] : [];
  if (loop.length > 0 && random.next() < 0.3) loop.push({ verb: 'disconnect' });
  return kind({
    name,
    weight: random.int(1, 3),
    start: random.next() < 0.6 ? list() : [],
    loop,
    every: Array.from({ length: random.int(0, 2) }, every),
    on: play.pushed !== null && random.next() < 0.2 ? [drawAnswer(random, play, play.pushed, `${name}.${++slot}`)] : [],
    lifetimeMs: random.next() < 0.3 ? { min: 100, max: 900 } : null,
    reconnect: climate === 'rough' && random.next() < 0.7 ? { afterMs: random.int(1, 200), maxMs: 1000 } : null,
  });
}

/** What a client does when the server pushes something: it asks, where that is not pushed to everyone again. */
function drawAnswer(random: RandomStream, { answer }: Play, pushed: string, path: string): OnPlan {
  const steps = answer === undefined ? [] : [{ ...answer(random.next() < 0.5), path }];
  return { match: { kind: 'packet', packet: pushed }, fields: [], steps: [pause(random.int(0, 20)), ...steps] };
}

function drawStep(random: RandomStream, send: () => SendStep, wait: () => Step): Step {
  const draw = random.next();
  if (draw < 0.6) return send();
  if (draw < 0.7) return wait();
  if (draw < 0.85) return pause(random.int(0, 100));
  return { verb: 'repeat', times: random.int(1, 4), steps: [send()] };
}

function drawDeeds(
  random: RandomStream,
  climate: Climate,
  workers: number,
  clients: number,
  totalMs: number,
): readonly Deed[] {
  const deeds: Deed[] = [];
  const at = (): number => random.int(0, totalMs + 300);
  if (random.next() < 0.3) {
    for (let i = random.int(1, 3); i > 0; i--) {
      const state = {
        paused: random.next() < 0.3,
        rateFactor: oneOf(random, [0.3, 1, 3]),
        clientsBy: random.int(-clients, 4),
      };
      deeds.push({ what: 'steer', atMs: at(), state });
    }
  }
  if (random.next() < 0.15) deeds.push({ what: 'stop', atMs: at(), mode: oneOf(random, ['graceful', 'now']) });
  if (random.next() < 0.4) {
    const who = oneOf(random, ['server', random.int(0, workers - 1)]);
    deeds.push({ what: 'freeze', atMs: at(), who, forMs: oneOf(random, [5, 60, 700]) });
  }
  if (climate === 'rough') {
    for (let i = random.int(0, 6); i > 0; i--)
      deeds.push({
        what: oneOf(random, ['end', 'end', 'drop', 'deafen']),
        atMs: at(),
        sessions: oneOf(random, [1, 2, 20]),
      });
    if (random.next() < 0.25) deeds.push({ what: 'restart', atMs: at(), forMs: random.int(0, 500) });
  }
  return deeds;
}

/** Waits for `packet`, by these fields where they tell replies apart. */
function expectation(random: RandomStream, packet: string, where: Expectation['where']): Expectation {
  return {
    matches: [{ kind: 'packet', packet }],
    timeoutMs: oneOf(random, [20, 300, 2000]),
    onTimeout: oneOf(random, ['fail', 'continue', 'continue']),
    where,
    save: [],
    check: [],
    fields: where.map(({ field }) => field),
  };
}

function sendStep(
  packet: string,
  values: readonly ValueTemplate[],
  expect: Expectation | null,
  broadcast: BroadcastPlan | null = null,
): SendStep {
  return { verb: 'send', path: '', packet, values, expect, broadcast };
}

const expression = (source: string): ValueTemplate => ({ kind: 'expression', source });

/** Mostly short, seldom long: as the text of a packet. */
function filler(random: RandomStream): string {
  return '가'.repeat(oneOf(random, [0, 1, 10, 100, random.int(0, 3000)]));
}

function bundled(file: string): PacketSet {
  const path = new URL(`../../../scenarios/packets/${file}`, import.meta.url);
  return parsePdl(readFileSync(path, 'utf8'), file);
}

const serverCore = { send: serverCoreFraming, receive: serverCoreFraming };

const framings: readonly Framing[] = [
  serverCoreFraming,
  { ...serverCoreFraming, endian: 'big', lengthAdjustment: 2 },
  { ...serverCoreFraming, lengthFieldLength: 4, lengthAdjustment: -4, idOffset: 4, headerSize: 6 },
  { ...serverCoreFraming, lengthFieldLength: 'varint', lengthAdjustment: 2, idOffset: 0, headerSize: 2 },
  {
    ...serverCoreFraming,
    lengthFieldOffset: 1,
    lengthFieldLength: 3,
    lengthAdjustment: 0,
    idOffset: 0,
    idLength: 1,
    headerSize: 4,
  },
];

/** Each request has a number, of which there are few, and its reply the same. */
const numberedFraming: Framing = {
  ...serverCoreFraming,
  headerFields: [{ name: 'number', offset: 4, length: 1, value: { match: true } }],
  headerSize: 5,
};
const numbered = { send: numberedFraming, receive: numberedFraming };

const plays: Readonly<Record<Mode, (random: RandomStream) => Play>> = {
  echo: (random) => ({
    framing: serverCore,
    packets: bundled('echo.pdl.xml'),
    pushed: null,
    preamble: [],
    send(slot, expecting) {
      const sequence = `${slot} * 1000000 + send.index`;
      const where = random.next() < 0.5 ? [{ field: 'sequence', value: expression(sequence) }] : [];
      const values: ValueTemplate[] = [expression(sequence), { kind: 'constant', value: filler(random) }];
      return sendStep('Echo', values, expecting ? expectation(random, 'Echo', where) : null);
    },
  }),
  chat: (random) => {
    const guardMs = random.int(0, 300);
    const broadcast = { packet: 'S_Chat', field: null, timeoutMs: 1500, guardMs, echo: true };
    return {
      framing: serverCore,
      packets: bundled('chat.pdl.xml'),
      pushed: 'S_Chat',
      preamble: [],
      send(slot, expecting) {
        const parts = [
          `${slot}:`,
          { source: 'send.index' },
          ' ',
          { stamp: true },
          filler(random).slice(0, 200),
        ] as const;
        const expect = expecting ? expectation(random, 'S_Chat', []) : null;
        return sendStep('C_Chat', [{ kind: 'text', parts }], expect, broadcast);
      },
    };
  },
  move: (random) => ({
    framing: serverCore,
    packets: bundled('move.pdl.xml'),
    pushed: 'S_BroadcastMove',
    preamble: [],
    send(slot, expecting) {
      if (random.next() < 0.1) return sendStep('C_LeaveGame', [], null);
      const values = [
        expression('double(send.index)'),
        { kind: 'constant', value: 0.5 },
        { kind: 'constant', value: slot },
      ] as const;
      return sendStep('C_Move', values, expecting ? expectation(random, 'S_BroadcastMove', []) : null);
    },
  }),
  answers: (random) => ({
    framing: random.next() < 0.3 ? numbered : { send: oneOf(random, framings), receive: oneOf(random, framings) },
    preamble: oneOf(random, [[], [], [1], [83, 87, 65, 82, 77]]),
    answer: (expecting) => {
      return sendStep(
        'C_Ask',
        [{ kind: 'constant', value: -1 }],
        expecting ? expectation(random, 'S_Answer', []) : null,
      );
    },
    packets: { format: 'pdl', packets: smallPackets },
    pushed: 'S_News',
    send(slot, expecting) {
      if (random.next() < 0.2) return sendStep('C_Tell', [expression('send.index')], null);
      const n = `${slot} * 1000000 + send.index`;
      const where = random.next() < 0.7 ? [{ field: 'n', value: expression(n) }] : [];
      return sendStep('C_Ask', [expression(n)], expecting ? expectation(random, 'S_Answer', where) : null);
    },
  }),
};
