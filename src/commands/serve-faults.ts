import type { ServerMode } from '../control/server-messages.js';
import { SwarmError } from '../errors.js';
import type { ServerFault, ServerFaultPlan } from '../scenario/plan.js';
import { parseServerFault } from '../scenario/server-faults.js';
import { readOption } from './read-option.js';

/** What each fault strikes. */
const struck: Readonly<Record<ServerFault['kind'], 'replies' | 'sizes' | 'connections'>> = {
  delay: 'replies',
  stall: 'replies',
  drop: 'replies',
  rubbish: 'replies',
  'bad-size': 'sizes',
  close: 'replies',
  'close-after': 'replies',
  reset: 'replies',
  'reset-after': 'replies',
  'never-read': 'connections',
  'accept-slowly': 'connections',
  'die-after': 'connections',
};

/**
 * Reads the `--fault` options of a server that plays `mode`.
 * @throws SwarmError for what is no fault, and for one that would never strike in this mode; it names the option.
 */
export function parseFaults(texts: readonly string[], mode: ServerMode): ServerFaultPlan[] {
  return texts.map((text) => {
    const fault = readOption(`--fault '${text}'`, () => parseServerFault(text));
    checkStrikes(fault, mode);
    return fault;
  });
}

function checkStrikes({ kind, text }: ServerFaultPlan, mode: ServerMode): void {
  const what = struck[kind];
  if (mode === 'sink' && what !== 'connections') {
    throw new SwarmError('fault-invalid', `--fault '${text}': --mode sink sends no replies that this could strike.`, {
      hint: 'Write --mode echo, chat or move, or a fault of connections: never-read, accept-slowly or die-after.',
    });
  }
  if (mode === 'hello' && what === 'sizes') {
    throw new SwarmError('fault-invalid', `--fault '${text}': what --mode hello sends has no size.`, {
      hint: 'Write --mode echo, chat or move, or another fault.',
    });
  }
}
