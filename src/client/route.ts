import type { FrameParser } from '../core/index.js';
import type { Counter, Trend } from '../metrics/recorder.js';
import type { FrameMatcher, PacketDecoder, Protocol, WhereReader } from '../packets/index.js';
import type { StampFinder } from '../packets/stamp.js';
import type { BroadcastPlan } from '../scenario/plan.js';
import type { Program } from './cursor.js';
import type { Expectation } from './expectation.js';

/** What a kind of client does with one packet of the server's, looked up by its id. */
export interface Route {
  readonly packet: string;
  readonly received: Counter;
  readonly receivedBytes: Counter;
  /** Nobody waits for it and nothing answers it: a counter is all that it costs. */
  readonly quiet: boolean;
  /** The number of the queue in which requests wait for it in order; −1 where none ever does. */
  readonly queue: number;
  /** The ways in which `where` tells its replies apart: one for each set of fields that some step names. */
  readonly keyed: readonly KeyedRoute[];
  /** Reads the number under which a request waits for it; null where none does. */
  readonly readMatch: FrameParser['readMatch'];
  readonly on: OnRoute | null;
  /** Null where it brings no broadcast. */
  readonly broadcast: BroadcastRoute | null;
  /** What is done with frames that have no names; null for packets. */
  readonly frames: FrameRoute | null;
}

export interface KeyedRoute {
  /** The number of the map in which requests wait for it by key. */
  readonly map: number;
  readonly fields: readonly string[];
  /** Reads what `readers` need. */
  readonly decoder: PacketDecoder;
  readonly readers: readonly WhereReader[];
}

export interface FrameRoute {
  readonly decoder: PacketDecoder;
  /** The numbers of the queues in which requests wait in order: one for each set of frames that some step waits for. */
  readonly queues: readonly number[];
  readonly answers: readonly FrameAnswer[];
}

export interface OnRoute {
  readonly program: Program;
  /** Reads the fields that the list's expressions use. */
  readonly decoder: PacketDecoder;
}

/** A packet that brings a broadcast: where its stamp is, and where its times go. */
export interface BroadcastRoute {
  /** The number of its book. */
  readonly book: number;
  readonly times: Trend;
  /** Finds the stamp in a string, or the decoder of the whole-number field that is it. */
  readonly stamp: StampFinder | { readonly field: string; readonly decoder: PacketDecoder };
}

/** An `on` list that answers a packet. */
export interface PacketAnswer {
  readonly packet: string;
  readonly fields: readonly string[];
  readonly program: Program;
}

/** An `on` list that answers the frames that it matches. */
export interface FrameAnswer {
  readonly frame: FrameMatcher;
  readonly program: Program;
}

export interface Routes {
  /** By packet id. */
  readonly packets: readonly (Route | undefined)[];
  /** Of frames that have no names. */
  readonly frames: Route | undefined;
  readonly keyMaps: number;
  /**
   * The queue in which packets of a heard route are waited for, or where `fields` tell them apart the map, which is made where there is
   * none yet: bots say what they wait for only when they do.
   */
  placeOf(route: Route, fields: readonly string[]): number;
}

export interface RouteSources {
  readonly protocol: Protocol;
  readonly expectations: readonly Expectation[];
  readonly answers: readonly PacketAnswer[];
  readonly frameAnswers: readonly FrameAnswer[];
  /** The broadcasts of the whole plan, in the order of their books. */
  readonly broadcasts: readonly BroadcastPlan[];
  /** A driver hears every packet, and may wait for any. */
  readonly heard: boolean;
  received(packet: string): Pick<Route, 'received' | 'receivedBytes'>;
  broadcastTime(packet: string): Trend;
}

