import { describe, expect, it } from 'vitest';
import type { DelimiterFraming, Framing, LengthFraming } from '../../src/core/index.js';
import { serverCoreFraming } from '../../src/core/index.js';
import { compileTextDecoder, compileTextEncoder, DecodeError, EncodeError } from '../../src/packets/index.js';
import { bytes, hex } from './bytes.js';

const crlf: DelimiterFraming = { kind: 'delimiter', delimiters: [[13, 10]], maxPacketSize: 100 };
const sized: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 0,
  lengthFieldLength: 2,
  endian: 'big',
  lengthAdjustment: 0,
  headerSize: 2,
  maxPacketSize: 100,
};

function encode(framing: Framing, line: string): string {
  const encoder = compileTextEncoder(framing);
  const buffer = new Uint8Array(encoder.frameSize([line]) + 2).fill(0xee);
  const end = encoder.write([line], buffer, 1);
  expect([end, buffer[0], buffer[end]]).toEqual([buffer.length - 1, 0xee, 0xee]);
  return hex(buffer.subarray(1, end));
}

function decode(framing: Framing, frame: string): unknown {
  const data = bytes(`ee${frame}ee`);
  return compileTextDecoder(framing).decode(data, 1, data.length - 1);
}

describe('a text packet', () => {
  it('ends with the delimiter, if the framing has one', () => {
    expect(encode(crlf, 'PING')).toBe('50494e470d0a');
    expect(encode(crlf, '')).toBe('0d0a');
  });

  it('is the bare text without framing', () => {
    expect(encode({ kind: 'raw' }, 'Hello World!0')).toBe('48656c6c6f20576f726c642130');
  });

  it('follows its length in a framing with a length field and no id', () => {
    expect(encode(sized, 'PING')).toBe('000450494e47');
    expect(decode(sized, '000450494e47')).toEqual({ line: 'PING' });
  });

  it('is UTF-8', () => {
    expect(encode(crlf, '가😀')).toBe('eab080f09f98800d0a');
    expect(decode(crlf, 'eab080f09f9880')).toEqual({ line: '가😀' });
  });

  it('is written with U+FFFD for what UTF-8 cannot express', () => {
    expect(encode({ kind: 'raw' }, 'a\ud83d')).toBe('61efbfbd');
  });

  it('may have a U+FFFD that was sent, and is refused where it is not UTF-8', () => {
    expect(decode(crlf, '61efbfbd')).toEqual({ line: 'a\ufffd' });
    expect(() => decode(crlf, '61ff')).toThrow(new DecodeError('bad-text', 'line', 'the text is not UTF-8'));
  });

  it('may not contain the delimiter', () => {
    expect(() => encode(crlf, 'PING\r\nPING')).toThrow(
      new EncodeError('text.line', 'the text contains the delimiter, and would arrive as more than one frame'),
    );
    expect(encode(crlf, 'a\rb\nc\r')).toBe('610d620a630d0d0a');
  });

  it('may not end so that it forms a delimiter with the one behind it', () => {
    const doubled: DelimiterFraming = { kind: 'delimiter', delimiters: [[59, 59]], maxPacketSize: 100 };
    expect(() => encode(doubled, 'a;')).toThrow('the text contains the delimiter');
    expect(encode(doubled, 'a;b')).toBe('613b623b3b');
  });

  it('may be as long as the framing allows, the delimiter not counted', () => {
    const encoder = compileTextEncoder(crlf);
    expect(encoder.frameSize(['x'.repeat(100)])).toBe(102);
    expect(() => encoder.frameSize(['가'.repeat(34)])).toThrow(
      new EncodeError('text', "a packet of 102 bytes is larger than the framing's 100"),
    );
  });

  it('is one string', () => {
    const encoder = compileTextEncoder(crlf);
    for (const values of [[], [1], ['a', 'b']]) {
      expect(() => encoder.frameSize(values)).toThrow(new EncodeError('text.line', 'the value must be one string'));
    }
  });

  it('that ends inside its header is a DecodeError', () => {
    expect(() => decode(sized, '00')).toThrow(DecodeError);
  });

  it('cannot travel in a framing with ids', () => {
    expect(() => compileTextEncoder(serverCoreFraming)).toThrow('Text packets have no id');
    expect(() => compileTextDecoder(serverCoreFraming)).toThrow('Text packets have no id');
  });
});
