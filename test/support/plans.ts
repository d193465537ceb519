import { serverCoreFraming } from '../../src/core/index.js';
import type { FieldDefinition, PacketDefinition } from '../../src/packets/index.js';
import type {
  BroadcastPlan,
  ClientKindPlan,
  EveryPlan,
  Expectation,
  LoadPlan,
  Plan,
  SendStep,
  ValueTemplate,
} from '../../src/scenario/plan.js';

const int = (name: string): FieldDefinition => ({ name, type: 'int' });

/** A protocol small enough to read in hex: every packet has one whole number. */
export const packets: readonly PacketDefinition[] = [
  { name: 'C_Ask', id: 1, direction: 'toServer', fields: [int('n')] },
  { name: 'S_Answer', id: 2, direction: 'toClient', fields: [int('n')] },
  { name: 'C_Tell', id: 3, direction: 'toServer', fields: [int('n')] },
  { name: 'S_News', id: 4, direction: 'toClient', fields: [int('n')] },
];

export const number = (value: number): ValueTemplate => ({ kind: 'constant', value });
export const expression = (source: string): ValueTemplate => ({ kind: 'expression', source });

/** Waits for S_Answer for two seconds, and fails the list where it does not come. */
export function answer(changes: Partial<Expectation> = {}): Expectation {
  return {
    matches: [{ kind: 'packet', packet: 'S_Answer' }],
    timeoutMs: 2000,
    onTimeout: 'fail',
    where: [],
    save: [],
    check: [],
    fields: [],
    ...changes,
  };
}

/** Sends C_Ask with this number, and waits for the answer unless `expect` is null. */
export function ask(value: ValueTemplate = number(1), expect: Expectation | null = answer()): SendStep {
  return { verb: 'send', path: 'bot.step', packet: 'C_Ask', values: [value], expect, broadcast: null };
}

/** Sends C_Tell, which nothing answers. */
export function tell(value: ValueTemplate = number(1)): SendStep {
  return { verb: 'send', path: 'bot.tell', packet: 'C_Tell', values: [value], expect: null, broadcast: null };
}

/** One open-loop send per interval and client, unless told otherwise. */
export function paced(intervalMs: number, send: SendStep, changes: Partial<EveryPlan> = {}): EveryPlan {
  return {
    send,
    rate: { kind: 'constant', intervalMs },
    arrivals: 'constant',
    per: 'client',
    phase: 'random',
    ...changes,
  };
}

export function pause(ms: number) {
  return { verb: 'pause', durationMs: { min: ms, max: ms } } as const;
}

export function kind(changes: Partial<ClientKindPlan> = {}): ClientKindPlan {
  return {
    name: 'bot',
    weight: 1,
    data: null,
    bot: null,
    start: [],
    loop: [],
    every: [],
    on: [],
    lifetimeMs: null,
    reconnect: null,
    faults: [],
    ...changes,
  };
}

/** One client for ten seconds, unless told otherwise. */
export function planOf(kinds: readonly ClientKindPlan[], load: Partial<LoadPlan> = {}): Plan {
  const clients = load.maxClients ?? 1;
  return {
    name: 'test',
    target: { kind: 'tcp', host: 'memory', port: 1 },
    protocol: {
      send: serverCoreFraming,
      receive: serverCoreFraming,
      preamble: [],
      transform: null,
      packets: { format: 'pdl', packets },
    },
    load: {
      stages: [
        { durationMs: 0, target: clients },
        { durationMs: 10_000, target: clients },
      ],
      maxClients: clients,
      warmupMs: 0,
      begin: 'each',
      gracefulStopMs: 1000,
      connectTimeoutMs: 10_000,
      pacing: 'normal',
      localAddresses: [],
      tcp: { noDelay: true, keepAliveMs: null },
      ...load,
    },
    seed: 1,
    kinds,
    thresholds: [],
    env: {},
  };
}

/** S_News brings a stamp in its number to everyone. */
export const news: BroadcastPlan = { packet: 'S_News', field: 'n', timeoutMs: 2000, guardMs: 500, echo: true };

/** Sends C_Tell with a stamp for its number, which S_News brings to everyone. */
export function announce(changes: Partial<BroadcastPlan> = {}): SendStep {
  const broadcast = { ...news, ...changes };
  return { verb: 'send', path: 'bot.announce', packet: 'C_Tell', values: [{ kind: 'stamp' }], expect: null, broadcast };
}

/** One client that sends lines, or values of JSON or bytes a line each, in a loop: frames that have no names. */
export function unnamed(format: 'text' | 'json' | 'bytes', value: ValueTemplate, expect: Partial<Expectation>): Plan {
  const framing = { kind: 'delimiter', delimiters: [[10]], maxPacketSize: 1000 } as const;
  const plan = planOf([kind({ loop: [{ ...ask(value, answer(expect)), packet: format }] })]);
  return { ...plan, protocol: { send: framing, receive: framing, preamble: [], transform: null, packets: { format } } };
}
