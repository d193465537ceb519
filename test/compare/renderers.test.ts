import { describe, expect, test } from 'vitest';
import type { Comparison, Row } from '../../src/compare/comparison.js';
import { renderComparisonJunit } from '../../src/compare/junit.js';
import { renderComparisonMarkdown } from '../../src/compare/markdown.js';
import { renderComparisonText } from '../../src/compare/text.js';
import { changeText } from '../../src/compare/words.js';

const row: Row = {
  name: 'response_time p(99)',
  unit: 'ms',
  failOn: 'response_time p(99) +10%',
  base: { value: 12.3, atLeast: false },
  current: { value: 2000, atLeast: true },
  change: 161.6,
  interval: { from: 1.5, to: 300, confidence: 0.95 },
  medianChange: null,
  verdict: 'worse',
  reasons: [],
  smallestChange: 0.2,
};

const comparison: Comparison = {
  scenario: 'Chat room',
  kind: 'single',
  base: {
    label: 'base',
    reports: [{ name: 'base', file: 'baseline.json' }],
    startedAt: '2026-03-01T12:00:00.000Z',
    wholeRunMs: 60_000,
  },
  current: {
    label: 'current',
    reports: [{ name: 'current', file: 'reports/chat-room/report.json' }],
    startedAt: '2026-03-02T12:00:00.000Z',
    wholeRunMs: 61_500,
  },
  cautions: ['the plans differ in load: these runs asked different things of the server'],
  scope: 'One run each.',
  rows: [
    row,
    {
      ...row,
      name: 'response_time{packet:"C_Login"} p(50)',
      failOn: 'response_time{packet:C_Login} med +5%',
      base: { value: 1, atLeast: false },
      current: { value: 1.04, atLeast: false },
      change: 0.04,
      interval: { from: -0.02, to: 0.1, confidence: 0.95 },
      verdict: 'cannot tell',
      reasons: ['the interval holds both changes that matter and changes that do not'],
      smallestChange: 0.125,
    },
    {
      ...row,
      name: 'recv_batch p(50)',
      unit: 'packets',
      failOn: null,
      base: { value: 41, atLeast: false },
      current: { value: 41, atLeast: false },
      change: 0,
      interval: null,
      verdict: 'same',
    },
  ],
  worse: true,
};

describe('a comparison', () => {
  test('as text', () => {
    expect(renderComparisonText(comparison, { color: false, columns: 200 })).toMatchInlineSnapshot(`
      " Chat room: base → current

       base          baseline.json
       current       reports/chat-room/report.json

       beware        ! the plans differ in load: these runs asked different things of the server

       One run each.

       may fail                           base     current    change         95 % interval
       ✗ response_time p(99), fails on +10%
                                       12.3 ms   ≥ 2000 ms     × 163        × 2.50 … × 301  worse
       ? response_time{packet:"C_Login"} p(50), fails on +5%
                                       1.00 ms     1.04 ms    +4.0 %      −2.0 % … +10.0 %  cannot tell
           Reason: the interval holds both changes that matter and changes that do not.
           A change of +12.5 % would have shown nine times in ten.

       information                        base     current    change              interval
       ✓ recv_batch p(50)                   41          41     0.0 %                     –  same

       result        ✗ Worse: response_time p(99).
      "
    `);
  });

  test('as Markdown', () => {
    expect(renderComparisonMarkdown(comparison)).toMatchInlineSnapshot(`
      "## ✗ Chat room: base → current

      Worse: response\\_time p(99).

      - the plans differ in load: these runs asked different things of the server

      | metric | base | current | change | 95 % interval | verdict | remarks |
      | --- | ---: | ---: | ---: | ---: | --- | --- |
      | response\\_time p(99), fails on +10% | 12.3 ms | ≥ 2000 ms | × 163 | × 2.50 … × 301 | worse |  |
      | response\\_time\\{packet:"C\\_Login"\\} p(50), fails on +5% | 1.00 ms | 1.04 ms | +4.0 % | −2.0 % … +10.0 % | cannot tell | Reason: the interval holds both changes that matter and changes that do not. A change of +12.5 % would have shown nine times in ten. |
      | recv\\_batch p(50) | 41 | 41 | 0.0 % | – | same |  |

      <sub>One run each.</sub>

      <details><summary>The reports</summary>

      - base: baseline.json
      - current: reports/chat-room/report.json

      </details>
      "
    `);
  });

  test('as JUnit', () => {
    expect(renderComparisonJunit(comparison)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
        <testsuite name="Chat room: base → current" tests="3" failures="1" errors="0" skipped="1" timestamp="2026-03-02T12:00:00.000Z" time="61.500">
          <properties>
            <property name="scope" value="One run each."/>
            <property name="caution 1" value="the plans differ in load: these runs asked different things of the server"/>
            <property name="base" value="baseline.json"/>
            <property name="current" value="reports/chat-room/report.json"/>
          </properties>
          <testcase classname="Chat room" name="response_time p(99), fails on +10%">
            <failure message="worse: 12.3 ms → ≥ 2000 ms, × 163 (× 2.50 … × 301).">worse: 12.3 ms → ≥ 2000 ms, × 163 (× 2.50 … × 301).</failure>
            <system-out>worse: 12.3 ms → ≥ 2000 ms, × 163 (× 2.50 … × 301).</system-out>
          </testcase>
          <testcase classname="Chat room" name="response_time{packet:&quot;C_Login&quot;} p(50), fails on +5%">
            <skipped message="cannot tell: 1.00 ms → 1.04 ms, +4.0 % (−2.0 % … +10.0 %). Reason: the interval holds both changes that matter and changes that do not. A change of +12.5 % would have shown nine times in ten.">cannot tell: 1.00 ms → 1.04 ms, +4.0 % (−2.0 % … +10.0 %). Reason: the interval holds both changes that matter and changes that do not. A change of +12.5 % would have shown nine times in ten.</skipped>
            <system-out>cannot tell: 1.00 ms → 1.04 ms, +4.0 % (−2.0 % … +10.0 %). Reason: the interval holds both changes that matter and changes that do not. A change of +12.5 % would have shown nine times in ten.</system-out>
          </testcase>
          <testcase classname="Chat room" name="recv_batch p(50)">
            <system-out>same: 41 → 41, 0.0 % (–).</system-out>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test('has nothing in it that a terminal would obey', () => {
    const hostile = {
      ...comparison,
      scenario: '\u001b]0;title\u0007',
      scope: 'one \u009b2J',
      cautions: ['\u001b[31mred'],
    };
    const text = renderComparisonText(hostile, { color: false, columns: 100 });
    expect(text).toContain('·]0;title·');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  test('without anything that may fail says so', () => {
    const rows = comparison.rows.slice(2);
    expect(renderComparisonText({ ...comparison, rows, worse: false }, { color: false, columns: 80 })).toContain(
      '✓ No --fail-on was given: nothing here can fail.',
    );
  });
});

test.each([
  [0.1234, '+12.3 %'],
  [-0.04, '−4.0 %'],
  [0.0001, '0.0 %'],
  [-0.0001, '0.0 %'],
  [2.1, '× 3.10'],
])('a change of %d is %s', (change, text) => {
  expect(changeText(change)).toBe(text);
});
