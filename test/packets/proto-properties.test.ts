import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError, type FieldRecord } from '../../src/packets/index.js';
import { allKinds, fromReference, records, reference, toReference, withoutDefaults } from './proto-arbitraries.js';
import { decodePacket, encodePacket, protocolOf } from './proto-files.js';

const protocol = protocolOf(allKinds);

const framed = (id: number, body: Uint8Array) =>
  new Uint8Array([...new Uint8Array(new Uint16Array([body.length + 4, id]).buffer), ...body]);

describe('ours and protobufjs understand each other', () => {
  it('what we write, it reads, and so do we', () => {
    fc.assert(
      fc.property(records, (record) => {
        const frame = encodePacket(protocol, 'All', record);
        expect(withoutDefaults(fromReference(frame))).toEqual(withoutDefaults(toReference(record)));
        expect(decodePacket(protocol, 'All', frame)).toEqual(record);
      }),
    );
  });

  it('what it writes, we read', () => {
    const type = reference.lookupType('All');
    fc.assert(
      fc.property(records, (record) => {
        const body = type.encode(type.fromObject(toReference(record))).finish();
        const decoded = decodePacket(protocol, 'All', framed(7, body));
        expect(withoutDefaults(toReference(decoded))).toEqual(withoutDefaults(toReference(record)));
      }),
    );
  });

  it('a reader of two fields passes over the hundred others', () => {
    fc.assert(
      fc.property(records, (record) => {
        const frame = encodePacket(protocol, 'All', record);
        const tiny = { one_int32: record.one_int32, inner: record.inner };
        expect(decodePacket(protocol, 'Tiny', frame)).toEqual(tiny);
        expect(decodePacket(protocol, 'All', frame, ['inner', 'one_int32'])).toEqual(tiny);
        expect(decodePacket(protocol, 'Newer', frame)).toEqual(
          decodePacket(protocol, 'Newer', framed(8, new Uint8Array())),
        );
      }),
    );
  });
});

describe('hostile bytes', () => {
  const outcome = (name: string, frame: Uint8Array): FieldRecord | DecodeError => {
    try {
      return decodePacket(protocol, name, frame);
    } catch (error) {
      if (error instanceof DecodeError) return error;
      throw error;
    }
  };

  it('are a record or a DecodeError, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        outcome('All', framed(7, body));
      }),
      { numRuns: 1000 },
    );
  });

  it('are so too where a good packet was changed or cut', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(255), fc.nat(), (record, at, byte, cut) => {
        const frame = encodePacket(protocol, 'All', record);
        frame[4 + (at % Math.max(1, frame.length - 4))] = byte;
        outcome('All', frame);
        outcome('All', frame.subarray(0, cut % (frame.length + 1)));
      }),
    );
  });
});
