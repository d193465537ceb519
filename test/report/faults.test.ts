import { describe, expect, it } from 'vitest';
import { faultWindowsOf } from '../../src/metrics/neighbours.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { faultyKindWords, neighbourVerdict } from '../../src/report/fault-words.js';
import { renderHtml } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { neighboursReport } from '../../src/report/neighbours.js';
import { isMoreThanBefore } from '../../src/report/occurrences.js';
import { buildReport, type Report } from '../../src/report/report.js';
import { reportSchema } from '../../src/report/schema.js';
import { renderText } from '../../src/report/text.js';
import { stateWith } from '../metrics/snapshots.js';
import { kind } from '../support/plans.js';
import { sampleRun } from './sample-run.js';

const mutate = { fault: 'mutate', of: 'packets', share: 1, bytes: { min: 1, max: 1 }, untilMs: null } as const;
const player = kind({ name: 'player' });
const vandal = kind({ name: 'vandal', faults: [{ ...mutate, fromMs: 10_000 }] });
const open = { packet: 'C_Ask', arrival: 'open' } as const;

interface Run {
  /** How long the players' replies take, in milliseconds. */
  readonly timeMs: (second: number) => number;
  /** Attempts of players that fail in a second while faults are played. */
  readonly failures?: number;
  readonly lost?: number;
  /** When faults are played; by default all the time but the first ten seconds. */
  readonly windows?: readonly { readonly fromMs: number; readonly untilMs: number | null }[];
}

const fromTheTenthOn = [{ fromMs: 10_000, untilMs: null }];

/** Thirty seconds. */
function totalsOf({ timeMs, failures = 0, lost = 0, windows = fromTheTenthOn }: Run): TotalsBuilder {
  const faults = faultWindowsOf([player, { name: 'vandal', faults: windows }]);
  const totals = new TotalsBuilder({ faults });
  const recorder = new Recorder({ worker: 0 });
  recorder.phase = 1;
  for (let second = 0; second < 30; second++) {
    const isHostile = second >= 10;
    const errors = recorder.rate('errors', { client: 'player' });
    for (let i = 0; i < 200; i++) {
      const us = timeMs(second) * (900 + i);
      recorder.trend('response_time', { ...open, client: 'player', step: 'player.every[0]' }).record(us);
      errors.count();
    }
    for (let i = 0; i < (isHostile ? failures : 0); i++) errors.hit();
    if (isHostile) recorder.counter('disconnects', { client: 'player', cause: 'reset' }).add(lost);
    recorder.rate('errors', { client: 'vandal' }).count();
    recorder.rate('errors', { client: 'vandal' }).hit();
    recorder.counter('faults_played', { client: 'vandal', fault: 'mutate' }).add(isHostile ? 3 : 0);
    recorder.counter('connects', { client: 'vandal' }).add(1);
    recorder.counter('disconnects', { client: 'vandal', cause: 'remote' }).add(1);
    totals.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, stateWith(2)));
  }
  return totals;
}

const none = { saturated: false, steered: false, workersLost: 0 };
const verdictOf = (run: Run, doubts = none) => neighbourVerdict(neighboursReport(totalsOf(run), doubts)).sentence;

