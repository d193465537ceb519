import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findStamp, stampLength, writeStamp } from '../../src/packets/stamp.js';

function find(bytes: Uint8Array, width: 1 | 2): { sender: number; timeUs: number } | null {
  const found = { sender: -1, timeUs: -1 };
  return findStamp(bytes, 0, bytes.length, width, found) ? found : null;
}

describe('a broadcast stamp', () => {
  it('has a fixed width and is plain text', () => {
    expect(writeStamp(0, 0)).toBe('~@000000000000');
    expect(writeStamp(35, 36)).toBe('~@000z00000010');
    expect(stampLength).toBe(14);
  });

  it.each([
    ['utf8', 1],
    ['utf16le', 2],
  ] as const)('is found wherever it stands in %s', (encoding, width) => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.nat(36 ** 4 - 1),
        fc.nat(2 ** 40),
        (before, after, sender, timeUs) => {
          fc.pre(!before.includes('~'));
          const bytes = Buffer.from(before + writeStamp(sender, timeUs) + after, encoding);
          expect(find(bytes, width)).toEqual({ sender, timeUs });
        },
      ),
    );
  });

  it('is found behind what only looks like one', () => {
    const text = `~@~@ZZZZ~@0000 ${writeStamp(7, 1_234_567)}`;
    expect(find(Buffer.from(text, 'utf16le'), 2)).toEqual({ sender: 7, timeUs: 1_234_567 });
  });

  it('is not found in random bytes, nor read beyond their end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(find(bytes, 2)).toBeNull();
      }),
    );
    const cut = Buffer.from(writeStamp(1, 1).slice(0, -1), 'latin1');
    expect(find(cut, 1)).toBeNull();
  });
});
