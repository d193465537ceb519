import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StampFinder, stampLength, writeStamp } from '../../src/packets/stamp.js';

function find(bytes: Uint8Array, width: 1 | 2): { sender: number; timeUs: number } | null {
  return read(new StampFinder(width), bytes);
}

function read(finder: StampFinder, bytes: Uint8Array): { sender: number; timeUs: number } | null {
  return finder.find(bytes, 0, bytes.length) ? { sender: finder.sender, timeUs: finder.timeUs } : null;
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

  it('is found where the last one stood, and elsewhere too', () => {
    const finder = new StampFinder(2);
    for (const text of ['one ', 'and another ', '']) {
      for (const tail of ['', ' ', '!!!']) {
        const bytes = Buffer.from(text + writeStamp(text.length, tail.length) + tail, 'utf16le');
        expect(read(finder, bytes)).toEqual({ sender: text.length, timeUs: tail.length });
      }
    }
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
