import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { isUsersMistake } from './errors.js';

function mistake(message: string, hint?: string): SwarmError {
  const place = { file: 'a.yaml', line: 1, column: 1 };
  return new SwarmError('scenario-invalid', message, {
    problems: [{ message, place, ...(hint !== undefined && { hint }) }],
  });
}

describe('a message to a user is in words of ours', () => {
  it.each([
    'the file packets/a.proto: undefined is not a function (see docs/b.md)',
    'a/b: Cannot read properties of null',
    'a/b\nhas the value [object Object] where c/d\nhas none',
    'the value is undefined',
  ])('and this is not: %s', (message) => {
    expect(() => isUsersMistake(mistake(message))).toThrow('in words of ours');
    expect(() => isUsersMistake(mistake('It cannot be read.', message))).toThrow('in words of ours');
  });

  it.each([
    'the file folder/undefined/a.proto has no messages',
    'there is no field `undefined`, "[object Object]" or \'Invalid input\'',
    'line 1: undefined entity',
  ])('and what it quotes may be any: %s', (message) => {
    expect(isUsersMistake(mistake(message))).toBe(true);
  });
});
