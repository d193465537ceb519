import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientSchedule, type Stage } from '../../src/load/stages.js';
import { replannedStays, SteeredSchedule } from '../../src/load/steered-schedule.js';

/** Ten clients within a second, eight seconds together, one of descent. */
const stages: readonly Stage[] = [
  { durationMs: 1000, target: 10 },
  { durationMs: 8000, target: 10 },
  { durationMs: 1000, target: 0 },
];

function steeredBy(...changes: readonly (readonly [atMs: number, by: number])[]): SteeredSchedule {
  const schedule = new SteeredSchedule(new ClientSchedule(stages));
  for (const [atMs, by] of changes) schedule.change(atMs, by);
  return schedule;
}

function connectedAt(schedule: SteeredSchedule, ms: number): number {
  let connected = 0;
  for (let index = 0; index < 60; index++) {
    if (schedule.stays(index).some(({ joinMs, leaveMs }) => joinMs <= ms && ms < leaveMs)) connected++;
  }
  return connected;
}

describe('a steered schedule', () => {
  it('is the plan until somebody changes it', () => {
    const plan = new ClientSchedule(stages);
    const schedule = new SteeredSchedule(plan);
    for (let index = 0; index < 11; index++) expect(schedule.stays(index)).toEqual(plan.stays(index));
    expect(schedule.clientMsBetween(0, 10_000)).toBe(plan.clientMsBetween(0, 10_000));
  });

  it('adds clients at the rate of the ramp, who stay until the ramp-down begins', () => {
    const schedule = steeredBy([2000, 3]);
    expect([10, 11, 12, 13].map((index) => schedule.stays(index))).toEqual([
      [{ joinMs: 2000, leaveMs: 9000 }],
      [{ joinMs: 2100, leaveMs: 9000 }],
      [{ joinMs: 2200, leaveMs: 9000 }],
      [],
    ]);
    expect(schedule.completeMs).toBe(2300);
  });

  it('removes the last at once, and they come back at the rate of the ramp', () => {
    const schedule = steeredBy([2000, -2], [4000, 1]);
    expect([7, 8, 9, 10].map((index) => schedule.stays(index))).toEqual([
      [{ joinMs: 700, leaveMs: 9300 }],
      [
        { joinMs: 800, leaveMs: 2000 },
        { joinMs: 4000, leaveMs: 9200 },
      ],
      [
        { joinMs: 900, leaveMs: 2000 },
        { joinMs: 4100, leaveMs: 9100 },
      ],
      [{ joinMs: 4200, leaveMs: 9000 }],
    ]);
  });

  it('adds to those that were added', () => {
    const schedule = steeredBy([2000, 1], [4000, 3]);
    expect([10, 11, 12].map((index) => schedule.stays(index))).toEqual([
      [{ joinMs: 2000, leaveMs: 9000 }],
      [{ joinMs: 4000, leaveMs: 9000 }],
      [{ joinMs: 4100, leaveMs: 9000 }],
    ]);
  });

  it('brings back as many as are wanted of those it removed', () => {
    const schedule = steeredBy([2000, -3], [4000, -1]);
    expect([7, 8, 9].map((index) => schedule.stays(index).slice(1))).toEqual([
      [{ joinMs: 4000, leaveMs: 9200 }],
      [{ joinMs: 4100, leaveMs: 9100 }],
      [],
    ]);
  });

  it('takes two changes at one time one after the other', () => {
    const schedule = steeredBy([2000, -2], [2000, -3]);
    expect([6, 7, 8].map((index) => schedule.stays(index))).toEqual([
      [{ joinMs: 600, leaveMs: 9100 }],
      [{ joinMs: 700, leaveMs: 2000 }],
      [{ joinMs: 800, leaveMs: 2000 }],
    ]);
  });

  it('removes those who had come before they were all there', () => {
    const schedule = steeredBy([2000, 3], [2150, 0]);
    expect([10, 11, 12].map((index) => schedule.stays(index))).toEqual([
      [{ joinMs: 2000, leaveMs: 2150 }],
      [{ joinMs: 2100, leaveMs: 2150 }],
      [],
    ]);
  });

  it('adds nobody who would come when the others go, or when the run is over', () => {
    const late = steeredBy([8950, 5]);
    expect([10, 11, 14].map((index) => late.stays(index))).toEqual([[{ joinMs: 8950, leaveMs: 9000 }], [], []]);
    expect(steeredBy([9950, 5]).stays(0)).toEqual([{ joinMs: 0, leaveMs: 10_000 }]);
  });

  it('takes away from a ramp that goes on', () => {
    const schedule = steeredBy([500, -2]);
    expect(connectedAt(schedule, 499)).toBe(5);
    expect(connectedAt(schedule, 501)).toBe(4);
    expect(schedule.stays(4)).toEqual([
      { joinMs: 400, leaveMs: 500 },
      { joinMs: 600, leaveMs: 9400 },
    ]);
  });

  it('has as many connected as the plan and the changes say, at any time after them', () => {
    const anyChange = fc.record({ afterMs: fc.integer({ min: 1, max: 900 }), by: fc.integer({ min: -10, max: 20 }) });
    fc.assert(
      fc.property(fc.array(anyChange, { minLength: 1, maxLength: 6 }), (changes) => {
        const plan = new ClientSchedule(stages);
        const schedule = new SteeredSchedule(plan);
        let atMs = 1000;
        for (const { afterMs, by } of changes) {
          atMs += afterMs;
          schedule.change(atMs, by);
        }
        const { by } = schedule;
        expect(connectedAt(schedule, schedule.completeMs + 1)).toBe(10 + by);
        expect(connectedAt(schedule, 9500.5)).toBe(Math.max(0, plan.targetAt(9500.5) + Math.min(0, by)));
        const areaMs = schedule.clientMsBetween(schedule.completeMs, 9000);
        expect(areaMs).toBeCloseTo((10 + by) * (9000 - schedule.completeMs), 3);
      }),
    );
  });
});

