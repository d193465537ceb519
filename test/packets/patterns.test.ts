import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { compilePattern, literalLine } from '../../src/packets/index.js';

describe('a literal line', () => {
  it('matches itself, letter for letter, and has no groups', () => {
    const line = literalLine('+PONG');
    expect([line.matches('+PONG'), line.matches('+PONG '), line.matches('+pong'), line.matches('')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(line.groups('+PONG')).toEqual({});
    expect(line.groups('+PING')).toBeNull();
  });
});

describe('a pattern', () => {
  it('is found anywhere in the line unless it is anchored', () => {
    expect(compilePattern('ON').matches('+PONG')).toBe(true);
    expect(compilePattern('^ON').matches('+PONG')).toBe(false);
    expect(compilePattern('^\\+PONG$').matches('+PONG')).toBe(true);
  });

  it('gives its named groups, empty for those that took no part', () => {
    const pattern = compilePattern('^id=(?P<id>\\d+)(?: room=(?P<room>\\w+))?(x)?');
    expect(pattern.groups('id=42 room=a7')).toEqual({ id: '42', room: 'a7' });
    expect(pattern.groups('id=42')).toEqual({ id: '42', room: '' });
    expect(pattern.groups('id=')).toBeNull();
  });

  it('keeps no state between lines', () => {
    const pattern = compilePattern('a');
    expect([pattern.matches('ba'), pattern.matches('ba'), pattern.matches('b')]).toEqual([true, true, false]);
  });

  it('runs in linear time where a backtracking engine would not end', () => {
    expect(compilePattern('^(a+)+$').matches(`${'a'.repeat(5000)}b`)).toBe(false);
  });

  it.each([
    ['(a', 'missing closing )'],
    ['a(?=b)', 'invalid or unsupported Perl syntax'],
    ['(a)\\1', 'invalid escape sequence'],
    ['a{2000}', 'invalid repeat count'],
  ])('that is not valid is refused in RE2’s own words: %s', (source, reason) => {
    try {
      compilePattern(source);
      expect.unreachable('the pattern was compiled');
    } catch (error) {
      expect(error).toBeInstanceOf(SwarmError);
      expect(error).toMatchObject({
        code: 'pattern-invalid',
        message: `The pattern /${source}/ is not valid: ${reason}.`,
        hint: 'Patterns have the syntax of RE2, which knows no look-around and no back-references.',
      });
    }
  });
});
