import { describe, expect, it } from 'vitest';
import { compileFraming, type LengthFraming } from '../../src/core/index.js';
import { largestLength, lengthFor, withLength } from '../../src/core/length-field.js';
import { varintSizeAt } from '../../src/core/varint.js';
import { framingCases, lengthFraming } from './framing-cases.js';
import { fromHex, toHex } from './hex.js';

const cases = framingCases.flatMap(({ name, framing, frames }) =>
  framing.kind !== 'length' || name === 'a varint of more bytes than its value needs'
    ? []
    : frames.map((frame) => ({ name, framing, frame: fromHex(frame) })),
);

/** Without the varint, if it has one. */
function sizeOf({ lengthFieldLength, lengthFieldOffset }: LengthFraming, frame: Uint8Array): number {
  return frame.length - (lengthFieldLength === 'varint' ? varintSizeAt(frame, lengthFieldOffset) : 0);
}

describe('the length field of a frame', () => {
  it.each(cases)('$name: says how long it is, and keeps the rest as it is', ({ framing, frame }) => {
    const before = toHex(frame);
    expect(toHex(withLength(framing, frame, lengthFor(framing, sizeOf(framing, frame))))).toBe(before);
    expect(toHex(frame)).toBe(before);
  });

  it.each(cases.filter(({ framing, frame }) => frame.length + 6 <= framing.maxPacketSize))(
    '$name: may say another length, and that is read',
    ({ framing, frame }) => {
      const longer = withLength(framing, frame, lengthFor(framing, sizeOf(framing, frame) + 5));
      const varintGrew = longer.length - frame.length;
      expect(compileFraming(framing).frameSize(longer, 0, longer.length, 0)).toBe(frame.length + 5 + varintGrew);
    },
  );

  it('says no more than its bytes hold, and no more than is exact', () => {
    const largest = ([1, 2, 3, 4, 8, 'varint'] as const).map((lengthFieldLength) =>
      largestLength(lengthFraming({ lengthFieldLength })),
    );
    expect(largest).toEqual([255, 65_535, 2 ** 24 - 1, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, 2 ** 35 - 1]);
  });
});
