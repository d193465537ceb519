import protobufjs from 'protobufjs';
import { serverCoreFraming } from '../../src/core/index.js';
import { Protocol, toValues } from '../../src/packets/index.js';
import { readPacketFile } from '../../src/scenario/packet-sources.js';
import { benchFolder } from '../harness/paths.js';

// Encodes or decodes the same packet over and over, and prints what one costs in CPU time. Arguments: pdl, inline, proto or protobufjs; and
// encode, decode (every field) or read (one field).

type Work = 'encode' | 'decode' | 'read';

const files = { pdl: 'state.pdl.xml', inline: 'state.packets.yaml', proto: 'state.proto' } as const;
const skills = [1, 2, 3].map((id) => ({ id: 1000 * id, level: id, cooldown: 1.5 * id }));
const state = { sequence: 123_456, tick: 1_763_683_200_000, x: 512.25, y: -80.5, hp: 640, name: 'wanderer', skills };

/** The codecs of one of our formats. */
function ours(format: keyof typeof files, work: Work): () => unknown {
  const file = `${benchFolder}scenarios/formats/${files[format]}`;
  const packets = readPacketFile(file, {});
  const protocol = new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets });
  const encoder = protocol.encoder('State', 'client');
  const values = toValues(encoder.definition, state);
  // As what is received: a Buffer, and always the same one.
  const buffer = Buffer.allocUnsafeSlow(1024);
  const encode = () => {
    encoder.frameSize(values);
    return encoder.write(values, buffer, 0);
  };
  if (work === 'encode') return encode;
  const end = encoder.write(values, buffer, 0);
  const decoder = protocol.decoder('State', work === 'decode' ? 'all' : ['sequence'], 'server');
  return () => decoder.decode(buffer, 0, end);
}

/** protobufjs, as its users have it: code that it generates at run time. */
function theirs(work: Work): () => unknown {
  const type = protobufjs.loadSync(`${benchFolder}scenarios/formats/state.proto`).lookupType('State');
  const message = type.create(state);
  if (work === 'encode') return () => type.encode(message).finish();
  const bytes = type.encode(message).finish();
  return () => type.decode(bytes);
}

const [contender, work] = process.argv.slice(2) as [keyof typeof files | 'protobufjs', Work];
const step = contender === 'protobufjs' ? theirs(work) : ours(contender, work);

/** Kept, so that no compiler leaves out the work. */
let result: unknown;
function repeat(times: number): void {
  for (let i = 0; i < times; i++) result = step();
}

const warmup = 300_000;
const measured = 1_000_000;
repeat(warmup);
// CPU time, not the clock's: other processes then count for less.
const before = process.cpuUsage();
repeat(measured);
const { user, system } = process.cpuUsage(before);
const nanoseconds = ((user + system) * 1000) / measured;
process.stdout.write(`${JSON.stringify({ nanoseconds, result: typeof result })}\n`);
