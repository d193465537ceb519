import { EncodeError } from './codec-errors.js';

/**
 * Writes a value as JSON without blanks: whole numbers of 64 bits as digits, also where an object stands for one,
 * and Maps as objects, which is what expressions have.
 * @throws EncodeError for what JSON cannot express: NaN, infinities, bytes, undefined, functions.
 */
export function jsonText(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'bigint':
      return String(value);
    case 'number':
      if (Number.isFinite(value)) return JSON.stringify(value);
      throw new EncodeError('', `JSON has no number ${value}`);
    case 'object':
      return value === null ? 'null' : structureText(value);
    default:
      throw new EncodeError('', `JSON has no ${typeof value}`);
  }
}

function structureText(value: object): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join()}]`;
  // A member of this name is a member: a class says for what number its objects stand.
  const number: unknown = Object.hasOwn(value, 'valueOf') ? value : value.valueOf();
  if (typeof number === 'bigint') return String(number);
  if (value instanceof Uint8Array) throw new EncodeError('', 'JSON has no bytes: write them as text');
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const members = entries.filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(String(key))}:${jsonText(member)}`).join()}}`;
}
