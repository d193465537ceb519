import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd, startServer } from '../harness/child.js';
import { benchFolder, thisBuild } from '../harness/paths.js';
import { play } from '../harness/play.js';
import { type Build, type Contender, type Goal, type Row, subject } from '../harness/row.js';
import { scratchFolder } from '../harness/scratch.js';
import { startEchoServer } from '../harness/yardstick.js';

// One packet in every format: three numbers of 32 bits or fewer, one of 64, two floats, a name, and a list of three.

const constant = 123_456;
const rest =
  'tick: 1763683200000, x: 512.25, y: -80.5, hp: 640, name: wanderer, ' +
  'skills: [{ id: 1000, level: 1, cooldown: 1.5 }, { id: 2000, level: 2, cooldown: 3 }, { id: 3000, level: 3, cooldown: 4.5 }]';
const line = (sequence: number | string) =>
  `state ${sequence} 1763683200000 512.25 -80.5 640 wanderer 1000 1 1.5 2000 2 3 3000 3 4.5`;

/** What a scenario says of one format. */
interface Format {
  readonly protocol: string;
  /** A step that sends the packet with this sequence number, or an expression of it. */
  send(sequence: number | string): string;
  /** The reply, whatever is in it; and the one with the number that was sent. */
  readonly reply: string;
  readonly sameReply: string;
}

function named(file: string): Format {
  return {
    protocol: `{ packets: ${benchFolder}scenarios/formats/${file} }`,
    send: (sequence) => `send: State, with: { sequence: ${JSON.stringify(sequence)}, ${rest} }`,
    reply: 'State',
    sameReply: "{ packet: State, where: { sequence: '${send.index}' } }",
  };
}

const scenarios: Readonly<Record<string, Format>> = {
  pdl: named('state.pdl.xml'),
  inline: named('state.packets.yaml'),
  proto: named('state.proto'),
  text: {
    protocol: '{ framing: line, packets: text }',
    send: (sequence) => `send: '${line(sequence)}'`,
    reply: `'${line(constant)}'`,
    sameReply: "{ pattern: '^state (?P<sequence>[0-9]+) ', check: { same: '${reply.groups.sequence != \"\"}' } }",
  },
};

/** What one client does, as a scenario says it. */
type Script = (format: Format) => string;

const roundTrip: Script = ({ send, reply }) => `loop: [{ ${send(constant)}, expect: ${reply} }]`;
const readRoundTrip: Script = ({ send, sameReply }) => `loop: [{ ${send('${send.index}')}, expect: ${sameReply} }]`;
const listener: Script = ({ send }) => `start: [{ ${send(constant)} }], loop: [{ pause: 1s }]`;

/** Writes a scenario for each format and has each build play each of them, by turns. */
function contendersOf(
  builds: readonly Build[],
  script: Script,
  clients: number,
  port: number,
  read: (played: Awaited<ReturnType<typeof play>>) => number,
): readonly Contender[] {
  const folder = scratchFolder();
  return Object.entries(scenarios).flatMap(([name, format]) => {
    const scenario = join(folder, `${name}.yaml`);
    const load = `{ clients: ${clients}, connectRate: 5000/s, duration: 8s, warmup: 5s, gracefulStop: 100ms }`;
    const client = `{ ${script(format)} }`;
    writeFileSync(
      scenario,
      `target: tcp://127.0.0.1:${port}\nprotocol: ${format.protocol}\nload: ${load}\nclients: { one: ${client} }\n`,
    );
    return builds.map((build) => ({
      name: nameOf(name, build),
      run: async () => read(await play({ build: build.folder, scenario })),
    }));
  });
}

function nameOf(contender: string, build: Build): string {
  return build.name === subject ? contender : `${contender} ${build.name}`;
}

/** Formats other than PDL, as goals on how much worse than it they may be. */
function besidePdl(names: readonly string[], ratio: (value: number, pdl: number) => number): readonly Goal[] {
  return names.map((name) => ({
    what: `${name} beside PDL`,
    read: (median) => ratio(median(name), median('pdl')),
    atMost: 1.1,
  }));
}

function roundTripRow(name: string, what: string, script: Script, goals: readonly Goal[]): Row {
  return {
    name,
    what,
    unit: 'µs of CPU a round trip',
    subject: 'pdl',
    goals,
    async prepare({ yardstick, builds }) {
      const server = await startEchoServer(yardstick, 'spin');
      return {
        contenders: contendersOf(builds, script, 1000, server.port, (played) => played.cpuUs / played.packetsReceived),
        close: () => server.stop(),
      };
    },
  };
}

const slower = (value: number, pdl: number) => value / pdl;

export const formats = roundTripRow(
  'formats',
  'round trips of one packet in each format, encoded once, fields not read',
  roundTrip,
  besidePdl(['inline', 'proto', 'text'], slower),
);

export const formatsRead = roundTripRow(
  'formats-read',
  'the same, every packet encoded, and its reply known by a field',
  readRoundTrip,
  [],
);

export const formatsReceive: Row = {
  name: 'formats-receive',
  what: 'that packet received by 500 clients in batches of 500, counted and batched',
  unit: 'packets a second and core',
  subject: 'pdl',
  // The end of a line has to be looked for, and is not to be had at that price.
  goals: besidePdl(['inline', 'proto'], (value, pdl) => pdl / value),
  async prepare({ builds }) {
    const server = await startServer(process.execPath, [`${thisBuild}bench/programs/broadcaster.js`]);
    const rate = (played: Awaited<ReturnType<typeof play>>) => played.packetsReceived / (played.cpuUs / 1e6);
    return { contenders: contendersOf(builds, listener, 500, server.port, rate), close: () => server.stop() };
  },
};

/** What a packet costs without a network: each format beside protobufjs's own codec, which is code that it generates. */
function codecRow(work: 'encode' | 'decode' | 'read', what: string, goals: readonly Goal[]): Row {
  return {
    name: work,
    what,
    unit: 'ns a packet',
    subject: 'proto',
    goals,
    async prepare({ builds }) {
      const contenders = ['pdl', 'inline', 'proto', 'protobufjs'].flatMap((name) =>
        builds.map((build) => ({
          name: nameOf(name, build),
          async run() {
            const program = `${build.folder}bench/programs/codec.js`;
            const { lines } = await runToEnd(process.execPath, [program, name, work]);
            return (lines[0] as { readonly nanoseconds: number }).nanoseconds;
          },
        })),
      );
      return { contenders, close: async () => {} };
    },
  };
}

const timesProtobufjs: Goal = {
  what: 'proto, times protobufjs',
  read: (median) => median('proto') / median('protobufjs'),
  atMost: 1.3,
};

export const encode = codecRow('encode', 'that packet encoded and framed', [timesProtobufjs]);
export const decode = codecRow('decode', 'that packet decoded, every field', []);
export const read = codecRow('read', 'one field of it decoded; protobufjs has no such thing and decodes all', [
  timesProtobufjs,
]);
