import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/page.js';
import { buildReport } from '../../src/report/report.js';
import { ReportFolder } from '../e2e/swarm.js';
import { hostileReport } from '../report/hostile.js';
import { sampleRun, sampleTotals } from '../report/sample-run.js';
import { Browser } from './browser.js';
import { findProgram } from './real-server.js';

const chromium = findProgram('chromium');

/** Keeps what is written on canvases: which chart, the text, and from where to where it reaches. */
const noteTexts = `
  globalThis.written = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { width } = this.measureText(text);
    const left = this.textAlign === 'center' ? x - width / 2 : ['right', 'end'].includes(this.textAlign) ? x - width : x;
    written.push({ canvas: this.canvas, text, left, right: left + width, y });
    return fillText.call(this, text, x, y);
  };`;

interface Written {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

/** What stands above a chart from left to right: marks, and what is not measured. */
const aboveChart = `(() => {
  const canvas = document.querySelector('[data-chart="clients"] canvas');
  const ours = written.filter((text) => text.canvas === canvas);
  const row = ours.find(({ text }) => text.startsWith('A'))?.y;
  return ours.filter(({ y }) => y === row).map(({ text, left, right }) => ({ text, left, right }))
    .sort((a, b) => a.left - b.left);
})()`;

function overlapping(texts: readonly Written[]): Written[] {
  return texts.filter(({ left }, i) => i > 0 && left < texts[i - 1]!.right);
}

/** A run with eight events at three moments, the last at its end. */
function eventful(): string {
  const message = 'what happened';
  const events = [9900, 10_000, 21_400, 21_400, 21_500, 21_600, 39_900, 40_000].map(
    (atMs) => ({ atMs, kind: 'warning', message }) as const,
  );
  return renderHtml(buildReport(sampleRun({ totals: sampleTotals(), events }), '0.1.0'));
}

describe.runIf(chromium)('the page of a report in Chromium', () => {
  const folder = new ReportFolder();
  let browser: Browser;

  /** Where a page is, once it is a file. */
  const fileOf = (page: string): string => {
    const file = join(folder.path, 'report.html');
    writeFileSync(file, page);
    return pathToFileURL(file).href;
  };

  beforeAll(async () => {
    browser = await Browser.start(chromium!);
    await browser.prepare(noteTexts);
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it.each([
    ['a run', eventful()],
    ['a run in which every name is an attack', renderHtml(hostileReport())],
  ])('of %s draws every chart, complains of nothing and asks for nothing', async (_, page) => {
    const url = fileOf(page);
    browser.requests.length = 0;
    await browser.open(url, { width: 1200 });
    const charts = `[...document.querySelectorAll('[data-chart]')].map((chart) => chart.querySelectorAll('canvas').length)`;
    const canvases = await browser.evaluate<number[]>(charts);
    expect(canvases.length).toBeGreaterThan(4);
    expect(canvases.every((count) => count === 1)).toBe(true);
    expect(await browser.evaluate(`document.querySelectorAll('img, main script').length`)).toBe(0);
    expect(browser.complaints).toEqual([]);
    expect(browser.requests).toEqual([url]);
  });

  it.each([
    ['a window', { width: 1200 }],
    ['a dark window', { width: 1200, dark: true }],
    ['a phone', { width: 390 }],
    ['paper', { width: 680, paper: true }],
  ])('on %s is no wider than that, and no mark stands in another', async (_, viewport) => {
    await browser.open(fileOf(eventful()), viewport);
    expect(await browser.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
    const texts = await browser.evaluate<Written[]>(aboveChart);
    expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(['AB', 'C–F', 'GH']));
    expect(overlapping(texts)).toEqual([]);
    expect(texts.at(-1)?.right).toBeLessThanOrEqual(viewport.width);
  });

  it('on a phone has first columns that can be read', async () => {
    await browser.open(fileOf(eventful()), { width: 390 });
    const widths = `[...document.querySelectorAll('tbody th[scope=row]')].map((cell) => cell.getBoundingClientRect().width)`;
    for (const width of await browser.evaluate<number[]>(widths)) expect(width).toBeGreaterThan(100);
  });
});
