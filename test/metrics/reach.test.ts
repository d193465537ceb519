import { describe, expect, it } from 'vitest';
import { ReachMerger, type ReachTotal } from '../../src/metrics/reach.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { ReachRow } from '../../src/metrics/snapshot.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { stateWith } from './snapshots.js';

function row(changes: Partial<ReachRow>): ReachRow {
  return {
    packet: 'S_Chat',
    bucket: 1,
    phase: 1,
    sends: 0,
    silentSends: 0,
    eligible: 0,
    copies: 0,
    timeoutUs: 2e6,
    ...changes,
  };
}

function snapshotOf(worker: number, reach: readonly ReachRow[], reachClosedBefore: number) {
  return new Recorder({ worker }).snapshot(0, 1e6, stateWith(0), { reach, reachClosedBefore });
}

describe('the reach of broadcasts', () => {
  it('multiplies the sends of all workers with the eligible clients of all, once all have closed the bucket', () => {
    const merger = new ReachMerger(2);
    const totals: ReachTotal[] = [];
    merger.add(snapshotOf(0, [row({ sends: 3, eligible: 4, copies: 28 })], 2), (total) => totals.push(total));
    expect(totals).toEqual([]);
    merger.add(snapshotOf(1, [row({ sends: 4, eligible: 1, copies: 6 })], 2), (total) => totals.push(total));
    expect(totals).toEqual([{ packet: 'S_Chat', phase: 1, expected: 7 * 5, received: 34, timeoutUs: 2e6 }]);
  });

  it('expects one copy less of each send whose sender does not hear itself', () => {
    const merger = new ReachMerger(1);
    const totals: ReachTotal[] = [];
    const reach = [row({ sends: 3, silentSends: 2, eligible: 4, copies: 10 })];
    merger.add(snapshotOf(0, reach, 2), (total) => totals.push(total));
    expect(totals[0]?.expected).toBe(10);
  });

  it('does not wait for a worker that was lost', () => {
    const merger = new ReachMerger(2);
    const totals: ReachTotal[] = [];
    merger.add(snapshotOf(0, [row({ sends: 1, eligible: 2, copies: 2 })], 2), (total) => totals.push(total));
    merger.lose(1, (total) => totals.push(total));
    expect(totals).toHaveLength(1);
  });

  it('stands in the totals as a rate, and what is missing as unanswered for as long as it was waited for', () => {
    const totals = new TotalsBuilder({ workers: 1 });
    totals.add(snapshotOf(0, [row({ sends: 10, eligible: 10, copies: 99 })], Number.POSITIVE_INFINITY));
    expect(totals.rate('broadcast_reach', { packet: 'S_Chat' })).toEqual({ hits: 99, total: 100 });
    const time = totals.trend('broadcast_time', { packet: 'S_Chat' });
    expect(time).toMatchObject({ count: 0, unanswered: 1 });
    expect(time?.percentile(99).value).toBeCloseTo(2000, -1);
    expect(totals.timelineUnanswered()).toEqual([{ broadcast_time: 1 }]);
  });

  it('counts in the latest row what shows to be missing once a worker is lost', () => {
    const totals = new TotalsBuilder({ workers: 2 });
    totals.add(snapshotOf(0, [row({ sends: 1, eligible: 3, copies: 1 })], Number.POSITIVE_INFINITY));
    expect(totals.timelineUnanswered()).toEqual([{}]);
    totals.lose(1, { clients: 0, phase: 1 });
    expect(totals.timelineUnanswered()).toEqual([{ broadcast_time: 2 }]);
  });
});
