import { isUtf8 } from 'node:buffer';
import type { BodyReader } from './body-reader.js';
import { DecodeError } from './codec-errors.js';
import type { TextEncoding } from './definition.js';

/** Bytes that a text takes. Half a surrogate pair becomes U+FFFD in UTF-8, which cannot express it. */
export function textSize(encoding: TextEncoding, text: string): number {
  if (encoding === 'utf-8') return Buffer.byteLength(text);
  return encoding === 'latin1' ? text.length : 2 * text.length;
}

/** Why the encoding cannot express the text, as a sentence without a full stop; undefined where it can. */
export function textMisfit(encoding: TextEncoding, text: string): string | undefined {
  if (encoding !== 'latin1') return undefined;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) return `${JSON.stringify(text.charAt(i))} is not a character of Latin-1`;
  }
  return undefined;
}

/** Writes a text where there is room for it; returns where it ends. */
export function writeText(encoding: TextEncoding, text: string, buffer: Uint8Array, offset: number): number {
  if (encoding === 'utf-8') return writeUtf8(text, buffer, offset);
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (encoding !== 'latin1') buffer[at++] = encoding === 'utf-16be' ? unit >> 8 : unit;
    if (encoding === 'utf-16le') buffer[at++] = unit >> 8;
    else buffer[at++] = unit;
  }
  return at;
}

/** By hand, because Node's own writers want a Buffer or a view, and each would be an object per text. */
function writeUtf8(text: string, buffer: Uint8Array, offset: number): number {
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      buffer[at++] = code;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      code = text.codePointAt(i)!;
      if (code > 0xffff) i++;
      else code = 0xfffd;
    }
    if (code < 0x800) {
      buffer[at++] = 0xc0 | (code >> 6);
    } else {
      if (code < 0x1_0000) {
        buffer[at++] = 0xe0 | (code >> 12);
      } else {
        buffer[at++] = 0xf0 | (code >> 18);
        buffer[at++] = 0x80 | ((code >> 12) & 0x3f);
      }
      buffer[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    buffer[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

/**
 * Reads the text in bytes `start` to `end` of the reader's buffer. Surrogates of UTF-16 without their pair stay as they are.
 * @throws DecodeError `bad-text` for what is not in that encoding.
 */
export function readText(
  encoding: TextEncoding,
  reader: BodyReader,
  start: number,
  end: number,
  field: string,
): string {
  const buffer = asBuffer(reader.buffer);
  switch (encoding) {
    case 'utf-8':
      return readUtf8(buffer, start, end, field);
    case 'latin1':
      return buffer.toString('latin1', start, end);
    default:
      if ((end - start) % 2 !== 0) {
        throw new DecodeError('bad-text', field, `a UTF-16 text cannot have ${end - start} bytes`);
      }
      if (encoding === 'utf-16le') return buffer.toString('utf16le', start, end);
      return Buffer.from(buffer.subarray(start, end)).swap16().toString('utf16le');
  }
}

/**
 * Reads the UTF-8 text in bytes `start` to `end`.
 * @throws DecodeError `bad-text`, naming `field`, for what is none.
 */
export function readUtf8(buffer: Buffer, start: number, end: number, field: string): string {
  const text = buffer.toString('utf8', start, end);
  // Decoding puts U+FFFD where bytes are wrong; it may also stand in the text itself.
  if (text.includes('\ufffd') && !isUtf8(buffer.subarray(start, end))) {
    throw new DecodeError('bad-text', field, 'the text is not UTF-8');
  }
  return text;
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
