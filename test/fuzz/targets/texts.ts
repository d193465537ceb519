import { isDeepStrictEqual } from 'node:util';
import { bytesFrames, compilePattern } from '../../../src/packets/index.js';
import { readJson } from '../../../src/packets/json-reader.js';
import { isDecodeError, isUsersMistake } from '../errors.js';
import { bytesOf, ensure, type FuzzTarget, resultOf, textOf } from '../target.js';

/** Whole numbers of ours are exact, those of `JSON.parse` are not. */
function asNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(asNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asNumbers(inner)]));
}

export const json: FuzzTarget = {
  about: 'frames that are one value of JSON',
  maxBytes: 1024,
  tokens: [
    '{"',
    '":',
    '[',
    ']',
    '}',
    ',',
    'true',
    'null',
    '1e',
    '-0',
    '0.',
    '\\u',
    '\\ud800',
    '\\"',
    '"__proto__":',
    '99999999999999999999',
  ].map(bytesOf),
  seeds: () => [
    bytesOf('{"type":"login","n":[1,-2.5e3,true,null,"h\\u00e9\\n"],"o":{"a":{}}}'),
    bytesOf('18446744073709551615'),
  ],
  eat(input) {
    const text = textOf(input);
    if (text === null) return;
    const value = resultOf(() => readJson(text), isDecodeError);
    if (value === null) return;
    ensure(isDeepStrictEqual(asNumbers(value), asNumbers(JSON.parse(text))), 'what is read is what JSON.parse reads');
  },
};

export const bytePatterns: FuzzTarget = {
  about: 'patterns of bytes, and frames that they are held against',
  maxBytes: 256,
  tokens: ['??', '?f', '*', '0a', 'ff', '\n'].map(bytesOf),
  seeds: () => [bytesOf('0a0b??ff*\n\x0a\x0b\x0c'), bytesOf('cafe??\nx')],
  eat(input) {
    const end = input.indexOf(0x0a);
    const pattern = textOf(input.subarray(0, Math.max(0, end)));
    // As scenarios may write them, and no others.
    if (pattern === null || !/^([0-9a-f?]{2})*\*?$/.test(pattern)) return;
    const matcher = bytesFrames(pattern);
    const [example] = matcher.example(null, []);
    ensure(
      matcher.match({ bytes: example as Uint8Array }) !== null,
      'a pattern matches what it would be answered with',
    );
    matcher.match({ bytes: input.subarray(end + 1) });
  },
};

export const linePatterns: FuzzTarget = {
  about: 'regular expressions, and lines that they are held against',
  maxBytes: 512,
  tokens: [
    '(?P<a>',
    '(?:',
    '(a+)+$',
    '[^',
    '\\p{L}',
    '\\d',
    '{1,1000}',
    '{2}',
    '|',
    '.*',
    '$',
    '^',
    '(?i)',
    '\\b',
    '\n',
  ].map(bytesOf),
  seeds: () => [bytesOf('^id=(?P<id>\\d+)(x)?\nid=42'), bytesOf('^(a+)+$\naaaaaaaaaaaaaaaaaaaaaaaaaaaaab')],
  eat(input) {
    const [source = '', line = ''] = textOf(input)?.split('\n') ?? [];
    const pattern = resultOf(() => compilePattern(source), isUsersMistake);
    if (pattern === null) return;
    ensure(pattern.matches(line) === (pattern.groups(line) !== null), 'a line has groups where it matches');
  },
};
