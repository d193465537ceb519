import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeltaWriter, readAmounts, readBuckets } from '../../src/metrics/snapshot-codec.js';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function amountsIn(bytes: Uint8Array): number[][] {
  const seen: number[][] = [];
  readAmounts(bytes, (...entry) => seen.push(entry));
  return seen;
}

function bucketsIn(bytes: Uint8Array): number[][] {
  const seen: number[][] = [];
  readBuckets(
    bytes,
    (...place) =>
      (...entry) =>
        seen.push([...place, ...entry]),
  );
  return seen;
}

describe('the encoding of a snapshot', () => {
  test('writes an amount as its cell and itself', () => {
    const writer = new DeltaWriter();
    writer.amount(3 * 6 + 2, 300);
    const bytes = writer.take();
    expect(hex(bytes)).toBe('14' + 'ac02');
    expect(amountsIn(bytes)).toEqual([[3, 2, 300]]);
  });

  test('writes buckets as gaps and counts that a zero ends', () => {
    const writer = new DeltaWriter();
    writer.buckets(1, (visit) => {
      visit(0, 1);
      visit(130, 2);
    });
    writer.buckets(6, (visit) => visit(5, 128));
    const bytes = writer.take();
    expect(hex(bytes)).toBe('01' + '0101' + '820102' + '00' + '06' + '068001' + '00');
    expect(bucketsIn(bytes)).toEqual([
      [0, 1, 0, 1],
      [0, 1, 130, 2],
      [1, 0, 5, 128],
    ]);
  });

  test('gives back any amounts, up to 2^53', () => {
    const amounts = fc.array(fc.tuple(fc.nat(100_000), fc.nat(5), fc.maxSafeNat()), { maxLength: 500 });
    fc.assert(
      fc.property(amounts, (entries) => {
        const writer = new DeltaWriter();
        for (const [series, slot, amount] of entries) writer.amount(series * 6 + slot, amount);
        expect(amountsIn(writer.take())).toEqual(entries);
      }),
    );
  });

  test('starts afresh after each take', () => {
    const writer = new DeltaWriter();
    writer.amount(1, 1);
    expect(hex(writer.take())).toBe('0101');
    expect(hex(writer.take())).toBe('');
  });

  test('is refused where it ends within a number or an entry', () => {
    expect(() => amountsIn(Uint8Array.of(0x14, 0xac))).toThrow('the snapshot ends within a number');
    expect(() => bucketsIn(Uint8Array.of(0x01, 0x01, 0x01))).toThrow('the snapshot ends within a number');
  });
});
