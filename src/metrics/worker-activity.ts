import { LatestSeconds } from './latest.js';
import type { Snapshot } from './snapshot.js';

/** What one worker does now: amounts of the latest second that every worker has told of. */
export interface WorkerActivity {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** 1 is one core. */
  readonly cpu: number;
  /** Of its audited values of the measured window, those of which the generator may be a noticeable part; null where there are none. */
  readonly contaminatedShare: number | null;
}

/** What one snapshot counted. */
export interface SnapshotCounts {
  packetsSent: number;
  packetsReceived: number;
  /** Of the measured window. */
  audited: number;
  contaminated: number;
}

/** Adds up what a worker does. */
export class WorkerTally {
  readonly #sent = new LatestSeconds();
  readonly #received = new LatestSeconds();
  readonly #cpuUs = new LatestSeconds();
  #audited = 0;
  #contaminated = 0;

  /** `last`: of the snapshot's `seconds` seconds the last. */
  add(last: number, { state }: Snapshot, counts: SnapshotCounts, seconds: number): void {
    this.#sent.add(last, counts.packetsSent, seconds);
    this.#received.add(last, counts.packetsReceived, seconds);
    this.#cpuUs.add(last, state.cpuUserUs + state.cpuSystemUs, seconds);
    this.#audited += counts.audited;
    this.#contaminated += counts.contaminated;
  }

  activityIn(second: number): WorkerActivity {
    return {
      packetsSent: this.#sent.of(second),
      packetsReceived: this.#received.of(second),
      cpu: this.#cpuUs.of(second) / 1e6,
      contaminatedShare: this.#audited > 0 ? this.#contaminated / this.#audited : null,
    };
  }
}
