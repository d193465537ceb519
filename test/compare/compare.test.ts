import { describe, expect, test } from 'vitest';
import { type CompareOptions, compareReports, compareRounds } from '../../src/compare/compare.js';
import type { Comparison, Row } from '../../src/compare/comparison.js';
import { parseGoal } from '../../src/compare/goal.js';
import { type Measured, named } from './reports.js';

function options(...failOn: string[]): CompareOptions {
  return {
    goals: failOn.map(parseGoal),
    runNoise: Math.log(1.1),
    alpha: 0.05,
    labels: { base: 'base', current: 'current' },
  };
}

const p95 = 'response_time p(95) +10%';

function single(base: Measured, current: Measured, ...failOn: string[]): Comparison {
  return compareReports([named('base', base)], [named('current', current)], options(...failOn));
}

function rounds(base: readonly Measured[], current: readonly Measured[], ...failOn: string[]): Comparison {
  const side = (name: string, runs: readonly Measured[]) => runs.map((run, i) => named(`${i}-${name}`, run));
  return compareRounds(side('a', base), side('b', current), options(...failOn));
}

function first({ rows }: Comparison): Row {
  return rows[0]!;
}

describe('one run each', () => {
  test('tells a change beyond what runs of one build differ by', () => {
    const comparison = single({}, { factor: 1.5 }, p95);
    expect(comparison).toMatchObject({ kind: 'single', worse: true, cautions: [] });
    expect(comparison.scope).toContain('cannot be told from one run each');
    const row = first(comparison);
    expect(row).toMatchObject({ failOn: p95, verdict: 'worse', unit: 'ms', reasons: [] });
    expect(row.change).toBeCloseTo(0.5, 2);
    expect(row.interval!.from).toBeLessThan(0.5);
    expect(row.interval!.to).toBeGreaterThan(0.5);
  });

  test('does not tell one within it', () => {
    const row = first(single({}, { factor: 1.09 }, 'response_time p(95) +5%'));
    expect(row.verdict).toBe('cannot tell');
    expect(row.smallestChange).toBeGreaterThan(0.1);
  });

  test('finds the same to be the same, and less to be better', () => {
    expect(first(single({}, {}, p95))).toMatchObject({ verdict: 'same', change: 0 });
    expect(single({}, { factor: 0.7 }, p95)).toMatchObject({ worse: false, rows: [{ verdict: 'better' }, {}, {}] });
  });

  test('fails only on what is named; the rest is information', () => {
    const { worse, rows } = single({}, { factor: 1.5 });
    expect(worse).toBe(false);
    expect(rows.map(({ name, failOn, verdict }) => ({ name, failOn, verdict }))).toEqual([
      { name: 'response_time p(50)', failOn: null, verdict: 'worse' },
      { name: 'response_time p(95)', failOn: null, verdict: 'worse' },
      { name: 'response_time p(99)', failOn: null, verdict: 'worse' },
    ]);
  });

  test('with several that may fail, widens their intervals and no others', () => {
    const confidences = single({}, {}, p95, 'response_time med +10%').rows.map(({ interval }) => interval?.confidence);
    // Both are surely not worse: neither is the surest of something.
    expect(confidences).toEqual([expect.closeTo(0.975, 12), expect.closeTo(0.975, 12), 0.95]);
  });

  test('needs twenty seconds, and says so', () => {
    const row = first(single({ seconds: 12 }, { factor: 3 }, p95));
    expect(row).toMatchObject({
      verdict: 'cannot tell',
      reasons: ['base: too few windows with values: 12 of at least 20'],
      interval: null,
    });
  });

  test('cannot tell of what its windows do not keep', () => {
    const { reasons } = first(single({}, { factor: 3 }, 'connect_time med +10%'));
    expect(reasons).toEqual([expect.stringContaining('base, current: the windows do not keep connect_time')]);
  });

  test('cannot tell where the generator was saturated', () => {
    const comparison = single({}, { factor: 3, contaminated: 5 }, p95);
    expect(comparison.cautions).toEqual(['the generator was saturated in current']);
    expect(first(comparison)).toMatchObject({
      verdict: 'cannot tell',
      reasons: ['current: the generator was saturated'],
    });
  });

  test('takes replies that never came for slower than all that came', () => {
    const row = first(single({}, { unanswered: 8 }, p95));
    expect(row).toMatchObject({ verdict: 'worse', current: { atLeast: true } });
    expect(row.current.value).toBeGreaterThanOrEqual(2000);
    expect(first(single({ unanswered: 8 }, { unanswered: 9 }, p95)).verdict).toBe('cannot tell');
    expect(first(single({ unanswered: 8 }, {}, p95)).verdict).toBe('better');
  });

  test('turns round where less is worse', () => {
    expect(first(single({}, { factor: 0.5 }, 'response_time p(95) -10%')).verdict).toBe('worse');
  });
});

describe('several runs', () => {
  const base = [1, 1.03, 0.98, 1.01, 0.99].map((factor, i) => named(`base ${i + 1}`, { factor }));

  test('show how runs of one build differ', () => {
    const slower = compareReports(base, [named('current', { factor: 1.3 })], options(p95));
    expect(slower).toMatchObject({ kind: 'runs', worse: true });
    expect(compareReports(base, [named('current', { factor: 1.02 })], options(p95))).toMatchObject({
      worse: false,
      rows: [{ verdict: 'same' }, {}, {}],
    });
  });

  test('need no windows', () => {
    const current = [named('current', { factor: 1.3, seconds: 12 })];
    expect(first(compareReports(base, current, options('connect_time med +10%'))).verdict).toBe('worse');
  });
});

