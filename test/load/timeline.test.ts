import { describe, expect, it } from 'vitest';
import { ClientSchedule } from '../../src/load/stages.js';
import { stagesInRun, Timeline, timelineOf } from '../../src/load/timeline.js';

const plain = { totalMs: 60_000, warmupMs: 10_000, rampDownMs: 55_000, barrierMs: null };
const held = { ...plain, barrierMs: 5_000 };

describe('without a barrier', () => {
  it('plan time and run time are one', () => {
    const timeline = new Timeline(plain);
    expect(timeline.toRunUs(1234)).toBe(1_234_000);
    expect(timeline.toPlanMs(1_234_000)).toBe(1234);
    expect(timeline.endUs).toBe(60_000_000);
    expect(timeline.beginUs).toBe(0);
    expect(timeline.opened).toBe(true);
    expect([timeline.warmupEndUs, timeline.rampDownUs]).toEqual([10_000_000, 55_000_000]);
  });

  it.each([
    [0, 0],
    [9_999_999, 0],
    [10_000_000, 1],
    [54_999_999, 1],
    [55_000_000, 2],
  ])('what is due at %d µs belongs to phase %d', (runUs, phase) => {
    expect(new Timeline(plain).phaseAt(runUs)).toBe(phase);
  });
});

describe('with a barrier', () => {
  it('plan time stands still at the barrier until it opens, and goes on from there', () => {
    const timeline = new Timeline(held);
    expect(timeline.toPlanMs(4_000_000)).toBe(4000);
    expect(timeline.toPlanMs(7_000_000)).toBe(5000);
    expect(timeline.toRunUs(5001)).toBe(Number.POSITIVE_INFINITY);
    timeline.open(8_000_000);
    expect(timeline.beginUs).toBe(8_000_000);
    expect(timeline.toRunUs(5001)).toBe(8_001_000);
    expect(timeline.toPlanMs(7_000_000)).toBe(5000);
    expect(timeline.toPlanMs(9_000_000)).toBe(6000);
    expect(timeline.endUs).toBe(63_000_000);
  });

  it('opens at the barrier where everyone was ready before it', () => {
    const timeline = new Timeline(held);
    timeline.open(3_000_000);
    expect(timeline.beginUs).toBe(5_000_000);
  });

  it('opens once', () => {
    const timeline = new Timeline(held);
    timeline.open(6_000_000);
    timeline.open(9_000_000);
    expect(timeline.beginUs).toBe(6_000_000);
  });

  it('counts the warm-up from the barrier', () => {
    const timeline = new Timeline(held);
    expect(timeline.phaseAt(50_000_000)).toBe(0);
    timeline.open(8_000_000);
    expect(timeline.phaseAt(17_999_999)).toBe(0);
    expect(timeline.phaseAt(18_000_000)).toBe(1);
  });

  it('measures from the start where there is no warm-up, so that start lists count', () => {
    expect(new Timeline({ ...held, warmupMs: 0 }).phaseAt(0)).toBe(1);
  });
});

describe('leaving', () => {
  it('is not for those who stay to the end: they leave with the run', () => {
    const timeline = new Timeline(plain);
    expect(timeline.leaveUs(59_999)).toBe(59_999_000);
    expect(timeline.leaveUs(60_000)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('stopping early', () => {
  it('ends the measuring there and then: what comes later belongs to the ramp-down', () => {
    const timeline = new Timeline(plain);
    timeline.stop(20_000_000);
    expect(timeline.endUs).toBe(20_000_000);
    expect(timeline.rampDownUs).toBe(20_000_000);
    expect(timeline.phaseAt(19_999_999)).toBe(1);
    expect(timeline.phaseAt(20_000_000)).toBe(2);
  });
});

describe('stages in run time', () => {
  const stages = [
    { durationMs: 5000, target: 100 },
    { durationMs: 50_000, target: 100 },
    { durationMs: 5000, target: 0 },
  ];

  it('are those of the plan where nothing holds them up', () => {
    expect(stagesInRun(stages, new Timeline(plain))).toEqual([
      { fromMs: 0, toMs: 5000, target: 100 },
      { fromMs: 5000, toMs: 55_000, target: 100 },
      { fromMs: 55_000, toMs: 60_000, target: 0 },
    ]);
  });

  it('are later by the wait at the barrier, and never come where it stays closed', () => {
    const timeline = new Timeline(held);
    expect(stagesInRun(stages, timeline).map(({ toMs }) => toMs)).toEqual([5000, Infinity, Infinity]);
    timeline.open(8_000_000);
    expect(stagesInRun(stages, timeline).map(({ toMs }) => toMs)).toEqual([5000, 58_000, 63_000]);
  });
});

describe('the timeline of a load', () => {
  const schedule = new ClientSchedule([
    { durationMs: 5000, target: 100 },
    { durationMs: 50_000, target: 100 },
    { durationMs: 5000, target: 0 },
  ]);

  it('ends with the schedule, and measures from the warm-up to the last descent', () => {
    const timeline = timelineOf(schedule, { warmupMs: 2000, begin: 'each' });
    expect([timeline.endUs, timeline.beginUs, timeline.warmupEndUs, timeline.rampDownUs]).toEqual([
      60_000_000, 0, 2_000_000, 55_000_000,
    ]);
  });

  it('has its barrier at the end of the first ramp, where all begin together', () => {
    const timeline = timelineOf(schedule, { warmupMs: 2000, begin: 'together' });
    expect([timeline.opened, timeline.beginUs]).toEqual([false, Number.POSITIVE_INFINITY]);
    timeline.open(6_000_000);
    expect([timeline.beginUs, timeline.warmupEndUs, timeline.endUs]).toEqual([6_000_000, 8_000_000, 61_000_000]);
  });
});
