import { describe, expect, test } from 'vitest';
import { LatestSeconds } from '../../src/metrics/latest.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith } from './snapshots.js';

describe('the latest seconds', () => {
  test('are the newest and the one before it', () => {
    const seconds = new LatestSeconds();
    seconds.add(4, 1);
    seconds.add(5, 10);
    seconds.add(4, 2);
    seconds.add(5, 20);
    expect([3, 4, 5, 6].map((second) => seconds.of(second))).toEqual([0, 3, 30, 0]);
  });

  test('forget what is older, and know nothing of a second that was passed over', () => {
    const seconds = new LatestSeconds();
    seconds.add(4, 1);
    seconds.add(7, 5);
    seconds.add(4, 1);
    expect([4, 6, 7].map((second) => seconds.of(second))).toEqual([0, 0, 5]);
  });

  test('have their parts of what a worker tells of several at once', () => {
    const seconds = new LatestSeconds();
    seconds.add(3, 7);
    seconds.add(9, 600, 6);
    expect([3, 7, 8, 9].map((second) => seconds.of(second))).toEqual([0, 0, 100, 100]);
  });
});

/** Two workers, of which the second has not told of the third second yet; each sends 100 packets more a second than the second before. */
function totalsInTheThirdSecond(): TotalsBuilder {
  const totals = new TotalsBuilder();
  for (const [worker, seconds] of [
    [0, 3],
    [1, 2],
  ] as const) {
    const recorder = new Recorder({ worker });
    recorder.phase = 1;
    for (let second = 0; second < seconds; second++) {
      recorder.counter('packets_sent', { client: 'a', packet: 'C_Chat' }).add(100 * (second + 1));
      recorder.counter('packets_sent', { client: 'a', packet: 'C_Move' }).add(7);
      recorder.counter('packets_received', { client: 'a', packet: 'S_Chat' }).add(40);
      recorder.counter('audited_values', { client: 'a' }).add(10);
      if (worker === 1) recorder.counter('contaminated_values', { client: 'a' }).add(1);
      const state = { ...stateWith(5), cpuUserUs: 200_000, cpuSystemUs: 100_000 };
      totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, state));
    }
  }
  return totals;
}

describe('totals', () => {
  test('give the rates of the latest second that every worker has told of', () => {
    const totals = totalsInTheThirdSecond();
    expect(totals.latest('packets_sent')).toBe(2 * (200 + 7));
    expect(totals.latest('packets_sent', { packet: 'C_Chat' })).toBe(400);
    expect(totals.latest('packets_sent', { packet: 'S_Chat' })).toBe(0);
  });

  test('give them in a long run too, where the rows of the time line are minutes wide', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    for (let second = 0; second < 4000; second++) {
      recorder.counter('packets_sent', { client: 'a', packet: 'C_Chat' }).add(second);
      totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(5)));
    }
    expect(totals.timeline.at(-1)?.widthMs).toBeGreaterThan(10_000);
    expect(totals.latest('packets_sent')).toBe(3998);
  });

  test('give them too where a worker that was held up tells of several seconds at once', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    recorder.counter('packets_received', { client: 'a', packet: 'S_Chat' }).add(6000);
    totals.add(recorder.snapshot(4e6, 10_200_000, stateWith(5)));
    expect(totals.latest('packets_received')).toBe(1000);
  });

  test('tell what each worker does', () => {
    const worker = { packetsSent: 207, packetsReceived: 40, cpu: 0.3 };
    expect(totalsInTheThirdSecond().activity).toEqual([
      { ...worker, contaminatedShare: 0 },
      { ...worker, contaminatedShare: 0.1 },
    ]);
  });

  test('count the values of each row between bounds', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    const series = recorder.trend('response_time', { client: 'a', packet: 'C', step: 'a.every[0]', arrival: 'open' });
    for (const [second, values] of [[500, 1000, 1500], [5000], []].entries()) {
      for (const value of values) series.record(value);
      totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(1)));
    }
    const open = { metric: 'response_time', tags: { arrival: 'open' } } as const;
    expect(totals.timelineCounts(open, [1, 2])).toEqual([
      [2, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
    expect(totals.timelineCounts({ metric: 'connect_time', tags: {} }, [1])).toEqual([]);
  });
});
