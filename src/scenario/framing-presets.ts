import { type Framing, type LengthFraming, serverCoreFraming } from '../core/framing.js';

interface Preset {
  /** For completion in editors. */
  readonly sentence: string;
  readonly framing: Framing;
}

/** A length and nothing else, which counts what follows it. */
function prefix(
  lengthFieldLength: LengthFraming['lengthFieldLength'],
  endian: LengthFraming['endian'],
  headerSize: number,
): LengthFraming {
  return {
    kind: 'length',
    lengthFieldOffset: 0,
    lengthFieldLength,
    endian,
    lengthAdjustment: 0,
    headerSize,
    maxPacketSize: 65_535,
  };
}

function delimited(delimiter: string): Framing {
  return { kind: 'delimiter', delimiters: [[...new TextEncoder().encode(delimiter)]], maxPacketSize: 65_535 };
}

export const presetNames = [
  'servercore',
  'servercore-body',
  'id-first',
  'u8',
  'u16be',
  'u32be',
  'u32le',
  'varint',
  'mqtt',
  'line',
  'crlf',
  'raw',
] as const;

export type PresetName = (typeof presetNames)[number];

/** Framings by the names that people know. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  servercore: {
    sentence: '[size u16][id u16], little-endian; the size counts the whole packet.',
    framing: serverCoreFraming,
  },
  'servercore-body': {
    sentence: '[size u16][id u16], little-endian; the size counts the body only.',
    framing: { ...serverCoreFraming, lengthAdjustment: 2 },
  },
  'id-first': {
    sentence: '[id u16][size u16], little-endian; the size counts the whole packet.',
    framing: { ...serverCoreFraming, idOffset: 0, lengthFieldOffset: 2, lengthAdjustment: -4 },
  },
  u8: { sentence: '[size u8]; the size counts what follows it. No id.', framing: prefix(1, 'big', 1) },
  u16be: { sentence: '[size u16], big-endian; the size counts what follows it. No id.', framing: prefix(2, 'big', 2) },
  u32be: { sentence: '[size u32], big-endian; the size counts what follows it. No id.', framing: prefix(4, 'big', 4) },
  u32le: {
    sentence: '[size u32], little-endian; the size counts what follows it. No id.',
    framing: prefix(4, 'little', 4),
  },
  varint: {
    sentence: '[size varint], as in protobuf’s delimited streams; the size counts what follows it. No id.',
    framing: prefix('varint', 'little', 0),
  },
  mqtt: {
    sentence: 'MQTT: the packet type in the high nibble of the first byte is the id; the remaining length is a varint.',
    framing: {
      ...prefix('varint', 'big', 1),
      lengthFieldOffset: 1,
      idOffset: 0,
      idLength: 1,
      idMask: 0xf0,
      idShift: 4,
      // PUBREL, SUBSCRIBE and UNSUBSCRIBE, which a server refuses with other flags.
      idRest: { 6: 2, 8: 2, 10: 2 },
    },
  },
  line: { sentence: 'Each packet ends with a line feed.', framing: delimited('\n') },
  crlf: { sentence: 'Each packet ends with a carriage return and a line feed.', framing: delimited('\r\n') },
  raw: { sentence: 'No framing: each chunk that arrives is a packet.', framing: { kind: 'raw' } },
};
