import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { serverCoreFraming } from '../../src/core/index.js';
import {
  type FieldRecord,
  type PacketDecoder,
  Protocol,
  type ProtoOptions,
  readProto,
  toValues,
} from '../../src/packets/index.js';

const root = mkdtempSync(join(tmpdir(), 'swarm-proto-'));
let folders = 0;
afterAll(() => rmSync(root, { recursive: true }));

/** Writes files into a new temporary folder; returns the path of the first. */
export function protoFiles(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(folders++));
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  });
  return paths[0]!;
}

/** The protocol of one file, in the reference framing, after the journey that a plan makes between processes. */
export function protocolOf(text: string, options: ProtoOptions = {}): Protocol {
  const packets = structuredClone(readProto(protoFiles({ 'game.proto': text }), options));
  return new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets });
}

export function encodePacket(protocol: Protocol, name: string, record: Readonly<Record<string, unknown>>): Uint8Array {
  const encoder = protocol.encoder(name, 'client');
  const values = toValues(encoder.definition, record);
  const size = encoder.frameSize(values);
  // Room on both sides, where nothing may be written.
  const buffer = new Uint8Array(size + 7).fill(0xee);
  const end = encoder.write(values, buffer, 3);
  if (end !== size + 3) throw new Error(`${end - 3} bytes were written, and ${size} announced`);
  if ([...buffer.subarray(0, 3), ...buffer.subarray(end)].some((byte) => byte !== 0xee))
    throw new Error('out of bounds');
  return buffer.slice(3, end);
}

export function decodePacket(
  protocol: Protocol,
  name: string,
  frame: Uint8Array,
  fields: readonly string[] | 'all' = 'all',
): FieldRecord {
  const decoder = cached(protocol, `${name} ${fields}`, () => protocol.decoder(name, fields, 'server'));
  const shifted = new Uint8Array([1, 2, ...frame, 3]);
  return decoder.decode(shifted, 2, 2 + frame.length);
}

const decoders = new WeakMap<Protocol, Map<string, PacketDecoder>>();

/** Properties decode thousands of packets, and compiling a decoder takes longer than using it. */
function cached(protocol: Protocol, key: string, compile: () => PacketDecoder): PacketDecoder {
  const known = decoders.get(protocol) ?? new Map<string, PacketDecoder>();
  decoders.set(protocol, known);
  const decoder = known.get(key) ?? compile();
  known.set(key, decoder);
  return decoder;
}
