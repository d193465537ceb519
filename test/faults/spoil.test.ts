import { describe, expect, it } from 'vitest';
import { compileFraming, type Framing, type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import { compileSpoil, type SpoilingFault } from '../../src/faults/spoil.js';
import { RandomStream } from '../../src/load/random.js';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const hex = (spoilt: Uint8Array | null) => (spoilt === null ? null : Buffer.from(spoilt).toString('hex'));

const { idOffset, idLength, ...noIds } = serverCoreFraming;
const varint: LengthFraming = {
  ...noIds,
  lengthFieldOffset: 1,
  lengthFieldLength: 'varint',
  lengthAdjustment: 0,
  headerSize: 1,
};
const lines: Framing = { kind: 'delimiter', delimiters: [[0x0d, 0x0a]], maxPacketSize: 100 };
const fixed: Framing = { kind: 'fixed', length: 4 };

/** `[size][id]` and four bytes. */
const frame = bytes('0800 0100 0a0b0c0d');
const ids = new Set([1, 2]);

function spoil(fault: SpoilingFault, of: Uint8Array = frame, wire: Framing = serverCoreFraming, seed = 1) {
  return hex(compileSpoil(fault, wire, ids)(of, RandomStream.of(seed)));
}

describe('a wrong size', () => {
  it.each([
    [0, '000001000a0b0c0d'],
    [1, '010001000a0b0c0d'],
    ['short', '030001000a0b0c0d'],
    [65_535, 'ffff01000a0b0c0d'],
    ['largest', 'ffff01000a0b0c0d'],
  ] as const)('of %s says so, and leaves the rest as it is', (size, expected) => {
    expect(spoil({ fault: 'wrongSize', sizes: [size] })).toBe(expected);
  });

  it('larger than sent says more than there is', () => {
    for (let seed = 1; seed < 50; seed++) {
      const said = bytes(spoil({ fault: 'wrongSize', sizes: ['larger'] }, frame, serverCoreFraming, seed)!);
      expect(said.readUInt16LE(0)).toBeGreaterThan(8);
      expect(said.readUInt16LE(0)).toBeLessThanOrEqual(1008);
      expect(said.subarray(2)).toEqual(frame.subarray(2));
    }
  });

  it('may have another width where it is a varint', () => {
    expect(spoil({ fault: 'wrongSize', sizes: [300] }, bytes('30 02 aabb'), varint)).toBe('30ac02aabb');
  });

  it('is none where it happens to be the true one', () => {
    expect(spoil({ fault: 'wrongSize', sizes: [8] })).toBe(null);
  });
});

describe('an unknown id', () => {
  it('is one that no packet has, and the rest is as it was', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed < 50; seed++) {
      const spoilt = bytes(spoil({ fault: 'unknownId' }, frame, serverCoreFraming, seed)!);
      expect(ids.has(spoilt.readUInt16LE(2))).toBe(false);
      expect(hex(spoilt.subarray(4))).toBe('0a0b0c0d');
      seen.add(hex(spoilt)!);
    }
    expect(seen.size).toBeGreaterThan(40);
  });

  it('is found among few', () => {
    const narrow: LengthFraming = { ...serverCoreFraming, idLength: 1, idMask: 0x03, headerSize: 3 };
    for (let seed = 1; seed < 20; seed++) {
      const spoilt = bytes(spoil({ fault: 'unknownId' }, bytes('0400 01 aa'), narrow, seed)!);
      expect([0, 3]).toContain(spoilt[2]);
    }
  });
});

describe('a truncated packet', () => {
  it('lacks the end of its body, and says the size that is left', () => {
    const sizes = new Set<number>();
    for (let seed = 1; seed < 50; seed++) {
      const spoilt = bytes(spoil({ fault: 'truncate' }, frame, serverCoreFraming, seed)!);
      expect(spoilt.readUInt16LE(0)).toBe(spoilt.length);
      expect(hex(spoilt.subarray(2))).toBe(hex(frame.subarray(2, spoilt.length)));
      sizes.add(spoilt.length);
    }
    expect([...sizes].sort()).toEqual([4, 5, 6, 7]);
  });

  it('without a body is none', () => {
    expect(spoil({ fault: 'truncate' }, bytes('0400 0100'))).toBe(null);
  });

  it('ends with its delimiter all the same', () => {
    expect(spoil({ fault: 'truncate' }, Buffer.from('hello\r\n'), lines)).toMatch(/^(68(65(6c(6c)?)?)?)?0d0a$/);
  });

  it('is shorter than all others where these have one length', () => {
    expect(spoil({ fault: 'truncate' }, bytes('01020304'), fixed)).toMatch(/^(01(02(03)?)?)?$/);
  });
});

describe('an over-long packet', () => {
  it('has bytes behind its body, which its size counts', () => {
    const spoilt = bytes(spoil({ fault: 'overlong', bytes: { min: 3, max: 3 } })!);
    expect(spoilt.length).toBe(11);
    expect(hex(spoilt.subarray(0, 8))).toBe('0b0001000a0b0c0d');
  });

  it('has a longer varint where that takes it', () => {
    const spoilt = bytes(spoil({ fault: 'overlong', bytes: { min: 200, max: 200 } }, bytes('30 02 aabb'), varint)!);
    expect(hex(spoilt.subarray(0, 5))).toBe('30ca01aabb');
    expect(compileFraming({ ...varint, maxPacketSize: 1000 }).frameSize(spoilt, 0, spoilt.length, 0)).toBe(
      spoilt.length,
    );
  });

  it('says as much as its size can where it is longer', () => {
    const spoilt = bytes(spoil({ fault: 'overlong', bytes: { min: 70_000, max: 70_000 } })!);
    expect(spoilt.length).toBe(70_008);
    expect(hex(spoilt.subarray(0, 8))).toBe('ffff01000a0b0c0d');
  });
});

describe('random bytes', () => {
  it('are as many as they are to be', () => {
    expect(spoil({ fault: 'randomBytes', bytes: { min: 5, max: 5 } })).toHaveLength(10);
  });
});

describe('a mutated packet', () => {
  it('differs in at most so many bytes, and in one at least', () => {
    for (let seed = 1; seed < 50; seed++) {
      const spoilt = bytes(spoil({ fault: 'mutate', bytes: { min: 1, max: 3 } }, frame, serverCoreFraming, seed)!);
      const changed = [...spoilt].filter((byte, i) => byte !== frame[i]).length;
      expect(spoilt.length).toBe(frame.length);
      expect(changed).toBeGreaterThanOrEqual(1);
      expect(changed).toBeLessThanOrEqual(3);
    }
  });
});

it('the same seed spoils alike, another otherwise, and the frame stays as it was', () => {
  const fault = { fault: 'randomBytes', bytes: { min: 8, max: 16 } } as const;
  expect(spoil(fault)).toBe(spoil(fault));
  expect(spoil(fault)).not.toBe(spoil(fault, frame, serverCoreFraming, 2));
  expect(hex(frame)).toBe('080001000a0b0c0d');
});
