import { type Framing, type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import { type PacketSet, parsePdl, readProto } from '../../src/packets/index.js';
import { scratchFile } from '../support/scratch.js';
import { bytes } from './bytes.js';
import { inlinePackets } from './inline.js';

/** A packet of one format with something of everything in it. */
export interface FormatUnderTest {
  readonly packets: PacketSet;
  readonly framing: Framing;
  readonly packet: string;
  readonly record: Readonly<Record<string, unknown>>;
}

const pdl = `<PDL><packet name="All">
  <bool name="yes"/><int name="n"/><long name="big"/><double name="d"/><string name="s"/>
  <list name="group"><string name="label"/><list name="member"><ushort name="id"/><string name="name"/></list></list>
</packet></PDL>`;

const inline = {
  structs: {
    Member: { id: 'u16', name: 'string' },
    Group: { label: 'string', members: { array: 'Member', length: 'varint' } },
  },
  definitions: {
    All: {
      id: 1,
      fields: {
        magic: { const: 7, type: 'u8' },
        yes: 'bool',
        n: { type: 'i24', endian: 'big' },
        big: 'i64',
        v: 'varint',
        d: 'f64',
        s: { type: 'string', length: 'u32' },
        wide: { type: 'string', length: 'u8', encoding: 'utf-16be' },
        ended: { type: 'string', until: 0 },
        odd: { type: 'u32', when: { yes: true } },
        count: 'u16',
        groups: { array: 'Group', count: 'count' },
        flags: { array: 'bool', length: 'u32' },
        rest: { bytes: 'rest' },
      },
    },
  },
};

const proto = `syntax = "proto3";
enum MsgId { NONE = 0; ALL = 1; }
message Member { uint32 id = 1; string name = 2; Member friend = 3; }
message Group { string label = 1; repeated Member members = 2; }
message All {
  bool yes = 1; sint32 n = 2; int64 big = 3; double d = 4; string s = 5; repeated Group groups = 6; bytes raw = 7;
  repeated fixed32 packed = 8; map<string, sint64> scores = 9; oneof pick { string word = 10; Group group = 11; }
}`;

/** What a text can travel in. */
const withoutId: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 0,
  lengthFieldLength: 2,
  endian: 'big',
  lengthAdjustment: 0,
  headerSize: 2,
  maxPacketSize: 65_535,
};

const groups = [
  {
    label: 'first',
    members: [
      { id: 1, name: 'ann' },
      { id: 2, name: 'bob' },
    ],
  },
  { label: '', members: [] },
];
const common = { yes: true, n: -5, big: -(2n ** 62n), d: 1.5, s: 'héllo' };

export const formats: Readonly<Record<string, FormatUnderTest>> = {
  PDL: {
    packets: parsePdl(pdl, 'test.xml'),
    framing: serverCoreFraming,
    packet: 'All',
    record: { ...common, groups },
  },
  inline: {
    packets: inlinePackets(inline),
    framing: serverCoreFraming,
    packet: 'All',
    record: {
      ...common,
      v: 300n,
      wide: 'wide',
      ended: 'end',
      odd: 4,
      groups,
      flags: [true, false],
      rest: bytes('0102'),
    },
  },
  protobuf: {
    packets: readProto(scratchFile('everything.proto', proto)),
    framing: serverCoreFraming,
    packet: 'All',
    record: {
      ...common,
      groups: groups.map(({ label, members }) => ({ label, members: members.map((one) => ({ ...one, friend: one })) })),
      raw: bytes('0102'),
      packed: [1, 2],
      scores: [{ key: 'a', value: -1n }],
      word: 'w',
    },
  },
  text: {
    packets: { format: 'text' },
    framing: withoutId,
    packet: 'text',
    record: { line: 'héllo' },
  },
};
