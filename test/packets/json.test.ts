import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Framing } from '../../src/core/index.js';
import { serverCoreFraming } from '../../src/core/index.js';
import { DecodeError, jsonFrames, Protocol } from '../../src/packets/index.js';
import { atPointer, parsePointer } from '../../src/packets/json-pointer.js';
import { maxJsonDepth, readJson } from '../../src/packets/json-reader.js';
import { jsonText } from '../../src/packets/json-text.js';
import { bytes, hex } from './bytes.js';

const line: Framing = { kind: 'delimiter', delimiters: [[10]], maxPacketSize: 1000 };
const protocolOf = (framing: Framing) => new Protocol({ send: framing, receive: framing, packets: { format: 'json' } });

/** What `JSON.parse` keeps apart, and what we refuse: see the reader. */
const plainJson = fc
  .jsonValue({ maxDepth: 6 })
  .filter(
    (value) => !JSON.stringify(value).includes('"__proto__":') && !/(?<![.\d])\d{16,}/.test(JSON.stringify(value)),
  );

function codeOf(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    return error instanceof DecodeError ? error.code : `threw ${error}`;
  }
}

describe('the reader of JSON', () => {
  it('reads what JSON.parse reads, with blanks or without', () => {
    fc.assert(
      fc.property(plainJson, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(readJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('takes any text without an error of its own, and nothing that JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      'u00',
      '-',
      '0',
      '1',
      '.',
      'e',
      'true',
      'null',
      ' ',
      '\n',
      '\u0001',
      'é',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        if (codeOf(() => readJson(text)) !== 'read') return;
        expect(readJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['', 'a value is missing, at character 1'],
    ['{"a":1', 'an object does not end, at character 7'],
    ['{"a" 1}', 'a colon is missing, at character 6'],
    ['{a:1}', 'a key in quotes is missing, at character 2'],
    ['[1,]', '"]" begins no value, at character 4'],
    ['[1 2]', 'an array does not end, at character 4'],
    ['"ab', 'a string does not end, at character 1'],
    ['"\\x"', 'a string has an escape that there is not, or a control character, at character 1'],
    ['"a\nb"', 'a string has a control character, at character 1'],
    ['01', 'something follows the value, at character 2'],
    ['\uFEFF{}', 'a byte order mark begins no value, at character 1'],
    ['+1', '"+" begins no value, at character 1'],
    ['nul', '"n" begins no value, at character 1'],
    ['1 2', 'something follows the value, at character 3'],
  ])('says where %j is no JSON', (text, message) => {
    expect(() => readJson(text)).toThrow(new DecodeError('bad-json', '', message));
  });

  it('refuses keys that stand twice, __proto__, and what nests too deeply, however deeply', () => {
    expect(() => readJson('{"a":1,"b":{"a":1,"a":2}}')).toThrow(
      new DecodeError('bad-key', '', 'the key "a" stands twice, at character 19'),
    );
    expect(codeOf(() => readJson('{"\\u005f_proto__":{"polluted":1}}'))).toBe('bad-key');
    expect({}).not.toHaveProperty('polluted');
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(codeOf(() => readJson(nested(maxJsonDepth)))).toBe('read');
    expect(codeOf(() => readJson(nested(maxJsonDepth + 1)))).toBe('too-deep');
    expect(codeOf(() => readJson('{"a":'.repeat(1_000_000)))).toBe('too-deep');
  });

  it('keeps every digit of whole numbers of 64 bits', () => {
    expect(readJson('[9007199254740991,9007199254740992,-9223372036854775808,18446744073709551615]')).toEqual([
      9007199254740991,
      9007199254740992n,
      -(2n ** 63n),
      2n ** 64n - 1n,
    ]);
    expect(readJson('[18446744073709551616,1e3,9007199254740993.0]')).toEqual([2 ** 64, 1000, 2 ** 53]);
    expect(readJson('9'.repeat(1000))).toBe(Number.POSITIVE_INFINITY);
  });

  it('has the key "constructor" where it stands, and nowhere else', () => {
    expect(atPointer(readJson('{"constructor":1}'), ['constructor'])).toBe(1);
    expect(atPointer(readJson('{}'), ['constructor'])).toBeUndefined();
  });
});

describe('a JSON pointer', () => {
  // The example of RFC 6901, section 5.
  const value = readJson('{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8,"~1":9}');
  it.each([
    ['', value],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/m~0n', 8],
    ['/~01', 9],
    ['/foo/2', undefined],
    ['/foo/-', undefined],
    ['/foo/00', undefined],
    ['/foo/length', undefined],
    ['/foo/0/0', undefined],
    ['/nothing/there', undefined],
  ])('%j leads to %j', (pointer, found) => {
    expect(atPointer(value, parsePointer(pointer)!)).toEqual(found);
  });

  it('begins with a slash, and escapes with ~0 and ~1 alone', () => {
    expect(['a', '#/a', '/~', '/~2', '/a~'].map(parsePointer)).toEqual([null, null, null, null, null]);
  });
});

describe('the text of a JSON value', () => {
  it('has 64-bit numbers as digits, Maps as objects, and no blanks', () => {
    const value = { big: 2n ** 63n, list: [1.5, null, true], map: new Map([['é"', 'x']]), none: undefined };
    expect(jsonText(value)).toBe('{"big":9223372036854775808,"list":[1.5,null,true],"map":{"é\\"":"x"}}');
  });

  it('takes members for members, whatever their names', () => {
    const text = '{"valueOf":0,"toString":1,"toJSON":2,"constructor":3}';
    expect(jsonText(readJson(text))).toBe(text);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [Uint8Array.of(1)], [undefined], [[undefined]]])(
    'does not express %j',
    (value) => {
      expect(() => jsonText(value)).toThrow('JSON has no');
    },
  );

  it('is read as what it was', () => {
    fc.assert(
      fc.property(plainJson, (value) => {
        expect(jsonText(readJson(jsonText(value)))).toBe(jsonText(value));
      }),
    );
  });
});

describe('a frame of JSON', () => {
  it('is its text in UTF-8, between header and delimiter', () => {
    const protocol = protocolOf(line);
    const encoder = protocol.encoder('json', 'client');
    const values = protocol.toValues(encoder.definition, { value: { a: 'é' } });
    const frame = new Uint8Array(encoder.frameSize(values));
    encoder.write(values, frame, 0);
    expect(hex(frame)).toBe('7b2261223a22c3a9227d0a');
    expect(protocol.decoder('json', 'all', 'client').decode(frame, 0, frame.length - 1)).toEqual({ value: { a: 'é' } });
  });

  it('may not contain the delimiter', () => {
    const encoder = protocolOf({ ...line, delimiters: [[0x2c]] }).encoder('json', 'client');
    expect(() => encoder.write(['[1,2]'], new Uint8Array(10), 0)).toThrow('contains the delimiter');
  });

  it('is UTF-8, or a protocol error', () => {
    const frame = bytes('22 ff 22');
    expect(() => protocolOf(line).decoder('json', 'all', 'client').decode(frame, 0, 3)).toThrow(
      new DecodeError('bad-text', '', 'the frame is not UTF-8'),
    );
  });

  it('cannot travel in a framing with ids', () => {
    expect(() => protocolOf(serverCoreFraming).encoder('json', 'client')).toThrow('JSON packets have no id');
  });
});

describe('JSON that is waited for', () => {
  const matches = (members: Parameters<typeof jsonFrames>[0], text: string) =>
    jsonFrames(members).match({ value: readJson(text) }) !== null;

  it('has these values where these pointers lead, of the same type', () => {
    expect(matches({ '/type': 'a', '/n': 1 }, '{"n":1.0,"type":"a","more":[]}')).toBe(true);
    expect(matches({ '/n': 1 }, '{"n":"1"}')).toBe(false);
    expect(matches({ '/n': 1 }, '{"n":true}')).toBe(false);
    expect(matches({ '/n': null }, '{"n":null}')).toBe(true);
    expect(matches({ '/n': null }, '{}')).toBe(false);
    expect(matches({ '/n': 2 ** 53 }, '{"n":9007199254740992}')).toBe(true);
    expect(matches({ '': 'a' }, '"a"')).toBe(true);
    expect(matches({}, '[]')).toBe(true);
  });

  it('is itself what practice answers with, which repeats what was asked', () => {
    const frames = jsonFrames({ '/type': 'answer', '/a/b': null });
    const [text] = frames.example({ value: { seq: 7, type: 'ask', a: [1] } }, ['/player/id']);
    expect(text).toBe('{"seq":7,"type":"answer","a":{"b":null},"player":{"id":1}}');
    expect(frames.match({ value: readJson(text as string) })).not.toBeNull();
  });
});