describe('the stays of a client whose plan changes', () => {
  it('go on where both have them, and end at the change where only the old has', () => {
    const before = [{ joinMs: 0, leaveMs: 100 }];
    expect(replannedStays(before, [{ joinMs: 0, leaveMs: 80 }], 50)).toEqual([{ joinMs: 0, leaveMs: 80 }]);
    expect(replannedStays(before, [{ joinMs: 70, leaveMs: 80 }], 50)).toEqual([
      { joinMs: 0, leaveMs: 50 },
      { joinMs: 70, leaveMs: 80 },
    ]);
  });

  it('begin at the change where only the new has them, and keep those that are past', () => {
    const past = { joinMs: 0, leaveMs: 20 };
    expect(replannedStays([past, { joinMs: 60, leaveMs: 90 }], [{ joinMs: 0, leaveMs: 80 }], 50)).toEqual([
      past,
      { joinMs: 50, leaveMs: 80 },
    ]);
  });

  it('are those to come where none was', () => {
    const toCome = [{ joinMs: 60, leaveMs: 90 }];
    expect(replannedStays([], toCome, 50)).toEqual(toCome);
  });

  it('leave out what the new plan had before the change, or until then', () => {
    const past = { joinMs: 0, leaveMs: 20 };
    const planned = [past, { joinMs: 30, leaveMs: 50 }, { joinMs: 60, leaveMs: 80 }];
    expect(replannedStays([past], planned, 50)).toEqual([past, { joinMs: 60, leaveMs: 80 }]);
  });

  it('keep their places in the list where one begins at the change, or ends there', () => {
    expect(replannedStays([{ joinMs: 50, leaveMs: 90 }], [], 50)).toEqual([{ joinMs: 50, leaveMs: 50 }]);
    expect(replannedStays([{ joinMs: 0, leaveMs: 50 }], [{ joinMs: 0, leaveMs: 80 }], 50)).toEqual([
      { joinMs: 0, leaveMs: 50 },
      { joinMs: 50, leaveMs: 80 },
    ]);
  });
});