describe('what is said of the neighbours of faults', () => {
  it('is that they were not hurt, where nothing failed and no time rose', () => {
    expect(verdictOf({ timeMs: () => 50 })).toMatchInlineSnapshot(
      `"The faults did not hurt the other clients: no attempt failed and no connection was lost while faults were played, and no time rose."`,
    );
  });

  it('is that they were, where a time rose for sure', () => {
    expect(verdictOf({ timeMs: (second) => (second < 10 ? 50 : 80) })).toMatchInlineSnapshot(
      `"The faults hurt the other clients: response time p50 rose from 50.0 ms to 79.9 ms; response time p95 rose from 54.5 ms to 87.2 ms."`,
    );
  });

  it('is that they were, where more failed and more were lost than chance explains', () => {
    expect(verdictOf({ timeMs: () => 50, failures: 2, lost: 1 })).toMatchInlineSnapshot(
      `"The faults hurt the other clients: 40 attempts failed while faults were played, 0 before; 20 connections were lost while faults were played, 0 before."`,
    );
  });

  it('is that it cannot be told, where times vary too much, or the generator was to blame', () => {
    expect(verdictOf({ timeMs: (second) => 50 + 40 * ((second * 7) % 5) })).toMatchInlineSnapshot(
      `"Whether the faults hurt the other clients cannot be told: too little was measured, or it varied too much, to tell of response time p50 and response time p95."`,
    );
    expect(
      verdictOf({ timeMs: (second) => (second < 10 ? 50 : 80) }, { ...none, saturated: true }),
    ).toMatchInlineSnapshot(`"Whether the faults hurt the other clients cannot be told: the generator was saturated."`);
  });

  it('is that it cannot be told, where a worker was lost: what it took with it is not the server’s doing', () => {
    const totals = totalsOf({ timeMs: (second) => (second < 10 ? 50 : 80) });
    totals.lose(0, { clients: 2, phase: 1 });
    const neighbours = neighboursReport(totals, { ...none, workersLost: 1 });
    expect(neighbourVerdict(neighbours).sentence).toMatchInlineSnapshot(
      `"Whether the faults hurt the other clients cannot be told: a worker was lost with its clients."`,
    );
    expect(neighbours.periods.at(-1)).toMatchObject({ name: 'during', attempts: 4002, failed: 2, disconnects: 2 });
    expect(verdictOf({ timeMs: () => 50, lost: 1 }, { ...none, workersLost: 2 })).toMatchInlineSnapshot(
      `"The faults hurt the other clients: 20 connections were lost while faults were played, 0 before."`,
    );
    expect(verdictOf({ timeMs: () => 50 }, { ...none, workersLost: 2 })).toMatchInlineSnapshot(
      `"Whether the faults hurt the other clients cannot be told: 2 workers were lost with their clients."`,
    );
  });

  it('is about the times of the faults alone, not about those between them', () => {
    const isHostile = (second: number) => (second >= 10 && second < 14) || (second >= 22 && second < 26);
    const windows = [
      { fromMs: 22_000, untilMs: 26_000 },
      { fromMs: 10_000, untilMs: 14_000 },
    ];
    const hurt = { timeMs: (second: number) => (isHostile(second) ? 80 : 50), windows };
    expect(verdictOf(hurt)).toMatchInlineSnapshot(
      `"The faults hurt the other clients: response time p50 rose from 50.0 ms to 79.9 ms; response time p95 rose from 54.5 ms to 87.2 ms."`,
    );
    const others = { timeMs: (second: number) => (second < 10 || isHostile(second) ? 50 : 80), windows };
    expect(verdictOf(others)).toMatchInlineSnapshot(
      `"The faults did not hurt the other clients: no attempt failed and no connection was lost while faults were played, and no time rose."`,
    );
    const during = neighboursReport(totalsOf(hurt), none).periods[1];
    expect(during).toMatchObject({ name: 'during', fromMs: 10_000, toMs: 26_000, durationMs: 8000, attempts: 1600 });
  });

  it('is that it cannot be told, where there was no calm to compare with', () => {
    expect(verdictOf({ timeMs: () => 50, windows: [{ fromMs: 0, untilMs: null }] })).toMatchInlineSnapshot(
      `"Whether the faults hurt the other clients cannot be told: nothing was measured before the first fault: give the faults a \`from\`."`,
    );
  });
});

describe('a count', () => {
  it.each([
    { before: 0, during: 0, isMore: false },
    { before: 0, during: 7, isMore: false },
    { before: 0, during: 8, isMore: true },
    { before: 10, during: 20, isMore: false },
    { before: 10, during: 60, isMore: true },
    { before: 100_000, during: 200_000, isMore: false },
    { before: 100_000, during: 203_000, isMore: true },
  ])('of $during in twenty seconds after $before in ten is more than before: $isMore', ({ before, during, isMore }) => {
    expect(isMoreThanBefore(before, 10_000, during, 20_000)).toBe(isMore);
  });
});

describe('a report of a run with faults', () => {
  function report(): Report {
    const base = sampleRun({ totals: totalsOf({ timeMs: () => 50 }) });
    const workers = base.workers.map((worker) => ({ ...worker, lost: false }));
    return buildReport({ ...base, workers, plan: { ...base.plan, kinds: [player, vandal] } }, '1.2.3');
  }

  it('keeps to its schema, also once it has been through a file', () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report()))).faults).toEqual(report().faults);
  });

  it('tells one connect from several', () => {
    const one = {
      client: 'vandal',
      played: [{ fault: 'mutate', count: 2 }],
      connects: 1,
      connectFailures: 0,
      lost: [],
    };
    expect(faultyKindWords(one)).toBe('2 mutate; 1 connect, 0 lost');
    expect(faultyKindWords({ ...one, connects: 2 })).toBe('2 mutate; 2 connects, 0 lost');
  });

  it('says in its summary what was played, and how the others fared', () => {
    const text = renderText(report(), { color: false, columns: 100 });
    expect(text.slice(text.indexOf('\n errors ') + 1, text.indexOf('\n generator '))).toMatchInlineSnapshot(`
      " errors        ✓ none

       faults        vandal: 60 mutate; 30 connects, 30 lost (30 remote)

       neighbours    ✓ The faults did not hurt the other clients: no attempt failed and no connection was
                       lost while faults were played, and no time rose.
       milliseconds                      count     p50     p95     p99  failed    lost
       before: response time             2,000    50.0    54.5    54.9       0       0
       during: response time             4,000    50.0    54.5    54.9       0       0
      "
    `);
  });

  it('says so in Markdown and in HTML', () => {
    const sentence = 'The faults did not hurt the other clients';
    expect(renderMarkdown(report())).toContain(sentence);
    expect(renderHtml(report())).toContain(sentence);
    expect(renderMarkdown(report())).toContain('vandal: 60 mutate; 30 connects, 30 lost (30 remote)');
  });
});
