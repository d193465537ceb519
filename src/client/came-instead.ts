import type { PacketSession } from '../core/index.js';
import { counted } from '../metrics/format.js';
import type { FieldRecord } from '../packets/index.js';
import { jsonText } from '../packets/json-text.js';
import { printable } from '../printable.js';

/** As much of bytes, and of a text, as a sentence can hold. */
const mostBytes = 16;
const longestText = 60;

/** What has come of a packet whose rest is still waited for: where its framing is not the server's, its first bytes tell. */
export function describeUnfinished(session: PacketSession): string {
  const { unconsumed, unconsumedBytes, unfinishedSize } = session;
  const size = unfinishedSize === 0 ? '' : `, of ${unfinishedSize} by its header`;
  return `a packet had begun to come, and ${counted(unconsumedBytes, 'byte')} of it ${unconsumedBytes === 1 ? 'was' : 'were'} there${size}: ${describeBytes(unconsumed)}`;
}

/** A frame that has no name, in a few words: its text, its JSON or its bytes. */
export function describeFrame({ line, value, bytes }: FieldRecord): string {
  if (bytes instanceof Uint8Array) return describeBytes(bytes);
  const text = typeof line === 'string' ? line : jsonText(value);
  return `\`${shortened(text)}\``;
}

/** `50 4f 4e 47 0a, as text PONG·`. */
function describeBytes(bytes: Uint8Array): string {
  const first = Buffer.from(bytes.subarray(0, mostBytes));
  const more = bytes.length > mostBytes ? ' …' : '';
  return `${first.toString('hex').replace(/..(?=.)/g, '$& ')}${more}, as text \`${printable(first.toString('latin1'))}\``;
}

function shortened(text: string): string {
  return printable(text.length > longestText ? `${text.slice(0, longestText)} …` : text);
}
