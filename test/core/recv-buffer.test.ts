import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecvBuffer } from '../../src/core/index.js';
import { fromHex, toHex } from './hex.js';

describe('RecvBuffer', () => {
  it('owns no memory while it is empty', () => {
    const buffer = new RecvBuffer(65535);
    expect(buffer.buffer.length).toBe(0);
    buffer.append(fromHex('0102'), 0, 2);
    expect(buffer.buffer.length).toBeGreaterThan(0);
    buffer.onRead(2);
    buffer.clean();
    expect(buffer.buffer.length).toBe(0);
  });

  it('moves the data to the front when cleaned', () => {
    const buffer = new RecvBuffer(4);
    buffer.append(fromHex('01020304'), 0, 4);
    buffer.onRead(3);
    expect([buffer.dataSize, buffer.freeSize]).toEqual([1, 0]);
    buffer.clean();
    expect([buffer.dataSize, buffer.freeSize, buffer.readPos]).toEqual([1, 3, 0]);
    expect(toHex(buffer.readSegment)).toBe('04');
  });

  it('takes what is written into its write segment', () => {
    const buffer = new RecvBuffer(8);
    buffer.append(fromHex('01'), 0, 1);
    const segment = buffer.writeSegment;
    expect(segment.length).toBe(7);
    segment.set(fromHex('0203'));
    expect(buffer.onWrite(2)).toBe(true);
    expect(toHex(buffer.readSegment)).toBe('010203');
  });

  it('takes nothing, and all that there is room for', () => {
    const buffer = new RecvBuffer(3);
    expect([buffer.onRead(0), buffer.onWrite(0)]).toEqual([true, true]);
    buffer.append(fromHex('01'), 0, 1);
    buffer.writeSegment.set(fromHex('0203'));
    expect(buffer.onWrite(2)).toBe(true);
    expect(buffer.onWrite(1)).toBe(false);
    expect(buffer.onRead(3)).toBe(true);
    expect(buffer.dataSize).toBe(0);
  });

  it('refuses to read or write more than there is, and stays as it was', () => {
    const buffer = new RecvBuffer(2);
    buffer.append(fromHex('01'), 0, 1);
    expect(buffer.onRead(2)).toBe(false);
    expect(buffer.onRead(-1)).toBe(false);
    buffer.writeSegment.fill(0);
    expect(buffer.onWrite(2)).toBe(false);
    expect(buffer.onWrite(-1)).toBe(false);
    expect(buffer.append(fromHex('0203'), 0, 2)).toBe(false);
    expect(toHex(buffer.readSegment)).toBe('01');
  });

  it('is a queue of bytes for any order of appends, reads and cleans', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
      fc.record({ kind: fc.constant('read' as const), count: fc.nat(50) }),
      fc.record({ kind: fc.constant('clean' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const buffer = new RecvBuffer(100);
        let model: number[] = [];
        for (const step of steps) {
          if (step.kind === 'clean') buffer.clean();
          else if (step.kind === 'read') {
            if (buffer.onRead(step.count)) model = model.slice(step.count);
          } else if (buffer.append(step.bytes, 0, step.bytes.length)) model.push(...step.bytes);
          expect([...buffer.readSegment]).toEqual(model);
          expect(buffer.dataSize).toBe(model.length);
          expect(buffer.writePos).toBeLessThanOrEqual(buffer.buffer.length);
          expect(buffer.buffer.length).toBeLessThanOrEqual(buffer.bufferSize);
        }
      }),
    );
  });
});
