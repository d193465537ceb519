import { describe, expect, it } from 'vitest';
import { faultWindowsOf } from '../../src/metrics/neighbours.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { evaluateThreshold } from '../../src/metrics/threshold-outcome.js';
import { parseThreshold } from '../../src/metrics/thresholds.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { alwaysKept, broadcast, openResponse } from '../../src/metrics/windows.js';
import { stateWith } from './snapshots.js';

const fault = { fromMs: 2000, untilMs: 4000 };
const window = faultWindowsOf([
  { name: 'player', faults: [] },
  { name: 'vandal', faults: [fault, { ...fault, fromMs: 3000 }] },
]);
const open = { packet: 'C_Ask', arrival: 'open' } as const;
const ofVandal = { ...open, client: 'vandal', step: 'vandal.every[0]' };

/** Six seconds: the player's times are the second's number in milliseconds, the vandal's a thousand times as long. */
function totals(): TotalsBuilder {
  const built = new TotalsBuilder({ faults: window });
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = 1;
  for (let second = 1; second <= 6; second++) {
    for (const [client, ms] of [['player', second] as const, ['vandal', 1000 * second] as const]) {
      recorder.trend('response_time', { ...open, client, step: `${client}.every[0]` }).record(1000 * ms);
      const errors = recorder.rate('errors', { client });
      errors.count();
      if (client === 'vandal') errors.hit();
      recorder.counter('packets_sent', { packet: 'C_Ask', client }).add(1);
    }
    recorder.counter('disconnects', { client: 'vandal', cause: 'remote' }).add(1);
    if (second === 3) recorder.counter('disconnects', { client: 'player', cause: 'reset' }).add(1);
    if (second === 5) recorder.counter('disconnects', { client: 'player', cause: 'planned' }).add(1);
    built.add(recorder.snapshot((second - 1) * 1e6, second * 1e6, stateWith(2)));
  }
  return built;
}

const holds = (selector: string, expression: string) =>
  evaluateThreshold(parseThreshold(selector, expression, { abortOnFail: false, delayAbortEvalMs: 0 }), totals()).ok;

describe('what clients with faults met', () => {
  it('is in no sum, and neither in the rows of the time line', () => {
    expect(totals().rate('errors')).toEqual({ hits: 0, total: 6 });
    expect(totals().counter('disconnects', { cause: 'remote' })).toBe(0);
    expect(totals().trend('response_time', { arrival: 'open' })?.max).toBeCloseTo(6, 1);
    expect(totals().trend('response_time', { packet: 'C_Ask' })?.count).toBe(6);
    expect(totals().timeline.map(({ errors, p99Ms }) => [errors, Math.round(p99Ms!)])).toEqual(
      [1, 2, 3, 4, 5, 6].map((ms) => [0, ms]),
    );
  });

  it('is there for who asks for these clients, or a step of theirs, by name', () => {
    expect(totals().rate('errors', { client: 'vandal' })).toEqual({ hits: 6, total: 6 });
    expect(totals().trend('response_time', { step: ofVandal.step })?.count).toBe(6);
    expect(totals().series('errors')).toHaveLength(2);
    expect(
      totals()
        .seriesPhases('disconnects')
        .map(({ id }) => id.tags.client),
    ).toContain('vandal');
  });

  it('is not what they did: of that the sums are of all', () => {
    expect(totals().counter('packets_sent')).toBe(12);
  });

  it('does not fail thresholds that name nobody, but those that name them', () => {
    expect(holds('errors', 'rate==0')).toBe(true);
    expect(holds('response_time', 'max<100')).toBe(true);
    expect(holds('errors{client:vandal}', 'rate==0')).toBe(false);
  });

  it('is in all sums where every kind has faults', () => {
    expect(faultWindowsOf([{ name: 'vandal', faults: [fault] }])).toBe(null);
    expect(faultWindowsOf([{ name: 'player', faults: [] }])).toBe(null);
  });
});

