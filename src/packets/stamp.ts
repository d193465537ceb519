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
/** The values of four digits. */
const senders = 36 ** 4;
/** Characters of a whole stamp. */
export const stampLength = marker.length + senderDigits + timeDigits;

const first = marker.charCodeAt(0);
const second = marker.charCodeAt(1);

/** The value of each byte as a digit of base 36 (0-9a-z); 255, whose highest bit no digit has, for all others. */
const digitValues = new Uint8Array(256).fill(255);
for (let value = 0; value < 36; value++) digitValues[value.toString(36).charCodeAt(0)] = value;

/** What `${stamp}` writes. */
export interface Stamp {
  readonly sender: number;
  readonly timeUs: number;
}

/** The stamp of client `sender` for a time in microseconds since the run's start. */
export function writeStamp(sender: number, timeUs: number): string {
  const senderText = (sender % senders).toString(36).padStart(senderDigits, '0');
  return marker + senderText + Math.max(0, Math.floor(timeUs)).toString(36).padStart(timeDigits, '0');
}

/** Finds stamps in frames of one kind, and says what they say. Allocates nothing: it runs for every copy of every broadcast. */
export class StampFinder {
  /** What the last stamp found says: the number under which its sender stands, and microseconds since the run's start. */
  sender = 0;
  timeUs = 0;
  readonly #width: 1 | 2;
  /** Where the last stamp stood, from the end of its frame: mostly that is where the next one stands too. */
  #fromEnd = 0;

  /** `width`: bytes a character, 2 for UTF-16LE, 1 for UTF-8. */
  constructor(width: 1 | 2) {
    this.#width = width;
  }

  /** Looks for the first stamp in bytes `start` to `end` of `buffer`; false where there is none. */
  find(buffer: Uint8Array, start: number, end: number): boolean {
    const last = end - stampLength * this.#width;
    const guess = end - this.#fromEnd;
    if (guess >= start && guess <= last && this.#readAt(buffer, guess)) return true;
    for (let at = start; at <= last; at++) {
      if (buffer[at] !== first || !this.#readAt(buffer, at)) continue;
      this.#fromEnd = end - at;
      return true;
    }
    return false;
  }

  #readAt(buffer: Uint8Array, at: number): boolean {
    const width = this.#width;
    if (buffer[at] !== first || buffer[at + width] !== second) return false;
    if (width === 2 && (buffer[at + 1]! | buffer[at + 3]!) !== 0) return false;
    const step = 4 * width;
    const digits = at + marker.length * width;
    const sender = readFour(buffer, digits, width);
    const high = readFour(buffer, digits + step, width);
    const low = readFour(buffer, digits + 2 * step, width);
    if ((sender | high | low) < 0) return false;
    this.sender = sender;
    this.timeUs = high * senders + low;
    return true;
  }
}

/** Four digits in base 36, which fit a small integer of the engine's; -1 where one of them is none. */
function readFour(buffer: Uint8Array, at: number, width: 1 | 2): number {
  const a = digitValues[buffer[at]!]!;
  const b = digitValues[buffer[at + width]!]!;
  const c = digitValues[buffer[at + 2 * width]!]!;
  const d = digitValues[buffer[at + 3 * width]!]!;
  if (((a | b | c | d) & 0x80) !== 0) return -1;
  if (width === 2 && (buffer[at + 1]! | buffer[at + 3]! | buffer[at + 5]! | buffer[at + 7]!) !== 0) return -1;
  return ((a * 36 + b) * 36 + c) * 36 + d;
}

/** The number under which `sender` stands in stamps. */
export function stampSender(sender: number): number {
  return sender % senders;
}
