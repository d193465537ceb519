import { DecodeError } from './codec-errors.js';
import type { JsonValue } from './definition.js';

/** Deeper values are refused: the reader recurses, and so may what reads its values. */
export const maxJsonDepth = 128;

/** More digits than any whole number of 64 bits has, its sign included. */
const longestInteger = 20;
const smallest = -(2n ** 63n);
const largest = 2n ** 64n - 1n;

const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** What JSON text cannot have as it is within a string. */
const control = /[\u0000-\u001f]/;

/**
 * Reads one value of JSON (RFC 8259) and nothing behind it. Stricter than `JSON.parse`: nesting is limited, a key stands once in its
 * object, and `__proto__` is no key. Whole numbers keep every digit up to 64 bits.
 * @throws DecodeError `bad-json`, `too-deep` or `bad-key`, with the place in the text.
 */
export function readJson(text: string): JsonValue {
  const reader = new JsonReader(text);
  return reader.whole();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonValue {
    const value = this.#value();
    this.#skipBlank();
    if (this.#at < this.#text.length) this.#fail('bad-json', 'something follows the value');
    return value;
  }

  #value(): JsonValue {
    this.#skipBlank();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > maxJsonDepth) this.#fail('too-deep', `values nest more than ${maxJsonDepth} levels deep`);
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): JsonValue {
    const object: { [key: string]: JsonValue } = {};
    if (this.#takes('}')) return object;
    do {
      this.#skipBlank();
      const keyAt = this.#at;
      if (this.#text[keyAt] !== '"') this.#fail('bad-json', 'a key in quotes is missing');
      const key = this.#string();
      if (key === '__proto__') this.#fail('bad-key', 'the key "__proto__" is refused', keyAt);
      if (Object.hasOwn(object, key)) this.#fail('bad-key', `the key ${shown(key)} stands twice`, keyAt);
      if (!this.#takes(':')) this.#fail('bad-json', 'a colon is missing');
      object[key] = this.#value();
    } while (this.#takes(','));
    if (!this.#takes('}')) this.#fail('bad-json', 'an object does not end');
    return object;
  }

  #array(): JsonValue {
    const array: JsonValue[] = [];
    if (this.#takes(']')) return array;
    do array.push(this.#value());
    while (this.#takes(','));
    if (!this.#takes(']')) this.#fail('bad-json', 'an array does not end');
    return array;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at + 1;
    let end = text.indexOf('"', start);
    let escaped = false;
    while (end !== -1 && isEscaped(text, start, end)) {
      escaped = true;
      end = text.indexOf('"', end + 1);
    }
    if (end === -1) this.#fail('bad-json', 'a string does not end');
    this.#at = end + 1;
    const raw = text.slice(start, end);
    if (!escaped && !raw.includes('\\')) {
      if (control.test(raw)) this.#fail('bad-json', 'a string has a control character', start - 1);
      return raw;
    }
    try {
      return JSON.parse(`"${raw}"`) as string;
    } catch {
      return this.#fail('bad-json', 'a string has an escape that there is not, or a control character', start - 1);
    }
  }

  #number(): JsonValue {
    number.lastIndex = this.#at;
    const match = number.exec(this.#text);
    if (match === null) {
      const isEnd = this.#at >= this.#text.length;
      return this.#fail('bad-json', isEnd ? 'a value is missing' : `${shown(this.#text[this.#at]!)} begins no value`);
    }
    this.#at = number.lastIndex;
    const [digits, fraction, exponent] = match;
    const value = Number(digits);
    const isWhole = fraction === undefined && exponent === undefined;
    if (!isWhole || Number.isSafeInteger(value) || digits.length > longestInteger) return value;
    const exact = BigInt(digits);
    return exact >= smallest && exact <= largest ? exact : value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at))
      this.#fail('bad-json', `${shown(this.#text[this.#at]!)} begins no value`);
    this.#at += word.length;
    return value;
  }

  #takes(character: string): boolean {
    this.#skipBlank();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipBlank(): void {
    // Most JSON that is sent has no blanks at all.
    if (this.#text.charCodeAt(this.#at) > 0x20) return;
    blank.lastIndex = this.#at;
    blank.exec(this.#text);
    this.#at = blank.lastIndex;
  }

  #fail(code: 'bad-json' | 'too-deep' | 'bad-key', reason: string, at = this.#at): never {
    throw new DecodeError(code, '', `${reason}, at character ${at + 1}`);
  }
}

/** Whether an odd number of backslashes stands before `at`. */
function isEscaped(text: string, start: number, at: number): boolean {
  let before = at - 1;
  while (before >= start && text[before] === '\\') before--;
  return (at - 1 - before) % 2 === 1;
}

/** What came from outside, short and printable. */
function shown(text: string): string {
  if (text === '\uFEFF') return 'a byte order mark';
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