/** Numbers the queues and maps in which the clients of a kind wait, tells each expectation its places, and makes the routes. */
export function buildRoutes(sources: RouteSources): Routes {
  const { protocol, expectations, answers, frameAnswers, heard, received } = sources;
  const places = new Map<Expectation, number[]>(expectations.map((expectation) => [expectation, []]));
  const growing = new Map<Route, KeyedRoute[]>();
  let queues = 0;
  let keyMaps = 0;

  function route(name: string, awaiting: readonly Expectation[], on: OnRoute | null): Route {
    const broadcast = broadcastRoute(name, sources);
    const readMatch = heard || awaiting.some(({ numbered }) => numbered) ? protocol.matchReader('client') : null;
    // Packets of one name wait in one queue; frames in one for each set of them.
    const queueOf = new Map<string, number>(heard ? [['', queues++]] : []);
    const keyed: KeyedRoute[] = [];
    for (const expectation of awaiting) {
      const { awaited, whereFields, numbered } = expectation;
      if (numbered) continue;
      if (whereFields.length > 0) {
        places.get(expectation)?.push(mapOf(name, keyed, whereFields));
        continue;
      }
      const set = awaited.kind === 'frames' ? awaited.description : '';
      const queue = queueOf.get(set) ?? queues++;
      queueOf.set(set, queue);
      places.get(expectation)?.push(queue);
    }
    const awaited = queueOf.size > 0 || keyed.length > 0 || readMatch !== null;
    const made: Route = {
      packet: name,
      ...received(name),
      quiet: !awaited && on === null && frameAnswers.length === 0 && broadcast === null,
      queue: queueOf.get('') ?? -1,
      keyed,
      readMatch,
      broadcast,
      on,
      frames: frameRoute([...queueOf.values()]),
    };
    growing.set(made, keyed);
    return made;
  }

  function frameRoute(queues: readonly number[]): FrameRoute | null {
    if (protocol.sole === null) return null;
    return { decoder: protocol.decoder(protocol.sole.name, 'all', 'client'), queues, answers: frameAnswers };
  }

  function mapOf(name: string, keyed: KeyedRoute[], fields: readonly string[]): number {
    const known = keyed.find((entry) => entry.fields.join() === fields.join());
    if (known !== undefined) return known.map;
    const map = keyMaps++;
    // `validate`, or the bot's kind, refused fields that packets cannot be told apart by.
    const readers = fields.map((field) => protocol.whereReader(name, field, 'client')!);
    keyed.push({ map, fields, decoder: protocol.decoder(name, fields, 'client'), readers });
    return map;
  }

  const byId: (Route | undefined)[] = [];
  let frames: Route | undefined;
  if (protocol.sole !== null) {
    frames = route(protocol.sole.name, expectations, null);
  } else {
    for (const { name, id } of protocol.packetsTo('client')) {
      const awaiting = expectations.filter(({ awaited }) => awaited.kind === 'packets' && awaited.decoders.has(id));
      const answer = answers.find(({ packet }) => packet === name);
      byId[id] = route(name, awaiting, onRoute(protocol, answer));
    }
  }
  for (const [expectation, numbers] of places) expectation.places = numbers;
  return {
    packets: byId,
    frames,
    keyMaps,
    placeOf: (made, fields) => (fields.length === 0 ? made.queue : mapOf(made.packet, growing.get(made) ?? [], fields)),
  };
}

function onRoute(protocol: Protocol, answer: PacketAnswer | undefined): OnRoute | null {
  if (answer === undefined) return null;
  const { packet, fields, program } = answer;
  return { program, decoder: protocol.decoder(packet, fields, 'client') };
}

function broadcastRoute(name: string, { protocol, broadcasts, broadcastTime }: RouteSources): BroadcastRoute | null {
  const book = broadcasts.findIndex(({ packet }) => packet === name);
  const plan = broadcasts[book];
  if (plan === undefined) return null;
  const times = broadcastTime(name);
  // `validate` refused packets in which stamps cannot be found.
  if (plan.field === null) return { book, times, stamp: protocol.stampFinder(name, 'client')! };
  const { field } = plan;
  return { book, times, stamp: { field, decoder: protocol.decoder(name, [field], 'client') } };
}
