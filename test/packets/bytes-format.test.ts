import { describe, expect, it } from 'vitest';
import type { Framing } from '../../src/core/index.js';
import { serverCoreFraming } from '../../src/core/index.js';
import { bytesFrames, Protocol } from '../../src/packets/index.js';
import { bytes, hex } from './bytes.js';

const line: Framing = { kind: 'delimiter', delimiters: [[10]], maxPacketSize: 5 };
const protocolOf = (framing: Framing) =>
  new Protocol({ send: framing, receive: framing, packets: { format: 'bytes' } });

describe('a frame of bytes', () => {
  const encoder = protocolOf(line).encoder('bytes', 'client');

  it('is these bytes, between header and delimiter, and a copy once it is read', () => {
    const frame = new Uint8Array(encoder.frameSize([bytes('00ff')]));
    encoder.write([bytes('00ff')], frame, 0);
    expect(hex(frame)).toBe('00ff0a');
    const record = protocolOf(line).decoder('bytes', 'all', 'client').decode(frame, 0, 2);
    frame.fill(0xee);
    expect(record).toEqual({ bytes: bytes('00ff') });
  });

  it('has no delimiter in it, and no more bytes than the framing allows', () => {
    expect(() => encoder.write([bytes('000a')], new Uint8Array(10), 0)).toThrow('contain the delimiter');
    expect(() => encoder.frameSize([new Uint8Array(6)])).toThrow("a packet of 6 bytes is larger than the framing's 5");
    expect(() => encoder.frameSize(['text'])).toThrow('bytes.bytes: the value must be bytes');
  });

  it('cannot travel in a framing with ids', () => {
    expect(() => protocolOf(serverCoreFraming).encoder('bytes', 'client')).toThrow('Bytes have no id');
  });
});

describe('bytes that are waited for', () => {
  it.each([
    ['9003', '9003', true],
    ['9003', '900300', false],
    ['9003', '90', false],
    ['90??', '9003', true],
    ['?0', '90', true],
    ['?0', '91', false],
    ['9?', '9f', true],
    ['90*', '90', true],
    ['90*', '90abcd', true],
    ['90*', '', false],
    ['*', '', true],
    ['', '', true],
    ['', '00', false],
  ])('%s and %s: %s', (pattern, given, matches) => {
    const reply = bytesFrames(pattern).match({ bytes: bytes(given) });
    expect(reply).toEqual(matches ? { bytes: bytes(given), size: given.length / 2 } : null);
  });

  it('are themselves what practice answers with', () => {
    const heard = { bytes: bytes('0102') };
    expect(bytesFrames('9?03*').example(heard, [])).toEqual([bytes('9003')]);
    expect(bytesFrames('*').example(heard, [])).toEqual([heard.bytes]);
  });
});
