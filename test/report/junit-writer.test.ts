import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { type JunitSuite, junitXml } from '../../src/report/junit-writer.js';

const suite: JunitSuite = { name: 'Chat', timestamp: '2026-03-01T12:30:05.250Z', timeSeconds: 12, cases: [] };

/** What an XML parser makes of a text: of each element its name, its attributes and the text before its first child. */
function elementsOf(xml: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes, text: '' }));
  parser.on('text', (text) => {
    const element = elements.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.write(xml).close();
  return elements;
}

describe('a JUnit file', () => {
  it('looks as CI systems want it', () => {
    const xml = junitXml([
      {
        ...suite,
        properties: { target: '127.0.0.1:7777' },
        cases: [
          { className: 'Chat', name: 'held', verdict: { kind: 'passed' }, output: 'p(95) is 12 ms' },
          { className: 'Chat', name: 'bare', verdict: { kind: 'passed' } },
          { className: 'Chat', name: 'broke', verdict: { kind: 'failure', message: 'p(95) is 120 ms, not <100' } },
        ],
      },
    ]);
    expect(xml).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
        <testsuite name="Chat" tests="3" failures="1" errors="0" skipped="0" timestamp="2026-03-01T12:30:05.250Z" time="12.000">
          <properties>
            <property name="target" value="127.0.0.1:7777"/>
          </properties>
          <testcase classname="Chat" name="held">
            <system-out>p(95) is 12 ms</system-out>
          </testcase>
          <testcase classname="Chat" name="bare"/>
          <testcase classname="Chat" name="broke">
            <failure message="p(95) is 120 ms, not &lt;100">p(95) is 120 ms, not &lt;100</failure>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it('counts what failed, what could not be told and what was skipped', () => {
    const cases = (['failure', 'failure', 'error', 'skipped', 'passed'] as const).map((kind) => ({
      className: 'a',
      name: 'b',
      verdict: { kind, message: 'm' },
    }));
    const [, found] = elementsOf(junitXml([{ ...suite, cases }]));
    expect(found?.attributes).toMatchObject({ tests: '5', failures: '2', errors: '1', skipped: '1' });
  });

  it.each(['</testcase>', `"quotes" & 'more'`, ']]>', 'two\nlines\tand a tab', '한글 😀'])(
    'reads back %j as it was, in an attribute and in a text',
    (text) => {
      const cases = [{ className: text, name: text, verdict: { kind: 'passed' }, output: text } as const];
      const elements = elementsOf(junitXml([{ ...suite, cases }]));
      expect(elements.find(({ name }) => name === 'testcase')?.attributes).toEqual({ classname: text, name: text });
      expect(elements.find(({ name }) => name === 'system-out')?.text.trimEnd()).toBe(text);
    },
  );

  it('replaces what XML cannot hold', () => {
    const cases = [{ className: 'a', name: 'nul \0 bell \x07 half \ud800', verdict: { kind: 'passed' } } as const];
    const found = elementsOf(junitXml([{ ...suite, cases }])).at(-1);
    expect(found?.attributes.name).toBe('nul \ufffd bell \ufffd half \ufffd');
  });
});
