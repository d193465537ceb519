import { describe, expect, it } from 'vitest';
import { SendBuffer, SendBufferHelper } from '../../src/core/index.js';
import { fromHex, toHex } from './hex.js';

/** Writes `hex` into the current chunk as an encoder does: in place, by offset. */
function write(helper: SendBufferHelper, hex: string): Uint8Array {
  const bytes = fromHex(hex);
  const chunk = helper.open(bytes.length);
  chunk.buffer.set(bytes, chunk.offset);
  return helper.close(bytes.length);
}

describe('SendBufferHelper', () => {
  it('lays packets one behind the other in the same chunk', () => {
    const helper = new SendBufferHelper(64);
    const first = write(helper, '0102');
    const second = write(helper, '030405');
    expect([toHex(first), toHex(second)]).toEqual(['0102', '030405']);
    expect(second.buffer).toBe(first.buffer);
    expect(second.byteOffset).toBe(first.byteOffset + first.length);
  });

  it('gives back what was reserved and not used', () => {
    const helper = new SendBufferHelper(64);
    const { offset } = helper.open(60);
    expect(helper.closeRange(4)).toBe(offset + 4);
    expect(helper.open(60).offset).toBe(offset + 4);
  });

  it('takes a new chunk when the current one is full, and never touches the old one again', () => {
    const helper = new SendBufferHelper(4);
    const first = write(helper, '010203');
    const second = write(helper, '0a0b');
    expect(second.buffer).not.toBe(first.buffer);
    expect(toHex(first)).toBe('010203');
  });

  it('takes a chunk of its own size for a packet larger than a chunk', () => {
    expect(new SendBufferHelper(4).open(1000).freeSize).toBe(1000);
  });

  it('forgets a packet that was opened and never closed', () => {
    const helper = new SendBufferHelper(64);
    const { offset } = helper.open(10);
    expect(helper.open(10).offset).toBe(offset);
  });
});

describe('SendBuffer', () => {
  it('closes nothing, and all that is free', () => {
    const buffer = new SendBuffer(4);
    expect(buffer.closeRange(0)).toBe(0);
    expect(buffer.closeRange(4)).toBe(4);
    expect(buffer.freeSize).toBe(0);
  });

  it('refuses to close more than is free', () => {
    const chunk = new SendBuffer(4);
    chunk.close(3);
    expect(() => chunk.closeRange(2)).toThrowError(expect.objectContaining({ code: 'send-buffer-overrun' }));
    expect(() => chunk.closeRange(-1)).toThrowError(expect.objectContaining({ code: 'send-buffer-overrun' }));
    expect(chunk.freeSize).toBe(1);
  });
});
