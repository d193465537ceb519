import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { ChartData } from '../../src/report/html/chart-data.js';
import { html, inline } from '../../src/report/html/html.js';
import { renderHtml } from '../../src/report/html/page.js';
import { buildReport, type Report } from '../../src/report/report.js';
import { attack, hostileReport } from './hostile.js';
import { closedLoopTotals, sampleRun, sampleTotals, saturatedTotals } from './sample-run.js';

const degraded = (): Report => buildReport(sampleRun({ totals: sampleTotals() }), '0.1.0');

/** The page without its scripts, its styles and the data of its charts. */
function markupOf(page: string): string {
  return page.replace(/(<(script|style)\b[^>]*>)[\s\S]*?(<\/\2>)/g, '$1…$3').replace(/sha256-[\w+/=]+/g, 'sha256-…');
}

/** The tags of a page with the names of their attributes. @throws Error where a `<` begins none. */
function tagsOf(markup: string): string[] {
  const tag = /<(!doctype html|\/?[a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi;
  const tags = [...markup.matchAll(tag)].map(([, name, attributes = '']) =>
    [name, ...[...attributes.matchAll(/\s([\w:-]+)(?:="[^"]*")?/g)].map(([, attribute]) => attribute)].join(' '),
  );
  if (tags.length !== markup.split('<').length - 1) throw new Error('a < begins no tag of ours');
  return tags;
}

function dataOf(page: string): ChartData {
  const [, json = ''] = /<script type="application\/json" id="chart-data">(.*?)<\/script>/.exec(page) ?? [];
  return JSON.parse(json);
}

describe('a template', () => {
  it('escapes what is put into it, in elements and in attributes', () => {
    expect(html`<p title="${`"'`}">${'<b>&</b>'}</p>`.text).toBe('<p title="&quot;&#39;">&lt;b&gt;&amp;&lt;/b&gt;</p>');
  });

  it('takes templates, lists of them, and nothing at all', () => {
    const items = ['<1>', '<2>'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}${null}${false}</ul>`.text).toBe('<ul><li>&lt;1&gt;</li><li>&lt;2&gt;</li></ul>');
  });

  it('refuses code that would end its element', () => {
    expect(() => inline('script', 'const a = "</SCRIPT>";')).toThrow('ends itself');
  });
});

describe('the page', () => {
  it('of a degraded run looks as it did', async () => {
    await expect(markupOf(renderHtml(degraded()))).toMatchFileSnapshot('golden/degraded.html');
  });

  it.each([
    ['a saturated generator', sampleRun({ totals: saturatedTotals() })],
    ['a closed loop', sampleRun({ totals: closedLoopTotals() })],
    ['a run that measured nothing', sampleRun({ totals: new TotalsBuilder(), workers: [], stages: [] })],
  ])('of %s has no hole in it', (_, run) => {
    const markup = markupOf(renderHtml(buildReport(run, '0.1.0')));
    expect(markup).not.toMatch(/undefined|NaN|Infinity|\[object/);
    expect(markup).toContain('</html>');
  });

  it('says of curves over time how many answers never came, or that a report from before does not count them', () => {
    const report = degraded();
    expect(markupOf(renderHtml(report))).toContain('arrived in each interval; 1 unanswered left out.');
    const timeline = report.timeline.map(({ unanswered: _, ...window }) => window);
    expect(markupOf(renderHtml({ ...report, timeline }))).toContain('in each interval; all unanswered left out.');
  });

  it('of a run in which nothing happened claims neither that nothing failed nor whose the numbers are', () => {
    const run = sampleRun({ totals: new TotalsBuilder(), workers: [], stages: [], errorSamples: [] });
    const markup = markupOf(renderHtml(buildReport(run, '0.1.0')));
    expect(markup).toContain('None, as nothing was attempted.');
    expect(markup).toContain('Not judged</strong>: nothing was attempted.');
    expect(markup).not.toContain('the numbers below are the server’s');
  });

  it('takes nothing from outside for markup', () => {
    const page = renderHtml(hostileReport());
    expect(page).not.toContain('<img');
    expect(page).not.toContain('alert(1)</script>');
    // The data, uPlot, and the script that draws; and no more.
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page.match(/<\/script>/g)).toHaveLength(3);
    // What was attacked with is there to be read.
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(&#39;2&#39;)&quot;&gt;');
    expect(Object.values(dataOf(page).charts).length).toBeGreaterThan(0);
  });

  it('has the same elements and attributes whatever comes from outside', () => {
    const harmless = tagsOf(markupOf(renderHtml(hostileReport('name'))));
    expect(harmless.length).toBeGreaterThan(100);
    expect(tagsOf(markupOf(renderHtml(hostileReport())))).toEqual(harmless);
    for (const text of [
      '" onload="alert(1)',
      "' onload='alert(1)",
      '<!--',
      ']]>',
      '<svg/onload=alert(1)>',
      '\0<b>',
      '&lt;b&gt;',
    ]) {
      expect(tagsOf(markupOf(renderHtml(hostileReport(text))))).toEqual(harmless);
    }
  });

  it('needs no network, and runs no script but its own', () => {
    const page = renderHtml(degraded());
    expect(page).not.toMatch(/\s(src|href)=|url\(|@import/);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(page.replaceAll('&#39;', "'")) ?? [];
    const scripts = [...page.matchAll(/<script(?: type="module")?>([\s\S]*?)<\/script>/g)].map(
      ([, script = '']) => script,
    );
    const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(hashes).toHaveLength(2);
    expect(policy).toBe(`default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`);
  });
});

describe('the charts’ data', () => {
  it('say what is not measured, where stages end, and what happened', () => {
    expect(dataOf(renderHtml(degraded()))).toMatchObject({
      shades: [{ fromS: 0, toS: 10, label: 'warm-up' }],
      stagesS: [5],
      marks: [{ atS: 21.4, letter: 'A' }],
    });
  });

  it('shade all of a run that was never measured', () => {
    const recorder = new Recorder({ worker: 0 });
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 2e6, sampleTotals(1).workers[0]!));
    const { shades } = dataOf(renderHtml(buildReport(sampleRun({ totals }), '0.1.0')));
    expect(shades).toEqual([{ fromS: 0, toS: 2, label: 'not measured' }]);
  });

  it('have a row for each interval, and in a heat map every answer', () => {
    const { charts } = dataOf(renderHtml(degraded()));
    expect(charts.clients?.columns.map(({ length }) => length)).toEqual([40, 40, 40]);
    const heat = charts['heat response_time{arrival:"open"}']?.heat;
    expect(heat?.cells.reduce((sum, [, , count]) => sum + count, 0)).toBe(2 * 40 * 100);
    expect(heat?.bounds).toHaveLength(33);
  });

  it('end a percentile curve where no value is left, and dash it among the unanswered', () => {
    const recorder = new Recorder({ worker: 0 });
    recorder.phase = 1;
    const trend = recorder.trend('response_time', { client: 'a', packet: 'C', step: 'a.every[0]', arrival: 'open' });
    for (let i = 0; i < 90; i++) trend.record(1000);
    for (let i = 0; i < 10; i++) trend.recordUnanswered(2_000_000);
    const totals = new TotalsBuilder();
    totals.add(recorder.snapshot(0, 1e6, sampleTotals(1).workers[0]!));
    const { charts } = dataOf(renderHtml(buildReport(sampleRun({ totals }), '0.1.0')));
    const [nines = [], answered = [], unanswered = []] = charts.percentiles?.columns ?? [];
    expect(charts.percentiles?.series.map(({ dashed }) => dashed)).toEqual([undefined, true]);
    expect(nines.at(-1)).toBe(2);
    expect(answered.filter((value) => value !== null)).toHaveLength(24 + 1);
    expect(answered[24]).toBe(1);
    expect(unanswered.slice(25).every((value) => value !== null && value >= 2000)).toBe(true);
  });
});

it('an attack is one: it would break a page that does not escape it', () => {
  expect(`<p>${attack}</p>`).toContain('<script>');
});
