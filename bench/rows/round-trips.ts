import { play } from '../harness/play.js';
import { type Contender, type Context, type Goal, type Prepared, type Row, ratioTo, subject } from '../harness/row.js';
import { barePingPong, startEchoServer } from '../harness/yardstick.js';

/** Each build plays `scenario` against an echo server, in turn with the C client and bare node:net at the same depth. */
async function prepareRoundTrips({ yardstick, builds }: Context, scenario: string, depth: number): Promise<Prepared> {
  const server = await startEchoServer(yardstick, 'spin');
  const { port } = server;
  const contenders: Contender[] = builds.map(({ name, folder }) => ({
    name,
    async run() {
      const { cpuUs, packetsReceived } = await play({ build: folder, scenario, port });
      return cpuUs / packetsReceived;
    },
  }));
  if (yardstick !== null) {
    contenders.push({ name: 'C', run: async () => (await yardstick.pingPong(port, depth)).cpuUsPerRoundTrip });
  }
  contenders.push({ name: 'node:net', run: async () => (await barePingPong(port, depth)).cpuUsPerRoundTrip });
  return { contenders, close: () => server.stop() };
}

const unit = 'µs of CPU a round trip';

function timesC(atMost: number): Goal {
  return { what: 'times the C client', read: ratioTo('C'), atMost };
}

/** A round trip is two packets, one sent and one received. */
const packetsPerCore: Goal = {
  what: 'packets a second and core',
  read: (median) => 2e6 / median(subject),
  atLeast: 1_000_000,
};

export const roundTrip: Row = {
  name: 'round-trip',
  what: '1,000 connections, 32-byte packets, one in flight, everything on',
  unit,
  goals: [timesC(1.6)],
  prepare: (context) => prepareRoundTrips(context, 'round-trip', 1),
};

export const pipelined: Row = {
  name: 'pipelined',
  what: 'the same, 16 in flight on each connection',
  unit,
  goals: [packetsPerCore, timesC(2)],
  prepare: (context) => prepareRoundTrips(context, 'pipelined', 16),
};

export const openLoop: Row = {
  name: 'open-loop',
  what: '1,000 connections × 100 packets a second each, open loop, beside the C client with one in flight',
  unit,
  goals: [timesC(1.6)],
  prepare: (context) => prepareRoundTrips(context, 'open-loop', 1),
};
