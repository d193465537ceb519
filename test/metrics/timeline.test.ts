import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith } from './snapshots.js';

/** Workers that report to one totals, each recording what it is told before each snapshot. */
function reporting() {
  const totals = new TotalsBuilder();
  const recorders = new Map<number, Recorder>();
  const report = (
    worker: number,
    fromMs: number,
    toMs: number,
    record?: (recorder: Recorder) => void,
    connected = 1,
  ) => {
    const recorder = recorders.get(worker) ?? new Recorder({ worker });
    recorders.set(worker, recorder);
    record?.(recorder);
    totals.add(recorder.snapshot(fromMs * 1000, toMs * 1000, stateWith(connected)));
  };
  return { totals, report };
}

describe('the time line', () => {
  test('has a row per second, of all workers together, whatever the phase', () => {
    const { totals, report } = reporting();
    const recordAll = (recorder: Recorder) => {
      recorder.counter('packets_sent').add(3, 0);
      recorder.counter('packets_received').add(30);
      recorder.counter('data_sent').add(300);
      recorder.counter('data_received').add(3000);
      recorder.rate('errors').count();
      recorder.rate('errors').hit();
      recorder.phase = 1;
    };
    for (const worker of [0, 1]) {
      report(worker, 0, 1000, recordAll, 10 + worker);
      report(worker, 1000, 2000, recordAll, 20 + worker);
    }
    const amounts = { packetsSent: 6, packetsReceived: 60, bytesSent: 600, bytesReceived: 6000, errors: 2 };
    const silent = { contaminatedShare: null, p50Ms: null, p95Ms: null, p99Ms: null };
    const memory = { workersBytes: 0, coordinatorBytes: null };
    expect(totals.timeline).toEqual([
      { atMs: 0, widthMs: 1000, connected: 21, ...amounts, ...silent, memory },
      { atMs: 1000, widthMs: 1000, connected: 41, ...amounts, ...silent, memory },
    ]);
  });

  test('keeps the most memory of an interval: of all workers together, and of who merges them', () => {
    const totals = new TotalsBuilder();
    const recorders = [new Recorder({ worker: 0 }), new Recorder({ worker: 1 })];
    const report = (worker: number, fromMs: number, rssBytes: number, coordinatorBytes?: number) => {
      const state = { ...stateWith(1), rssBytes };
      totals.add(recorders[worker]!.snapshot(fromMs * 1000, (fromMs + 400) * 1000, state), coordinatorBytes);
    };
    report(0, 0, 100, 30);
    report(0, 400, 90, 50);
    report(1, 0, 200, 40);
    report(0, 1000, 80);
    expect(totals.timeline.map((row) => row.memory)).toEqual([
      { workersBytes: 300, coordinatorBytes: 50 },
      { workersBytes: 80, coordinatorBytes: null },
    ]);
    // Merged into wider rows, as in long runs.
    for (let second = 2; second < 242; second++) report(0, second * 1000, 70);
    expect(totals.timeline[0]?.memory).toEqual({ workersBytes: 300, coordinatorBytes: 50 });
  });

  test('puts a snapshot in the second of its middle, so that jitter and borders of phases move nothing', () => {
    const { totals, report } = reporting();
    report(0, 0, 1003);
    report(0, 1003, 1998);
    report(0, 1998, 2400, undefined, 7);
    report(0, 2400, 3001, undefined, 8);
    report(0, 3001, 3001, undefined, 9);
    expect(totals.timeline.map((row) => [row.atMs, row.connected])).toEqual([
      [0, 1],
      [1000, 1],
      [2000, 8],
      [3000, 9],
    ]);
  });

  test('gives the last row the width it has so far, and rates by that width', () => {
    const { totals, report } = reporting();
    report(0, 0, 1000);
    report(0, 1000, 1250, (recorder) => recorder.counter('packets_sent').add(10));
    expect(totals.timeline.at(-1)).toMatchObject({ atMs: 1000, widthMs: 250, packetsSent: 40 });
    report(0, 1250, 2000, (recorder) => recorder.counter('packets_sent').add(2));
    expect(totals.timeline.at(-1)).toMatchObject({ atMs: 1000, widthMs: 1000, packetsSent: 12 });
  });

  test('says of each row which share of its values may owe much to the generator', () => {
    const { totals, report } = reporting();
    for (const worker of [0, 1]) {
      report(worker, 0, 1000, (recorder) => {
        recorder.counter('audited_values').add(100);
        recorder.counter('contaminated_values').add(worker * 5);
      });
    }
    report(0, 1000, 2000);
    expect(totals.timeline.map(({ contaminatedShare }) => contaminatedShare)).toEqual([0.025, null]);
  });

  test('shows open response times, and closed service times only where there are none', () => {
    const { totals, report } = reporting();
    const closed = (recorder: Recorder) => recorder.trend('service_time', { arrival: 'closed' }).record(70);
    report(0, 0, 1000, (recorder) => {
      closed(recorder);
      recorder.trend('service_time', { arrival: 'open' }).record(1);
      recorder.trend('response_time', { arrival: 'open', client: 'a' }).record(20);
      recorder.trend('response_time', { arrival: 'open', client: 'b' }).record(40);
      recorder.trend('response_time', { arrival: 'open' }).recordUnanswered(900);
    });
    report(0, 1000, 2000, closed);
    expect(totals.timeline.map(({ p50Ms, p95Ms, p99Ms }) => [p50Ms, p95Ms, p99Ms])).toEqual([
      [0.02, 0.04, 0.04],
      [0.07, 0.07, 0.07],
    ]);
  });

  test('merges neighbours beyond 240 rows, adding histograms and never averaging percentiles', () => {
    const { totals, report } = reporting();
    for (let second = 0; second < 241; second++) {
      const record = (recorder: Recorder) => {
        recorder.counter('packets_sent').add(second);
        const time = recorder.trend('response_time', { arrival: 'open' });
        const slow = second % 2 === 1;
        for (let i = 0; i < (slow ? 1 : 9); i++) time.record(slow ? 1000 : 10);
      };
      report(0, second * 1000, (second + 1) * 1000, record, second);
    }
    const rows = totals.timeline;
    expect(rows).toHaveLength(121);
    expect(rows[60]).toMatchObject({ atMs: 120_000, widthMs: 2000, packetsSent: 120.5, connected: 121 });
    expect(rows[60]).toMatchObject({ p50Ms: 0.01, p95Ms: 1, p99Ms: 1 });
    expect(rows[120]).toMatchObject({ atMs: 240_000, widthMs: 1000, packetsSent: 240, connected: 240 });
  });

  test('keeps a day within 240 rows that cover all of it, and loses no packet', () => {
    const { totals, report } = reporting();
    const seconds = 24 * 3600;
    for (let second = 0; second < seconds; second += 10) {
      report(0, second * 1000, (second + 10) * 1000, (recorder) => recorder.counter('packets_sent').add(7));
    }
    const rows = totals.timeline;
    expect(rows.length).toBeLessThanOrEqual(240);
    expect(rows.reduce((ms, row) => ms + row.widthMs, 0)).toBe(seconds * 1000);
    const packets = rows.reduce((sum, row) => sum + (row.packetsSent * row.widthMs) / 1000, 0);
    expect(packets).toBeCloseTo((seconds / 10) * 7, 3);
  });
});

