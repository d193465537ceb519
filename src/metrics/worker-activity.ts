import type { SeriesId } from './catalog.js';
import { LatestSeconds } from './latest.js';
import { measuredPhase } from './series-totals.js';
import type { Snapshot } from './snapshot.js';
import { slotOf } from './snapshot-codec.js';

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

/** `at`: the slot of the series that the amount is in. */
export function countInSnapshot(counts: SnapshotCounts, { metric }: SeriesId, at: number, amount: number): void {
  if (metric === 'packets_sent') counts.packetsSent += amount;
  else if (metric === 'packets_received') counts.packetsReceived += amount;
  else if (at !== slotOf(measuredPhase, 0)) return;
  else if (metric === 'audited_values') counts.audited += amount;
  else if (metric === 'contaminated_values') counts.contaminated += amount;
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
