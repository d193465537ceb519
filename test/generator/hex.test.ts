import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseHex } from '../../src/generator/hex.js';

it.each([
  '0e00ff1a',
  '0E 00 FF 1A',
  '0e:00:ff:1a',
  '0x0e, 0x00, 0xff, 0x1a',
  '0x0e00ff1a',
  '\\x0e\\x00\\xff\\x1a',
  '0e00\r\n\tff1a\n',
])('%j is four bytes', (text) => {
  expect(parseHex(text, 'here')).toEqual(Uint8Array.of(0x0e, 0x00, 0xff, 0x1a));
});

it('reads any bytes back', () => {
  const separator = fc.constantFrom('', ' ', ':', ', 0x', '\\x', '\n');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), separator, (bytes, between) => {
      const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
      expect(parseHex(digits.join(between), 'here')).toEqual(bytes);
    }),
  );
});

it.each([
  ['0e 0', 1, 4, 'a byte has two digits, and half a byte is left here'],
  ['0e\n00 zz', 2, 4, 'z is not a hexadecimal digit'],
  ['0x', 1, 3, 'a byte has two digits, and half a byte is left here'],
  ['0e-00', 1, 3, '- is not a hexadecimal digit'],
  ['😀', 1, 1, '😀 is not a hexadecimal digit'],
])('%j: line %i, column %i: %s', (text, line, column, message) => {
  expect(() => parseHex(text, 'here')).toThrow(
    expect.objectContaining({
      code: 'hex-invalid',
      problems: [expect.objectContaining({ message, place: expect.objectContaining({ file: 'here', line, column }) })],
    }),
  );
});
