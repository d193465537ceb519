import type { PacketSet } from '../../packets/definition.js';
import type { Match } from '../plan.js';
import { bytesSpeech } from './bytes.js';
import { jsonSpeech } from './json.js';
import type { FrameSpeech } from './speech.js';
import { textSpeech } from './text.js';

const speeches: { readonly [Format in PacketSet['format']]?: FrameSpeech } = {
  text: textSpeech,
  json: jsonSpeech,
  bytes: bytesSpeech,
};

/** How a scenario speaks of the frames of a set whose packets have no names. */
export function frameSpeech({ format }: PacketSet): FrameSpeech {
  const speech = speeches[format];
  if (speech === undefined) throw new Error(`the packets of ${format} have names`);
  return speech;
}

/** Whatever comes, of a set whose packets have no names. */
export function anyFrame(packets: PacketSet): Match {
  return frameSpeech(packets).anything;
}
