import type { FromWorker } from '../control/messages.js';
import type { Clock } from '../core/index.js';
import type { Phase } from '../metrics/catalog.js';
import { faultWindowsOf } from '../metrics/neighbours.js';
import { TotalsBuilder } from '../metrics/totals-builder.js';
import { residentBytes } from '../resident-memory.js';
import type { Plan } from '../scenario/plan.js';
import { SampleBook } from './sample-book.js';
import { SleepWatch } from './sleep-watch.js';

/** What the workers of a run have reported so far, merged. Times are run times. */
export class Ledger {
  readonly totals: TotalsBuilder;
  readonly samples = new SampleBook();
  readonly #sleep: SleepWatch;

  constructor({ thresholds, kinds }: Plan, workers: number, clock: Clock) {
    this.totals = new TotalsBuilder({ workers, thresholds, faults: faultWindowsOf(kinds) });
    this.#sleep = new SleepWatch(clock);
  }

  add({ snapshot, samples }: Extract<FromWorker, { type: 'snapshot' }>, nowUs: number): void {
    this.totals.add(snapshot, residentBytes());
    const sleptMs = this.#sleep.take();
    if (sleptMs > 0) this.totals.standstills.add({ fromMs: nowUs / 1000, forMs: sleptMs });
    for (const sample of samples) this.samples.add(sample, snapshot.toUs / 1000);
  }

  /** A worker is gone with the clients that it had connected; with those of `unheard` where it had not reported yet. */
  lose(worker: number, unheard: { readonly clients: number; readonly phase: Phase }, nowUs: number): void {
    const count = this.totals.lose(worker, unheard);
    const message = `worker ${worker} was lost with its clients`;
    if (count > 0) this.samples.add({ kind: 'disconnects worker', message, count }, nowUs / 1000);
  }
}