describe('rounds', () => {
  const drift = [1, 1.2, 1.4, 1.6, 1.8, 2];
  const wobble = [1.01, 0.99, 1.02, 1, 0.98, 1.01];

  test('tell a change in spite of a drift that both sides share', () => {
    const base = drift.map((factor) => ({ factor, seconds: 12 }));
    const current = drift.map((factor, i) => ({ factor: 1.2 * factor * wobble[i]!, seconds: 12 }));
    const comparison = rounds(base, current, p95);
    expect(comparison).toMatchObject({ kind: 'rounds', worse: true });
    expect(first(comparison).change).toBeCloseTo(0.2, 1);
    expect(first(comparison).medianChange).toBeCloseTo(0.2, 1);
  });

  test('tell one in spite of a saturated generator where it cannot have made it', () => {
    const base = wobble.map((factor) => ({ factor, seconds: 12, contaminated: 5 }));
    const current = wobble.map((factor, i) => ({ factor: 3 * factor * wobble[5 - i]!, seconds: 12, contaminated: 5 }));
    const comparison = rounds(base, current, 'response_time med +10%', 'response_time p(99) +10%');
    expect(comparison.cautions).toHaveLength(1);
    expect(comparison.rows[0]).toMatchObject({ verdict: 'worse' });
    expect(comparison.rows[1]).toMatchObject({
      verdict: 'cannot tell',
      reasons: [expect.stringContaining('the generator was saturated, and what it may have added')],
    });
  });
});

describe('before any number stands what makes the sides unlike', () => {
  test('of many runs, those that are unlike the others, every one by its number', () => {
    const odd = (i: number): Measured => {
      if (i === 4) return { parts: { planDigest: 'another', plan: { load: {} } } };
      return i > 6 ? { parts: { tool: { name: 'swarm', version: '9.9.9' } }, contaminated: 60 } : {};
    };
    const base = Array.from({ length: 12 }, (_, i) => named(`base ${i + 1}`, { seconds: 2, ...odd(i) }));
    const { cautions } = compareReports(base, [named('current', { seconds: 2 })], options());
    expect(cautions).toEqual([
      expect.stringMatching(/^the plans differ in .*load.* \(base 5 from base 1\): /),
      'the runs were made by different versions of swarm: 1.2.3 (base 1 to 7, current) / 9.9.9 (base 8 to 12)',
      'the generator was saturated in base 8 to 12',
    ]);
  });

  test('other plans, machines and versions', () => {
    const { report } = named('current');
    const plan = { ...(report.plan as object), load: { clients: 5 } };
    const { cautions } = single(
      {},
      {
        parts: {
          plan,
          planDigest: 'another',
          machine: { ...report.machine, cpuCores: 64 },
          tool: { name: 'swarm', version: '9.9.9' },
        },
      },
    );
    expect(cautions).toEqual([
      'the plans differ in load: these runs asked different things of the server',
      expect.stringMatching(/^the load came from different machines: .*2 × .* \/ .*64 × /),
      'the runs were made by different versions of swarm: 1.2.3 (base) / 9.9.9 (current)',
    ]);
  });

  test('not another target, seed or threshold', () => {
    const { report } = named('current');
    const plan = { ...(report.plan as object), target: { kind: 'tcp' }, seed: 9, thresholds: [1] };
    expect(single({}, { parts: { plan, planDigest: 'another' } }).cautions).toEqual([]);
  });

  test('closed loops that reached other rates: their times belong to different loads', () => {
    const loop = { client: 'talker', iterations: 1000, thinkMs: 0, paceKept: null };
    const at = (iterationsPerSecond: number): Measured => ({
      parts: { closedLoops: [{ ...loop, iterationsPerSecond }] },
    });
    const reasons = (a: number, b: number) => first(single(at(a), at(b), 'connect_time med +10%')).reasons.join();
    expect(reasons(100, 94)).toContain('the loops of talker went round 100.0 and 94.0 times a second');
    expect(reasons(100, 96)).not.toContain('the loops');
    expect(first(single(at(100), at(50), p95)).reasons).toEqual([]);
  });
});

describe('what cannot be compared is refused', () => {
  test('runs of different scenarios', () => {
    const parts = { scenario: { name: 'Move', file: 'move.yaml', text: null } };
    expect(() => single({}, { parts })).toThrow(
      'reports/base/report.json is of the scenario Chat room, and reports/current/report.json of Move',
    );
  });

  test.each([
    { failOn: 'response_time{packet:C_Chta} med +5%', hint: 'Did you mean `response_time{packet:"C_Chat"}`?' },
    { failOn: 'broadcast_time med +5%', hint: 'It has connect_time, response_time, send_lag.' },
  ])('values that no run has: $failOn', ({ failOn, hint }) => {
    expect(() => single({}, {}, failOn)).toThrow(expect.objectContaining({ code: 'fail-on-absent', hint }));
  });

  test('values that one of many runs has not: its file is named', () => {
    const base = Array.from({ length: 12 }, (_, i) =>
      named(`base ${i + 1}`, i === 10 ? { seconds: 0 } : { seconds: 2 }),
    );
    expect(() => compareReports(base, [named('current', { seconds: 2 })], options(p95))).toThrow(
      `--fail-on '${p95}': base 11 (reports/base 11/report.json) has no values of response_time`,
    );
  });
});
