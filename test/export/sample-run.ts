import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith } from '../metrics/snapshots.js';

/** A run of one worker: a second of warm-up, a second that is measured, a bit of everything in it. */
export function sampleTotals(): TotalsBuilder {
  const recorder = new Recorder({ worker: 0 });
  const totals = new TotalsBuilder({ workers: 1 });
  const talker = { client: 'talker' };
  recorder.counter('packets_sent', { packet: 'C_Chat', ...talker }).add(10);
  totals.add(recorder.snapshot(0, 1e6, stateWith(3)));

  recorder.phase = 1;
  recorder.counter('packets_sent', { packet: 'C_Chat', ...talker }).add(32);
  recorder.counter('packets_sent', { packet: 'a "quoted" \\ name\nof two lines', ...talker }).add(1);
  recorder.counter('data_sent', talker).add(4096);
  recorder.counter('timeouts', { packet: 'C_Chat', step: 'talker.every[0]', ...talker });
  const errors = recorder.rate('errors', talker);
  for (let i = 0; i < 7; i++) errors.count();
  errors.hit();
  const times = recorder.trend('response_time', {
    ...{ packet: 'C_Chat', step: 'talker.every[0]', arrival: 'open' },
    ...talker,
  });
  for (const us of [90, 100, 1500, 1600, 2000, 250_000]) times.record(us);
  times.recordUnanswered(2_000_000);
  recorder.trend('tls_handshake_time', talker);
  recorder.trend('recv_batch', talker).record(3);
  recorder.trend('recv_bytes', talker).record(300);
  totals.add(recorder.snapshot(1e6, 2e6, stateWith(4)));
  return totals;
}
