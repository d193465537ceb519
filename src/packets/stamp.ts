/**
 * A broadcast stamp: what a client writes into a string that the server hands to others, and finds again wherever the server put it.
 *
 *     stamp  = "~@" sender time
 *     sender = 4 digits in base 36: the client's number, modulo 36^4
 *     time   = 8 digits in base 36: microseconds since the run's start (89 years' worth)
 *
 * Fixed width and plain ASCII, so that it survives servers that trim, escape or count, and is one byte a character in UTF-8 and two
 * in UTF-16LE.
 */
const marker = '~@';
const senderDigits = 4;
const timeDigits = 8;
const senders = 36 ** senderDigits;
/** Characters of a whole stamp. */
export const stampLength = marker.length + senderDigits + timeDigits;

const first = marker.charCodeAt(0);
const second = marker.charCodeAt(1);

/** The value of each byte as a digit of base 36 (0-9a-z); 255 for all others. */
const digitValues = new Uint8Array(256).fill(255);
for (let value = 0; value < 36; value++) digitValues[value.toString(36).charCodeAt(0)] = value;

/** The stamp of client `sender` for a time in microseconds since the run's start. */
export function writeStamp(sender: number, timeUs: number): string {
  const senderText = (sender % senders).toString(36).padStart(senderDigits, '0');
  return marker + senderText + Math.max(0, Math.floor(timeUs)).toString(36).padStart(timeDigits, '0');
}

/** What a stamp says. */
export interface Stamp {
  sender: number;
  timeUs: number;
}

/**
 * Finds the first stamp in bytes `start` to `end` of `buffer` and writes what it says into `found`; false where there is none.
 * `width`: bytes a character, 2 for UTF-16LE, 1 for UTF-8. Allocates nothing: this runs for every copy of every broadcast.
 */
export function findStamp(buffer: Uint8Array, start: number, end: number, width: 1 | 2, found: Stamp): boolean {
  const last = end - stampLength * width;
  for (let at = start; at <= last; at++) {
    if (buffer[at] !== first || buffer[at + width] !== second) continue;
    if (width === 2 && (buffer[at + 1] !== 0 || buffer[at + 3] !== 0)) continue;
    const senderAt = at + marker.length * width;
    const sender = readDigits(buffer, senderAt, senderDigits, width);
    const timeUs = readDigits(buffer, senderAt + senderDigits * width, timeDigits, width);
    if (sender < 0 || timeUs < 0) continue;
    found.sender = sender;
    found.timeUs = timeUs;
    return true;
  }
  return false;
}

/** A number of `count` digits in base 36; -1 where one of them is none. */
function readDigits(buffer: Uint8Array, start: number, count: number, width: 1 | 2): number {
  let value = 0;
  for (let i = 0, at = start; i < count; i++, at += width) {
    const digit = digitValues[buffer[at]!]!;
    if (digit === 255 || (width === 2 && buffer[at + 1] !== 0)) return -1;
    value = value * 36 + digit;
  }
  return value;
}

/** The number under which `sender` stands in stamps. */
export function stampSender(sender: number): number {
  return sender % senders;
}
