import { describe, expect, it } from 'vitest';
import { auditOf, type GeneratorAudit } from '../../src/metrics/audit.js';
import type { Phase } from '../../src/metrics/catalog.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { WorkerState } from '../../src/metrics/snapshot.js';
import { TotalsBuilder } from '../../src/metrics/totals.js';
import { stateWith, totalsOf } from './snapshots.js';

/** The audit of a run, second by second: how many values, and how many of them contaminated. */
function auditOfSeconds(seconds: readonly (readonly [number, number])[], phase: Phase = 1): GeneratorAudit {
  const totals = new TotalsBuilder();
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = phase;
  seconds.forEach(([audited, contaminated], second) => {
    recorder.counter('audited_values').add(audited);
    recorder.counter('contaminated_values').add(contaminated);
    totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(1)));
  });
  return auditOf(totals);
}

const quiet = (seconds: number): [number, number][] => Array.from({ length: seconds }, () => [1000, 0]);

function auditOfWorker(state: Partial<WorkerState>, wallUs = 1e6): GeneratorAudit {
  const totals = new TotalsBuilder();
  const recorder = new Recorder({ worker: 0 });
  totals.add(recorder.snapshot(0, wallUs, { ...stateWith(1), ...state }));
  return auditOf(totals);
}

describe('the verdict', () => {
  it('says nothing of waiting for a CPU where the time was too short to tell', () => {
    expect(auditOfWorker({ runQueueUs: 9_000 }, 10_000)).toMatchObject({ verdict: 'ok', runQueueShare: null });
    expect(auditOfWorker({ runQueueUs: 900_000 })).toMatchObject({ runQueueShare: 0.9 });
  });

  it('is ok where nothing was measured', () => {
    expect(auditOf(new TotalsBuilder())).toEqual({
      verdict: 'ok',
      reasons: [],
      auditedValues: 0,
      contaminatedValues: 0,
      contaminatedShare: 0,
      dueSends: 0,
      madeSends: 0,
      runQueueShare: null,
      senderSideP99Ms: null,
    });
  });

  it.each([
    [9, 'ok'],
    [10, 'strained'],
    [99, 'strained'],
    [100, 'saturated'],
  ] as const)('of %i contaminated values in 10,000 is %s', (contaminated, verdict) => {
    expect(auditOfSeconds([...quiet(9), [1000, contaminated]]).verdict).toBe(verdict);
  });

  it('says how much, and when it was worst', () => {
    const { reasons } = auditOfSeconds([...quiet(4), [1000, 60], ...quiet(5)]);
    expect(reasons).toEqual([
      {
        verdict: 'strained',
        sentence:
          '0.6 % of the measured values may owe more than 2 ms and a tenth to the generator; most in second 4: 6 %',
        whenMs: { from: 4000, to: 5000 },
      },
    ]);
  });

  it('is saturated after three seconds in a row with a tenth each, however long the run was', () => {
    const bad: [number, number][] = [
      [10, 1],
      [10, 1],
      [10, 2],
    ];
    const { verdict, reasons } = auditOfSeconds([...quiet(400), ...bad, ...quiet(400)]);
    expect(verdict).toBe('saturated');
    expect(reasons.map(({ whenMs }) => whenMs)).toEqual([{ from: 400_000, to: 403_000 }]);
    expect(reasons[0]?.sentence).toContain('from second 400 to 402');
  });

  it('is not saturated by two such seconds, nor by three that do not follow each other', () => {
    const bad: [number, number] = [10, 5];
    expect(auditOfSeconds([...quiet(50), bad, bad, ...quiet(1), bad, ...quiet(50)]).verdict).toBe('ok');
    expect(auditOfSeconds([...quiet(50), bad, bad, [0, 0], bad, ...quiet(50)]).verdict).toBe('ok');
  });

  it('holds the measured window alone', () => {
    expect(auditOfSeconds([[1000, 1000]], 0)).toMatchObject({ verdict: 'ok', auditedValues: 0 });
  });

  it.each([
    [1, 'ok'],
    [2, 'saturated'],
  ] as const)('with %i %% of the due sends later than a second is %s', (late, verdict) => {
    const totals = totalsOf((recorder) => {
      const lag = recorder.trend('send_lag');
      for (let send = 0; send < 100; send++) lag.record(send < late ? 1_100_000 : 900_000);
    });
    expect(auditOf(totals)).toMatchObject({ verdict, dueSends: 100, madeSends: 100 - late });
  });

  it('counts sends for which there was no room among those that were not made, and others’ drops not', () => {
    const totals = totalsOf((recorder) => {
      for (let send = 0; send < 98; send++) recorder.trend('send_lag').record(10);
      recorder.counter('dropped_sends', { cause: 'queue-full' }).add(2);
      recorder.counter('dropped_sends', { cause: 'not-connected' }).add(50);
    });
    expect(auditOf(totals)).toMatchObject({ verdict: 'saturated', dueSends: 100, madeSends: 98 });
    expect(auditOf(totals).reasons[0]?.sentence).toBe(
      'only 98 % of the due sends were made within a second, though their connections stood; 2 found too much waiting, where the server, or the network, does not take it',
    );
  });

  it('is strained where a worker waits for a CPU more than a fifth of the time', () => {
    expect(auditOfWorker({ runQueueUs: 200_000 })).toMatchObject({ verdict: 'ok', runQueueShare: 0.2 });
    expect(auditOfWorker({ runQueueUs: 210_000 })).toMatchObject({ verdict: 'strained', runQueueShare: 0.21 });
    expect(auditOfWorker({ runQueueUs: null })).toMatchObject({ verdict: 'ok', runQueueShare: null });
  });

  it('names the gravest reason first', () => {
    const totals = totalsOf((recorder) => {
      recorder.counter('audited_values').add(1000);
      recorder.counter('contaminated_values').add(5);
      for (let send = 0; send < 10; send++) recorder.trend('send_lag').record(2_000_000);
    });
    expect(auditOf(totals).reasons.map(({ verdict }) => verdict)).toEqual(['saturated', 'strained']);
  });

  it('comes with the sender’s side of the p99', () => {
    const totals = totalsOf((recorder) => {
      recorder.trend('response_time', { arrival: 'open' }).record(1500);
      recorder.trend('service_time', { arrival: 'open' }).record(1000);
    });
    expect(auditOf(totals).senderSideP99Ms).toBeCloseTo(0.5, 6);
  });
});
