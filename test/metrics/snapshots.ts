import type { Phase } from '../../src/metrics/catalog.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { WorkerState } from '../../src/metrics/snapshot.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';

/** A worker's state in which only the number of connected clients matters. */
export function stateWith(connected: number): WorkerState {
  return {
    connected,
    mostConnected: connected,
    connecting: 0,
    lost: 0,
    silent: 0,
    expected: 0,
    starting: 0,
    cpuUserUs: 0,
    cpuSystemUs: 0,
    rssBytes: 0,
    loopUtilization: 0,
    loopDelayMaxMs: 0,
    runQueueUs: 0,
    gcUs: 0,
  };
}

/** The totals of one worker that records as `record` says in one second of the measured phase. */
export function totalsOf(record: (recorder: Recorder) => void, options: { phase?: Phase } = {}): TotalsBuilder {
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = options.phase ?? 1;
  record(recorder);
  const totals = new TotalsBuilder();
  totals.add(recorder.snapshot(0, 1e6, stateWith(0)));
  return totals;
}
