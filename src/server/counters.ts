import type { LimitName, PacketTotals, ServerMode, ServerTotals, TrafficTotals } from '../control/server-messages.js';
import type { CoreError, DisconnectReason } from '../core/index.js';
import type { ServerFault } from '../scenario/plan.js';
import { limitOfAccept, limitOfSession } from './limits.js';

/** Gives a packet its name in the totals; null where there is none to give. */
export type PacketNames = (id: number) => string | null;

/** The packets and bytes of one direction. Counting is O(1) and allocates nothing. */
export class TrafficCounter {
  /** By id + 1, because what has no id counts as −1. Ids have 16 bits; pages of the array that nobody touches take no memory. */
  readonly #packets = new Float64Array(1 + 65_536);
  #bytes = 0;

  addPackets(id: number, packets: number): void {
    this.#packets[id + 1]! += packets;
  }

  addBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  totals(nameOf: PacketNames): TrafficTotals {
    const byId: PacketTotals[] = [];
    this.#packets.forEach((packets, slot) => {
      if (packets > 0) byId.push({ id: slot - 1, name: nameOf(slot - 1), packets });
    });
    return { packets: byId.reduce((sum, { packets }) => sum + packets, 0), bytes: this.#bytes, byId };
  }
}

/** All that the server counts. */
export class ServerCounters {
  readonly received = new TrafficCounter();
  /** What the sessions sent. */
  readonly sent = new TrafficCounter();
  /** What of that was handed to the network; faults, which stand in between, count here. */
  readonly passed: TrafficCounter;
  refusedPackets = 0;
  #accepted = 0;
  #current = 0;
  #peak = 0;
  readonly #disconnects = new Map<string, number>();
  readonly #protocolErrors = new Map<string, number>();
  readonly #acceptErrors = new Map<string, number>();
  readonly #limits = new Map<LimitName, number>();
  readonly #faults = new Map<ServerFault['kind'], number>();
  readonly #onLimit: ((limit: LimitName) => void) | undefined;

  /** `onLimit` hears of each session and each connection that met a limit. `hasFaults`: not all that sessions send is passed on. */
  constructor({ onLimit, hasFaults = false }: { onLimit?: (limit: LimitName) => void; hasFaults?: boolean } = {}) {
    this.#onLimit = onLimit;
    this.passed = hasFaults ? new TrafficCounter() : this.sent;
  }

  sessionBegan(): void {
    this.#accepted++;
    this.#current++;
    this.#peak = Math.max(this.#peak, this.#current);
  }

  sessionEnded(reason: DisconnectReason): void {
    const { cause, code = 'unknown', unconsumedBytes } = reason;
    this.#current--;
    increment(this.#disconnects, cause);
    if (cause === 'protocol') increment(this.#protocolErrors, code);
    if (unconsumedBytes !== undefined) increment(this.#protocolErrors, 'unfinished-packet');
    this.#limitMet(limitOfSession(reason));
  }

  acceptFailed(error: CoreError): void {
    increment(this.#acceptErrors, error.code);
    this.#limitMet(limitOfAccept(error));
  }

  /** A fault struck: a packet, or a connection. */
  faultStruck(kind: ServerFault['kind']): void {
    increment(this.#faults, kind);
  }

  totals(mode: ServerMode, receivedNames: PacketNames, sentNames: PacketNames): ServerTotals {
    return {
      mode,
      sessions: { accepted: this.#accepted, current: this.#current, peak: this.#peak },
      received: this.received.totals(receivedNames),
      sent: this.passed.totals(sentNames),
      refusedPackets: this.refusedPackets,
      disconnects: Object.fromEntries(this.#disconnects),
      protocolErrors: Object.fromEntries(this.#protocolErrors),
      acceptErrors: Object.fromEntries(this.#acceptErrors),
      limits: Object.fromEntries(this.#limits),
      faults: Object.fromEntries(this.#faults),
    };
  }

  #limitMet(limit: LimitName | undefined): void {
    if (limit === undefined) return;
    increment(this.#limits, limit);
    this.#onLimit?.(limit);
  }
}

function increment<Key extends string>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