describe('the periods of the others', () => {
  it('are before the first fault, while faults are played, and after the last', () => {
    const periods = totals().neighbourPeriods.map(({ name, fromMs, toMs, attempts, failed, disconnects }) => [
      name,
      fromMs,
      toMs,
      attempts,
      failed,
      disconnects,
    ]);
    expect(periods).toEqual([
      ['before', 0, 2000, 2, 0, 0],
      ['during', 2000, 4000, 2, 0, 1],
      ['after', 4000, 6000, 2, 0, 0],
    ]);
  });

  it('during is while any fault is played, and after is when none is any more, also between two', () => {
    const faults = faultWindowsOf([
      { name: 'player', faults: [] },
      {
        name: 'vandal',
        faults: [
          { fromMs: 8000, untilMs: null },
          { fromMs: 1000, untilMs: 2000 },
          { fromMs: 4000, untilMs: 5000 },
          { fromMs: 2000, untilMs: 3000 },
        ],
      },
    ]);
    expect(faults?.windows).toEqual([
      { fromMs: 1000, toMs: 3000 },
      { fromMs: 4000, toMs: 5000 },
      { fromMs: 8000, toMs: Number.POSITIVE_INFINITY },
    ]);
    const built = new TotalsBuilder({ faults });
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    for (let second = 0; second < 10; second++) {
      recorder.rate('errors', { client: 'player' }).count();
      built.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(1)));
    }
    expect(
      built.neighbourPeriods.map(({ name, spans, durationMs, attempts }) => [name, spans, durationMs, attempts]),
    ).toEqual([
      ['before', [{ fromMs: 0, toMs: 1000 }], 1000, 1],
      [
        'during',
        [
          { fromMs: 1000, toMs: 3000 },
          { fromMs: 4000, toMs: 5000 },
          { fromMs: 8000, toMs: 10_000 },
        ],
        5000,
        5,
      ],
      [
        'after',
        [
          { fromMs: 3000, toMs: 4000 },
          { fromMs: 5000, toMs: 8000 },
        ],
        4000,
        4,
      ],
    ]);
  });

  it('have what a lost worker took with it, and say so', () => {
    const built = new TotalsBuilder({ workers: 2, faults: window });
    const recorders = [0, 1].map((worker) => new Recorder({ worker }));
    for (const recorder of recorders) recorder.phase = 1;
    const play = (recorder: Recorder, second: number) =>
      built.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(10)));
    for (const second of [0, 1, 2]) for (const recorder of recorders) play(recorder, second);
    built.lose(1, { clients: 10, phase: 1 });
    const [before, during] = built.neighbourPeriods;
    expect(before).toMatchObject({ attempts: 0, failed: 0, disconnects: 0, lostWithWorkers: 0 });
    expect(during).toMatchObject({ attempts: 10, failed: 10, disconnects: 10, lostWithWorkers: 10 });
  });

  it('have the copies of broadcasts that show to be missing once a worker is lost', () => {
    const built = new TotalsBuilder({ workers: 2, faults: window });
    const row = { bucket: 1, phase: 1, packet: 'S_Chat', timeoutUs: 2e6 } as const;
    const reach = [{ ...row, sends: 1, silentSends: 0, eligible: 3, copies: 1 }];
    const closed = { reach, reachClosedBefore: Number.POSITIVE_INFINITY };
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    built.add({ ...recorder.snapshot(2e6, 3e6, stateWith(1)), ...closed });
    built.lose(1, { clients: 0, phase: 1 });
    expect(built.neighbourPeriods.map((period) => period.trend(alwaysKept[broadcast])?.unanswered)).toEqual([2]);
  });

  it('have the times that came in them', () => {
    const times = totals().neighbourPeriods.map((period) => period.trend(alwaysKept[openResponse])?.max);
    expect(times.map((ms) => Math.round(ms!))).toEqual([2, 4, 6]);
  });
});
