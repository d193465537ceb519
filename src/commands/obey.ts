import type { Steering } from '../coordinator/steering.js';
import type { Intent } from '../dashboard/keys.js';
import type { SignalDesk } from './signals.js';

/** Who does what the user asks for by a key. */
export interface Hands {
  /** Ends the run. */
  readonly desk: SignalDesk;
  /** Changes its load. */
  readonly steering: Steering;
}

/** Does what the user asks for; `paused`: how the run stands now, for the key that turns that round. */
export function obey(intent: Intent, { desk, steering }: Hands, paused: boolean): void {
  switch (intent.kind) {
    case 'stop':
    case 'abort':
      desk.ask(intent.kind);
      break;
    case 'pause':
      if (paused) steering.resume();
      else steering.pause();
      break;
    case 'rate':
      steering.scaleRate(intent.factor);
      break;
    case 'clients':
      steering.changeClients(intent.by);
      break;
  }
}
