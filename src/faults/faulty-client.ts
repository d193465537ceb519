import type { Clock } from '../core/index.js';
import type { RandomStream } from '../load/random.js';
import type { FaultName } from '../scenario/plan.js';
import type { FaultyKind } from './faulty-kind.js';
import type { PacketPlayer } from './packet-player.js';

/** What a connection needs of the client whose it is. */
export interface FaultyClient {
  readonly kind: FaultyKind;
  /** One stream for each fault of the kind. */
  readonly randoms: readonly RandomStream[];
  readonly packets: PacketPlayer;
  readonly clock: Clock;
  /** On the clock of the run. */
  nowMs(): number;
  /** So many bytes have gone out, whatever was meant to. */
  onWritten(bytes: number): void;
  /** Ends the connection for the sake of a fault. */
  fail(fault: FaultName): void;
}
