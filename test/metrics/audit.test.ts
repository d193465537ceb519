import { describe, expect, it } from 'vitest';
import { auditOf, type GeneratorAudit } from '../../src/metrics/audit.js';
import type { Phase } from '../../src/metrics/catalog.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { WorkerState } from '../../src/metrics/snapshot.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
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

  it('is saturated where a connect failed for want of something on this machine, and not where the server refused it', () => {
    const totals = totalsOf((recorder) => {
      recorder.counter('connect_failures', { code: 'ECONNREFUSED', client: 'one' }).add(3);
      recorder.counter('connect_failures', { code: 'EADDRNOTAVAIL', client: 'one' }).add(2);
    });
    expect(auditOf(totals)).toMatchObject({
      verdict: 'saturated',
      reasons: [{ sentence: '2 connects failed on this machine, before the server heard of them: EADDRNOTAVAIL' }],
    });
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

  /** So many seconds of a run in which packets came, and the event loop was late by `loopDelayMaxMs`. */
  function auditOfReceiving(
    seconds: number,
    loopDelayMaxMs: number,
    { audited = 0, loopUtilization = 0.5 } = {},
  ): GeneratorAudit {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    for (let second = 0; second < seconds; second++) {
      recorder.counter('packets_received', { client: 'a', packet: 'S_Chat' }).add(1000);
      recorder.counter('audited_values').add(audited);
      const state = { ...stateWith(1), loopDelayMaxMs, loopUtilization, cpuUserUs: 1e6 };
      totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, state));
    }
    return auditOf(totals);
  }

  it('is saturated where packets came and were read late in three seconds in a row, and there is no value to judge by', () => {
    const { verdict, reasons } = auditOfReceiving(3, 100);
    expect(verdict).toBe('saturated');
    expect(reasons).toMatchObject([
      {
        sentence: expect.stringContaining('from second 0 to 2, what came was read late'),
        whenMs: { from: 0, to: 3000 },
      },
    ]);
    expect(auditOfReceiving(2, 100).verdict).toBe('ok');
    expect(auditOfReceiving(3, 99).verdict).toBe('ok');
    expect(auditOfReceiving(3, 100, { audited: 1 }).verdict).toBe('ok');
    expect(auditOfReceiving(3, 20, { loopUtilization: 0.95 }).verdict).toBe('saturated');
    expect(auditOfReceiving(3, 19, { loopUtilization: 1 }).verdict).toBe('ok');
  });

  it('counts all seconds of a snapshot that came seconds late', () => {
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    recorder.counter('packets_received', { client: 'a', packet: 'S_Chat' }).add(1000);
    totals.add(recorder.snapshot(2e6, 5e6, { ...stateWith(1), loopDelayMaxMs: 2000, cpuUserUs: 2e6 }));
    expect(auditOf(totals).reasons.map(({ whenMs }) => whenMs)).toEqual([{ from: 2000, to: 5000 }]);
  });

  /** Two workers that run for 100 seconds, or as many as are given, and were away for `loopDelayMaxMs` in a late report. */
  function auditOfStandstill(state: Partial<WorkerState>, runSeconds = 100): GeneratorAudit {
    const totals = new TotalsBuilder();
    for (const worker of [0, 1]) {
      const recorder = new Recorder({ worker });
      totals.add(recorder.snapshot(0, 40e6, stateWith(1)));
      totals.add(recorder.snapshot(40e6, 47e6 + worker * 1e5, { ...stateWith(1), ...state }));
      totals.add(recorder.snapshot(47e6 + worker * 1e5, runSeconds * 1e6, stateWith(1)));
    }
    return auditOf(totals);
  }

  it('says how many seconds were not measured where the processes were away, once for all workers', () => {
    const { verdict, reasons } = auditOfStandstill({ loopDelayMaxMs: 6000, cpuUserUs: 10_000 });
    expect(verdict).toBe('saturated');
    expect(reasons.map(({ sentence }) => sentence)).toEqual([
      '6.1s were not measured, from second 41 on: the machine slept, or a worker’s process was stopped or held up',
    ]);
    expect(auditOfStandstill({ loopDelayMaxMs: 6000, cpuUserUs: 10_000 }, 1000).verdict).toBe('strained');
  });

  it('does not take work, nor waiting for a CPU, for absence', () => {
    expect(auditOfStandstill({ loopDelayMaxMs: 6000, cpuUserUs: 4e6 }).verdict).toBe('ok');
    expect(auditOfStandstill({ loopDelayMaxMs: 6000, cpuUserUs: 1e6, runQueueUs: 3e6 }).verdict).toBe('ok');
    expect(auditOfStandstill({ loopDelayMaxMs: 900 }).verdict).toBe('ok');
  });

  it('adds up standstills that lie apart', () => {
    const totals = totalsOf(() => {});
    totals.standstills.add({ fromMs: 5000, forMs: 2000 });
    totals.standstills.add({ fromMs: 60_000, forMs: 3_600_000 });
    expect(auditOf(totals).reasons[0]?.sentence).toMatch(
      /^1h 2s were not measured, in 2 pieces, the longest 1h from second 60 on/,
    );
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
