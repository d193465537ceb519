import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClientSchedule, type Stage, valueOn } from '../../src/load/stages.js';

const upHoldDown: readonly Stage[] = [
  { durationMs: 1000, target: 4 },
  { durationMs: 2000, target: 4 },
  { durationMs: 400, target: 0 },
];

const anyStages = fc.array(
  fc.record({ durationMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })), target: fc.nat(50) }),
  { maxLength: 8 },
);

describe('a client schedule', () => {
  test('connects at even distances up a ramp, and lets the last in out first', () => {
    const schedule = new ClientSchedule(upHoldDown);
    expect([0, 1, 2, 3].map((client) => schedule.stays(client))).toEqual([
      [{ joinMs: 0, leaveMs: 3400 }],
      [{ joinMs: 250, leaveMs: 3300 }],
      [{ joinMs: 500, leaveMs: 3200 }],
      [{ joinMs: 750, leaveMs: 3100 }],
    ]);
    expect(schedule.stays(4)).toEqual([]);
  });

  test('adds up how long all clients are to be connected', () => {
    const schedule = new ClientSchedule(upHoldDown);
    expect(schedule.clientMsBetween(0, 3400)).toBe(2000 + 8000 + 800);
    expect(schedule.clientMsBetween(500, 1000)).toBe(1500);
    expect(schedule.clientMsBetween(2000, 2500)).toBe(2000);
    expect(schedule.clientMsBetween(3400, 9000)).toBe(0);
  });

  test('gives clients that come back a stay for each time', () => {
    const schedule = new ClientSchedule([
      { durationMs: 0, target: 2 },
      { durationMs: 1000, target: 0 },
      { durationMs: 1000, target: 2 },
    ]);
    expect(schedule.stays(0)).toEqual([{ joinMs: 0, leaveMs: 2000 }]); // the target only touches 0
    expect(schedule.stays(1)).toEqual([
      { joinMs: 0, leaveMs: 500 },
      { joinMs: 1500, leaveMs: 2000 },
    ]);
  });

  test('lets everyone who is left leave at the end', () => {
    const schedule = new ClientSchedule([{ durationMs: 100, target: 2 }]);
    expect([0, 1].map((client) => schedule.stays(client))).toEqual([
      [{ joinMs: 0, leaveMs: 100 }],
      [{ joinMs: 50, leaveMs: 100 }],
    ]);
  });

  test('takes a stage without duration as a jump', () => {
    const schedule = new ClientSchedule([
      { durationMs: 0, target: 3 },
      { durationMs: 500, target: 3 },
      { durationMs: 0, target: 1 },
      { durationMs: 500, target: 1 },
    ]);
    expect(schedule.stays(0)).toEqual([{ joinMs: 0, leaveMs: 1000 }]);
    expect(schedule.stays(2)).toEqual([{ joinMs: 0, leaveMs: 500 }]);
    expect([-1, 0, 499, 500, 999, 1000].map((ms) => schedule.targetAt(ms))).toEqual([0, 3, 3, 1, 1, 0]);
  });

  test('asks for nobody before the start and from the end on', () => {
    const schedule = new ClientSchedule(upHoldDown);
    expect([-1, 0, 249, 250, 1000, 3000, 3001, 3399, 3400].map((ms) => schedule.targetAt(ms))).toEqual([
      0, 1, 1, 2, 4, 4, 4, 1, 0,
    ]);
  });

  test.each<[string, Stage[], { totalMs: number; peak: number; firstPeakMs: number; rampDownMs: number }]>([
    ['a ramp, a hold and a descent', [...upHoldDown], { totalMs: 3400, peak: 4, firstPeakMs: 1000, rampDownMs: 3000 }],
    ['no stage', [], { totalMs: 0, peak: 0, firstPeakMs: 0, rampDownMs: 0 }],
    [
      'a ramp in two slopes, a hold to the end',
      [
        { durationMs: 10, target: 5 },
        { durationMs: 10, target: 9 },
        { durationMs: 10, target: 9 },
      ],
      { totalMs: 30, peak: 9, firstPeakMs: 20, rampDownMs: 30 },
    ],
    [
      'a wait before the ramp, a second and higher peak, a descent in two slopes, and a wait',
      [
        { durationMs: 10, target: 0 },
        { durationMs: 10, target: 5 },
        { durationMs: 10, target: 3 },
        { durationMs: 10, target: 9 },
        { durationMs: 10, target: 2 },
        { durationMs: 10, target: 0 },
        { durationMs: 10, target: 0 },
      ],
      { totalMs: 70, peak: 9, firstPeakMs: 20, rampDownMs: 40 },
    ],
    [
      'a descent that ends in a hold',
      [
        { durationMs: 10, target: 5 },
        { durationMs: 10, target: 3 },
        { durationMs: 10, target: 3 },
      ],
      { totalMs: 30, peak: 5, firstPeakMs: 10, rampDownMs: 30 },
    ],
  ])('knows the landmarks of %s', (_, stages, landmarks) => {
    expect(new ClientSchedule(stages)).toMatchObject(landmarks);
  });

  test('knows the stage under way', () => {
    const schedule = new ClientSchedule(upHoldDown);
    const seen = [-5, 0, 999, 1000, 3000, 9999].map((ms) => schedule.stageAt(ms));
    expect(seen.map((stage) => [stage?.index, stage?.direction])).toEqual([
      [0, 'up'],
      [0, 'up'],
      [0, 'up'],
      [1, 'hold'],
      [2, 'down'],
      [2, 'down'],
    ]);
    expect(schedule.stageAt(1500)).toMatchObject({ startMs: 1000, endMs: 3000 });
    expect(new ClientSchedule([]).stageAt(0)).toBeUndefined();
    const jump = new ClientSchedule([{ durationMs: 0, target: 5 }, ...upHoldDown]);
    expect([-1, 0].map((ms) => jump.stageAt(ms)?.index)).toEqual([0, 1]);
  });

  test.each<[string, Stage[], number]>([
    ['of the only ramp', [...upHoldDown], 4 / 1000],
    [
      'of the steepest',
      [
        { durationMs: 1000, target: 10 },
        { durationMs: 500, target: 20 },
      ],
      10 / 500,
    ],
    [
      'of a ramp behind a jump',
      [
        { durationMs: 0, target: 5 },
        { durationMs: 1000, target: 15 },
      ],
      10 / 1000,
    ],
    [
      'where a jump is all there is: at once',
      [
        { durationMs: 0, target: 5 },
        { durationMs: 1000, target: 5 },
      ],
      Infinity,
    ],
  ])('knows the rate %s', (_, stages, perMs) => {
    expect(new ClientSchedule(stages).connectsPerMs).toBe(perMs);
  });

  test('keeps stays in order, apart, within the run, and lasting', () => {
    fc.assert(
      fc.property(anyStages, fc.nat(50), (stages, client) => {
        const schedule = new ClientSchedule(stages);
        let beforeMs = -1;
        for (const { joinMs, leaveMs } of schedule.stays(client)) {
          expect(joinMs).toBeGreaterThan(beforeMs);
          expect(leaveMs).toBeGreaterThan(joinMs);
          beforeMs = leaveMs;
        }
        expect(beforeMs).toBeLessThanOrEqual(schedule.totalMs);
      }),
    );
  });

  test('has exactly as many clients staying as the target asks for, at any moment between joins and leaves', () => {
    fc.assert(
      fc.property(anyStages, fc.double({ min: 0, max: 1, noNaN: true }), (stages, part) => {
        const schedule = new ClientSchedule(stages);
        const stays = Array.from({ length: schedule.peak }, (_, client) => schedule.stays(client)).flat();
        const moments = [
          ...new Set([0, schedule.totalMs, ...stays.flatMap(({ joinMs, leaveMs }) => [joinMs, leaveMs])]),
        ].sort((a, b) => a - b);
        const pick = Math.min(moments.length - 2, Math.floor(part * (moments.length - 1)));
        fc.pre(pick >= 0 && moments[pick + 1]! - moments[pick]! > 1e-6);
        const ms = (moments[pick]! + moments[pick + 1]!) / 2;
        const staying = stays.filter(({ joinMs, leaveMs }) => joinMs <= ms && ms < leaveMs).length;
        expect(schedule.targetAt(ms)).toBe(staying);
      }),
    );
  });
});

test('a line has its own values at its ends, to the last bit, and those between on its way', () => {
  const line = { startMs: 10, endMs: 13, from: 0.1, to: 0.7 };
  expect([10, 11.5, 13].map((ms) => valueOn(line, ms))).toEqual([0.1, expect.closeTo(0.4, 9), 0.7]);
  expect(valueOn({ startMs: 5, endMs: 5, from: 1, to: 3 }, 5)).toBe(3);
});
