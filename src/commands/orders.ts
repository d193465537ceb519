import type { Steering } from '../coordinator/steering.js';
import type { DashboardInput } from '../dashboard/input.js';
import type { Intent } from '../dashboard/keys.js';
import type { SignalDesk } from './signals.js';

/** Who does what the user asks for by a key. */
export interface Hands {
  /** Ends the run. */
  readonly desk: Pick<SignalDesk, 'ask'>;
  /** Changes its load. */
  readonly steering: Pick<Steering, 'pause' | 'resume' | 'scaleRate' | 'changeClients'>;
}

type SteeringIntent = Exclude<Intent, { kind: 'stop' | 'abort' }>;

/** Has done what the user asks for: at once, or, of a load that has not begun, as soon as it has. */
export class Orders {
  readonly #hands: Hands;
  #begun = false;
  #paused = false;
  #waiting: SteeringIntent[] = [];

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  give(intent: Intent): void {
    if (intent.kind === 'stop' || intent.kind === 'abort') this.#hands.desk.ask(intent.kind);
    else if (this.#begun) this.#steer(intent);
    else this.#waiting.push(intent);
  }

  /** Hears how the run stands now. */
  follow({ status, steering }: Pick<DashboardInput, 'status' | 'steering'>): void {
    this.#paused = steering?.paused ?? false;
    if (this.#begun || status === 'starting') return;
    this.#begun = true;
    for (const intent of this.#waiting) this.#steer(intent);
    this.#waiting = [];
  }

  #steer(intent: SteeringIntent): void {
    const { steering } = this.#hands;
    switch (intent.kind) {
      case 'pause':
        if (this.#paused) steering.resume();
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
}
