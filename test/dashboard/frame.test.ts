import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderFrame } from '../../src/dashboard/frame.js';
import type { DashboardInput, Surface } from '../../src/dashboard/input.js';
import { viewOf } from '../../src/dashboard/view.js';
import { TotalsBuilder } from '../../src/metrics/totals.js';
import { columnsOf } from '../../src/report/table.js';
import { closedLoopTotals, sampleThreshold, sampleThresholds } from '../report/sample-run.js';
import { sampleInput, sampleSurface } from './sample-input.js';

function frameOf(input: DashboardInput, surface: Surface, help = false): string {
  return renderFrame(viewOf(input, surface), surface, help);
}

describe('a frame', () => {
  it.each([
    [80, 24],
    [120, 40],
    [200, 50],
    [60, 15],
  ])('on %i × %i looks as it did', async (columns, rows) => {
    const frame = frameOf(sampleInput(), sampleSurface(columns, rows));
    await expect(`${frame}\n`).toMatchFileSnapshot(`golden/${columns}x${rows}.txt`);
  });

  it('shows the help in place of the panels', async () => {
    const frame = frameOf(sampleInput(), sampleSurface(80, 24), true);
    await expect(`${frame}\n`).toMatchFileSnapshot('golden/help-80x24.txt');
  });

  it('is drawn in ASCII where the locale is not UTF-8', async () => {
    const frame = frameOf(sampleInput({ title: '채팅방' }), sampleSurface(80, 24, { unicode: false }));
    await expect(`${frame}\n`).toMatchFileSnapshot('golden/ascii-80x24.txt');
  });

  it('before the first snapshot says that there is nothing yet', async () => {
    const input = sampleInput({ status: 'starting', planMs: 0, totals: new TotalsBuilder(), thresholds: [] });
    await expect(`${frameOf(input, sampleSurface(80, 24))}\n`).toMatchFileSnapshot('golden/empty-80x24.txt');
  });

  it('shows closed-loop service time with the rate it reached', () => {
    const frame = frameOf(sampleInput({ totals: closedLoopTotals() }), sampleSurface(80, 24));
    expect(frame).toMatch(/╭ service time, closed loop ─+ 50\/s ╮/);
  });

  it('has no control characters where colour is not wanted', () => {
    expect(frameOf(sampleInput(), sampleSurface(80, 24))).not.toContain('\u001b');
  });

  it('never is wider than the terminal, and always lower', () => {
    const title = fc.constantFrom('Chat room', '채팅방 '.repeat(30), 'x'.repeat(300), '');
    const size = fc.record({ columns: fc.integer({ min: 40, max: 220 }), rows: fc.integer({ min: 4, max: 60 }) });
    const failing = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(title, size, failing, fc.boolean(), (text, { columns, rows }, count, help) => {
        const thresholds = Array.from({ length: count }, (_, i) => ({
          ...sampleThresholds[i % 2]!,
          threshold: sampleThreshold(`p(95)<${i}`, 'response_time'),
        }));
        const input = sampleInput({ title: text, message: text, thresholds });
        const lines = frameOf(input, sampleSurface(columns, rows), help).split('\n');
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('closes every box on the right, at every width', () => {
    for (const columns of [80, 81, 99, 119, 120, 121, 150, 200]) {
      const lines = frameOf(sampleInput(), sampleSurface(columns, 40)).split('\n');
      const boxed = lines.filter((line) => /^[╭│╰]/.test(line));
      expect(boxed.length).toBeGreaterThan(15);
      for (const line of boxed) {
        expect(line).toHaveLength(columns);
        expect(line).toMatch(/[╮│╯]$/);
      }
    }
  });
});