describe('the histograms of the time line', () => {
  const countOf = (encoded: string | undefined) =>
    encoded === undefined ? undefined : decodeFromCompressedBase64(encoded).totalCount;

  test('stand beside each row, open and closed apart, and what has no values is left out', () => {
    const { totals, report } = reporting();
    report(0, 0, 1000, (recorder) => {
      recorder.trend('response_time', { arrival: 'open', client: 'a' }).record(20);
      recorder.trend('response_time', { arrival: 'open', client: 'b' }).record(40);
      recorder.trend('response_time', { arrival: 'open' }).recordUnanswered(900);
      recorder.trend('service_time', { arrival: 'closed' }).record(70);
      recorder.trend('connect_time').record(5);
    });
    report(0, 1000, 2000);
    const [first, second] = totals.timelineHistograms();
    expect(Object.keys(first ?? {})).toEqual(['response_time{arrival:"open"}', 'service_time{arrival:"closed"}']);
    expect(countOf(first?.['response_time{arrival:"open"}'])).toBe(2);
    expect(second).toEqual({});
    expect(totals.timelineUnanswered()).toEqual([{ 'response_time{arrival:"open"}': 1 }, {}]);
  });

  test('are kept of every trend that a threshold names, with its tags', () => {
    const totals = new TotalsBuilder({
      thresholds: [
        { metric: 'connect_time', tags: {} },
        { metric: 'response_time', tags: { packet: 'C_Login' } },
        { metric: 'response_time', tags: {} },
        { metric: 'errors', tags: {} },
      ],
    });
    const recorder = new Recorder({ worker: 0 });
    recorder.trend('connect_time', { client: 'a' }).record(5);
    recorder.trend('response_time', { arrival: 'open', packet: 'C_Login' }).record(20);
    recorder.trend('response_time', { arrival: 'open', packet: 'C_Move' }).record(30);
    totals.add(recorder.snapshot(0, 1e6, stateWith(1)));
    const [row] = totals.timelineHistograms();
    expect(Object.entries(row ?? {}).map(([of, encoded]) => [of, countOf(encoded)])).toEqual([
      ['response_time{arrival:"open"}', 2],
      ['connect_time', 1],
      ['response_time{arrival:"open",packet:"C_Login"}', 1],
    ]);
  });

  test('are added up where rows are merged, and lose no value', () => {
    const { totals, report } = reporting();
    for (let second = 0; second < 500; second++) {
      report(0, second * 1000, (second + 1) * 1000, (recorder) =>
        recorder.trend('broadcast_time', { packet: 'S_Chat' }).record(second),
      );
      report(0, (second + 1) * 1000, (second + 1) * 1000, (recorder) =>
        recorder.trend('broadcast_time', { packet: 'S_Chat' }).recordUnanswered(900),
      );
    }
    const histograms = totals.timelineHistograms();
    expect(histograms).toHaveLength(totals.timeline.length);
    expect(histograms.length).toBeLessThanOrEqual(240);
    const all = histograms.map((row) => countOf(row.broadcast_time) ?? 0);
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(500);
    const unanswered = totals.timelineUnanswered().map((row) => row.broadcast_time ?? 0);
    expect(unanswered.reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(totals.trendIn({ metric: 'broadcast_time', tags: {} }, { fromMs: 0, toMs: 200_000 })?.count).toBe(200);
  });
});
