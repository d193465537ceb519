import fc from 'fast-check';
import { decodeFromCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { bucketOf } from '../../src/metrics/buckets.js';
import type { Phase } from '../../src/metrics/catalog.js';
import { BucketCounts, decodeHistogram, encodeHistogram } from '../../src/metrics/histogram.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith, totalsOf } from './snapshots.js';

const anyTimes = fc.array(fc.oneof(fc.nat(3000), fc.nat(100_000), fc.nat(3_600_000_000)), {
  minLength: 1,
  maxLength: 200,
});

function hdrOf(values: readonly number[]): Int32Histogram {
  const hdr = new Int32Histogram(1, 3_600_000_000, 3);
  for (const value of values) hdr.recordValue(value);
  return hdr;
}

function bucketsOf(hdr: Int32Histogram): number[] {
  return Array.from({ length: hdr.countsArrayLength }, (_, i) => hdr.getCountAtIndex(i));
}

function bucketsIn(counts: BucketCounts): [number, number][] {
  const found: [number, number][] = [];
  counts.sorted().forEach((bucket, count) => {
    found.push([bucket, count]);
  });
  return found;
}

describe('a merged trend', () => {
  test('of any number of workers equals one histogram of all values, bucket by bucket', () => {
    fc.assert(
      fc.property(fc.array(anyTimes, { minLength: 1, maxLength: 4 }), (perWorker) => {
        const totals = new TotalsBuilder();
        perWorker.forEach((values, worker) => {
          const recorder = new Recorder({ worker });
          recorder.phase = 1;
          values.forEach((value, i) => {
            recorder.trend('service_time', { client: `kind ${i % 2}` }).record(value);
            if (i % 50 === 49) totals.add(recorder.snapshot(0, 1e6, stateWith(0)));
          });
          totals.add(recorder.snapshot(0, 1e6, stateWith(0)));
        });
        const trend = totals.trend('service_time')!;
        const all = hdrOf(perWorker.flat());
        const decoded = decodeFromCompressedBase64(trend.encode(), 32) as Int32Histogram;
        expect(bucketsOf(decoded)).toEqual(bucketsOf(all));
        expect(trend.count).toBe(all.totalCount);
      }),
      { numRuns: 30 },
    );
  });

  test('is after encoding and decoding what it was, bucket by bucket', () => {
    fc.assert(
      fc.property(anyTimes, (values) => {
        const counts = new BucketCounts();
        for (const value of values) counts.add(bucketOf(value), 1);
        const decoded = decodeHistogram(encodeHistogram(counts.sorted()));
        expect(bucketsIn(decoded)).toEqual(bucketsIn(counts));
      }),
      { numRuns: 30 },
    );
  });

  test.each(['', 'HISTFAAA', 'not base64 at all', 'HISTFAAAABB42pNpmQwAAk0BEA=='])(
    'that is damaged (%j) is not read as another',
    (text) => {
      expect(() => decodeHistogram(text)).toThrow(expect.objectContaining({ code: 'histogram-damaged' }));
    },
  );

  test('gives the percentiles, the mean and the deviation that HdrHistogram gives', () => {
    fc.assert(
      fc.property(anyTimes, fc.double({ min: 0, max: 100, noNaN: true }), (values, percentile) => {
        const trend = totalsOf((recorder) => {
          for (const value of values) recorder.trend('service_time').record(value);
        }).trend('service_time')!;
        const hdr = hdrOf(values);
        for (const p of [percentile, 0, 50, 90, 99, 99.9, 100]) {
          expect(trend.percentile(p)).toEqual({ value: hdr.getValueAtPercentile(p) / 1000, atLeast: false });
        }
        expect(trend.mean * 1000).toBeCloseTo(hdr.mean, 3);
        expect(trend.stdDev * 1000).toBeCloseTo(hdr.stdDeviation, 3);
      }),
      { numRuns: 50 },
    );
  });

  test('takes the value at rank ⌈p ÷ 100 × n⌉, and no further for a rounding error', () => {
    const trend = totalsOf((recorder) => {
      for (let packets = 1; packets <= 1000; packets++) recorder.trend('recv_batch').record(packets);
    }).trend('recv_batch')!;
    const ranks = [0, 0.1, 0.11, 50, 50.01, 99, 99.9, 100].map((p) => trend.percentile(p).value);
    expect(ranks).toEqual([1, 1, 2, 500, 501, 990, 999, 1000]);
    expect(trend).toMatchObject({ count: 1000, min: 1, max: 1000, mean: 500.5 });
  });

  test('gives a lower bound at and above the smallest unanswered value', () => {
    const trend = totalsOf((recorder) => {
      const time = recorder.trend('response_time', { arrival: 'open' });
      for (let i = 1; i <= 90; i++) time.record(i);
      for (let i = 0; i < 9; i++) time.recordUnanswered(200);
      time.record(1000);
    }).trend('response_time')!;
    expect(trend).toMatchObject({ count: 91, unanswered: 9, min: 0.001, max: 1 });
    expect(trend.percentile(90)).toEqual({ value: 0.09, atLeast: false });
    expect(trend.percentile(91)).toEqual({ value: 0.2, atLeast: true });
    expect(trend.percentile(100)).toEqual({ value: 1, atLeast: true });
    expect(trend.average()).toEqual({ value: (4095 + 9 * 200 + 1000) / 100 / 1000, atLeast: true });
  });

  test('stands even where nothing was answered', () => {
    const trend = totalsOf((recorder) => recorder.trend('service_time').recordUnanswered(500)).trend('service_time')!;
    expect(trend).toMatchObject({ count: 0, unanswered: 1, min: 0, max: 0, mean: 0, stdDev: 0 });
    expect(trend.percentile(50)).toEqual({ value: 0.5, atLeast: true });
    expect(decodeFromCompressedBase64(trend.encode()).totalCount).toBe(0);
  });

  test('counts answered values between bounds of its unit', () => {
    const batches = totalsOf((recorder) => {
      for (const packets of [1, 1, 2, 3, 4, 15, 16, 5000]) recorder.trend('recv_batch').record(packets);
      recorder.trend('connect_time').record(1500);
    });
    expect(batches.trend('recv_batch')?.countsBetween([1, 3, 15, 63])).toEqual([2, 2, 2, 1, 1]);
    expect(batches.trend('connect_time')?.countsBetween([1, 2])).toEqual([0, 1, 0]);
    expect(batches.trend('connect_time')?.countsBetween([])).toEqual([1]);
  });
});

describe('totals', () => {
  test('sum the series that match, over workers', () => {
    const totals = new TotalsBuilder();
    for (const worker of [0, 1]) {
      const recorder = new Recorder({ worker });
      recorder.phase = 1;
      // The workers meet their series in different order, and so number them differently.
      const kinds = worker === 0 ? ['talker', 'lurker'] : ['lurker', 'talker'];
      for (const client of kinds) {
        recorder.counter('packets_sent', { client, packet: 'C_Chat' }).add(client === 'talker' ? 10 : 1);
        recorder.rate('checks', { client, check: 'accepted' }).count();
      }
      recorder.rate('checks', { client: 'talker', check: 'accepted' }).hit();
      totals.add(recorder.snapshot(0, 1e6, stateWith(5)));
    }
    expect(totals.counter('packets_sent')).toBe(22);
    expect(totals.counter('packets_sent', { client: 'talker' })).toBe(20);
    expect(totals.counter('packets_sent', { client: 'talker', packet: 'C_Move' })).toBe(0);
    expect(totals.rate('checks', { check: 'accepted' })).toEqual({ hits: 2, total: 4 });
    expect(totals.trend('service_time')).toBeUndefined();
  });

  test('list every series in the catalog’s order, then by tags', () => {
    const totals = totalsOf((recorder) => {
      recorder.counter('timeouts', { client: 'b' });
      recorder.counter('timeouts', { client: 'a' });
      recorder.trend('connect_time', { client: 'b' });
    });
    expect(totals.series()).toEqual([
      { metric: 'connect_time', tags: { client: 'b' } },
      { metric: 'timeouts', tags: { client: 'a' } },
      { metric: 'timeouts', tags: { client: 'b' } },
    ]);
    expect(totals.series('connect_time')).toHaveLength(1);
  });

  test('measure their windows from the first instant to the last of all workers', () => {
    const totals = new TotalsBuilder();
    expect([totals.measuredMs, totals.wholeRunMs, totals.connected()]).toEqual([0, 0, undefined]);
    const recorders = [new Recorder({ worker: 0 }), new Recorder({ worker: 1 })];
    const step = (worker: 0 | 1, phase: Phase, fromUs: number, toUs: number, connected: number) => {
      const recorder = recorders[worker]!;
      recorder.phase = phase;
      totals.add(recorder.snapshot(fromUs, toUs, stateWith(connected)));
    };
    step(0, 0, 0, 1_500_000, 10);
    expect([totals.connected(), totals.connected('wholeRun')]).toEqual([undefined, 10]);
    step(0, 1, 1_500_000, 4_000_000, 20);
    step(1, 1, 1_400_000, 3_900_000, 22);
    step(0, 2, 4_000_000, 4_500_000, 1);
    expect([totals.measuredMs, totals.wholeRunMs]).toEqual([2600, 4500]);
    expect([totals.connected(), totals.connected('wholeRun')]).toEqual([42, 23]);
    expect(totals.workers.map((state) => state?.connected)).toEqual([1, 22]);
  });

  test('know the most clients connected at once, between the reports too', () => {
    const totals = new TotalsBuilder();
    const [first, second] = [new Recorder({ worker: 0 }), new Recorder({ worker: 1 })];
    totals.add(first.snapshot(0, 1_000_000, { ...stateWith(0), mostConnected: 5 }));
    totals.add(second.snapshot(0, 1_000_000, { ...stateWith(0), mostConnected: 2 }));
    totals.add(first.snapshot(1_000_000, 2_000_000, { ...stateWith(0), mostConnected: 6 }));
    expect(totals.mostConnected).toBe(7);
  });

  test('add up what each worker used', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 1 });
    const busy = {
      cpuUserUs: 500_000,
      cpuSystemUs: 100_000,
      rssBytes: 7,
      loopUtilization: 0.5,
      loopDelayMaxMs: 3,
      gcUs: 9,
    };
    totals.add(recorder.snapshot(0, 1_000_000, { ...stateWith(1), ...busy }));
    totals.add(recorder.snapshot(1_000_000, 3_000_000, { ...stateWith(1), ...busy, rssBytes: 5, loopUtilization: 1 }));
    expect(totals.usage).toEqual([
      undefined,
      {
        wallUs: 3_000_000,
        cpuUs: 1_200_000,
        loopBusyUs: 2_500_000,
        loopDelayMaxMs: 3,
        runQueueUs: 0,
        gcUs: 18,
        rssMaxBytes: 7,
      },
    ]);
  });

  test('count the clients of a lost worker as lost, each a failed attempt', () => {
    const totals = new TotalsBuilder({ workers: 2 });
    for (const worker of [0, 1]) {
      const recorder = new Recorder({ worker });
      recorder.phase = 1;
      totals.add(recorder.snapshot(0, 1e6, { ...stateWith(10), connecting: 2, expected: 3, lost: 1 }));
    }
    expect(totals.lose(1, { clients: 16, phase: 1 })).toBe(10);
    expect(totals.counter('disconnects', { cause: 'worker' })).toBe(10);
    expect(totals.rate('errors')).toEqual({ hits: 10, total: 10 });
    expect(totals.connected()).toBe(10);
    expect(totals.connected('wholeRun')).toBe(10);
    expect(totals.workers[1]).toMatchObject({ connected: 0, connecting: 0, expected: 0, lost: 16 });
  });

  test('count the clients of a lost worker in the latest row, and among what goes on now', () => {
    const totals = new TotalsBuilder({ workers: 2 });
    const recorder = new Recorder({ worker: 0 });
    for (const second of [0, 1]) totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(10)));
    totals.lose(0, { clients: 10, phase: 1 });
    expect(totals.timeline.map(({ errors }) => errors)).toEqual([0, 10]);
    totals.add(new Recorder({ worker: 1 }).snapshot(2e6, 3e6, stateWith(1)));
    expect(totals.latest('errors')).toBe(10);
    expect(totals.latest('disconnects')).toBe(10);
  });

  test('count all clients of a worker that was lost before it reported', () => {
    const totals = new TotalsBuilder({ workers: 2 });
    expect(totals.lose(1, { clients: 16, phase: 0 })).toBe(16);
    expect(totals.counter('disconnects', { cause: 'worker' }, 'wholeRun')).toBe(16);
    expect(totals.rate('errors', {}, 'wholeRun')).toEqual({ hits: 16, total: 16 });
    expect(totals.rate('errors')).toEqual({ hits: 0, total: 0 });
    // Nobody has told of any time yet; who does so first begins the row.
    expect([totals.timeline, totals.timelineHistograms(), totals.timelineUnanswered()]).toEqual([[], [], []]);
    totals.add(new Recorder({ worker: 0 }).snapshot(0, 1e6, stateWith(1)));
    expect(totals.timeline.map(({ errors }) => errors)).toEqual([16]);
  });

  test('do not depend on the order in which the workers’ snapshots arrive', () => {
    const snapshotsOf = (worker: number) => {
      const recorder = new Recorder({ worker });
      recorder.phase = 1;
      return [0, 1, 2].map((second) => {
        recorder.counter('packets_received', { client: `${second}` }).add(worker + second);
        recorder.trend('response_time', { arrival: 'open' }).record(100 * (worker + 1) + second);
        return recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(worker));
      });
    };
    const [a, b] = [snapshotsOf(0), snapshotsOf(1)];
    const orders = [
      [...a, ...b],
      [...b, ...a],
      [b[0]!, a[0]!, a[1]!, b[1]!, b[2]!, a[2]!],
    ];
    const read = orders.map((order) => {
      const totals = new TotalsBuilder();
      for (const snapshot of order) totals.add(snapshot);
      const histogram = totals.trend('response_time')?.encode();
      return [totals.series(), totals.counter('packets_received'), histogram, totals.timeline, totals.measuredMs];
    });
    expect(read[1]).toEqual(read[0]);
    expect(read[2]).toEqual(read[0]);
  });
});
