import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderFrame } from '../../src/dashboard/frame.js';
import type { DashboardInput, Surface } from '../../src/dashboard/input.js';
import { firstPlace, type Place } from '../../src/dashboard/navigation.js';
import { pageNames } from '../../src/dashboard/pages.js';
import { viewOf } from '../../src/dashboard/view.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { closedLoopTotals, idleState, sampleThreshold, sampleThresholds } from '../report/sample-run.js';
import {
  botTotals,
  hostileInput,
  manyPackets,
  sampleFacts,
  sampleInput,
  sampleOf,
  samplePlaces,
  sampleSurface,
} from './sample-input.js';

function frameOf(input: DashboardInput, surface: Surface, place: Partial<Place> = {}): string {
  return renderFrame(viewOf(input, surface, { ...firstPlace, ...place }), surface);
}

const eventful = sampleInput({
  events: [
    { atMs: 0, kind: 'warning', message: 'the server’s backlog of 128 is less than the 200 connects of a second' },
    { atMs: 21_400, kind: 'workerLost', message: 'worker 1 (pid 4002) was lost with its 500 clients' },
  ],
});

describe('a frame', () => {
  describe.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ])('on %i × %i', (columns, rows) => {
    it.each(pageNames)('shows the page %s as it did', async (page) => {
      const input = {
        ...(page === 'log' ? eventful : sampleInput()),
        ...(page === 'packets' && { totals: manyPackets() }),
      };
      const frame = frameOf(input, sampleSurface(columns, rows), { page });
      await expect(`${frame}\n`).toMatchFileSnapshot(`golden/${page}-${columns}x${rows}.txt`);
    });
  });

  it('is made of plain lines where the terminal is too small for panels', async () => {
    await expect(`${frameOf(sampleInput(), sampleSurface(60, 15))}\n`).toMatchFileSnapshot('golden/60x15.txt');
  });

  it('keeps the latest failure, its kind and its time on the smallest first page, where others give way', async () => {
    const samples = [...sampleFacts, sampleOf('disconnects reset', 1, 'read ECONNRESET', 41_000)];
    const frame = frameOf({ ...eventful, samples }, sampleSurface(80, 24));
    await expect(`${frame}\n`).toMatchFileSnapshot('golden/errors-80x24.txt');
  });

  it('has what was found of each threshold, and shortens selectors and names in their middle', () => {
    const tags = { client: 'someone', packet: 'C_PlayerMoveStart', step: 'someone.every[0]' };
    const thresholds = [
      { ...sampleThresholds[0]!, threshold: sampleThreshold('p(95)<300', 'response_time', { tags }) },
    ];
    for (const columns of [60, 80, 120]) {
      expect(frameOf(sampleInput({ thresholds }), sampleSurface(columns, 24))).toMatch(
        /thresholds ✓ response_.*<300 {2}p\(95\) is 237\.6 ms/,
      );
    }
    const totals = new TotalsBuilder();
    const recorder = new Recorder({ worker: 0 });
    for (const packet of ['PING-PlayerMoveStart', 'PING-PlayerMoveStop']) {
      recorder.counter('packets_sent', { client: 'pinger', packet }).add(1);
    }
    totals.add(recorder.snapshot(0, 1_000_000, idleState));
    const packets = frameOf(sampleInput({ totals }), sampleSurface(80, 24), { page: 'packets' });
    expect(packets).toContain('PING-Pl…oveStop');
    expect(packets).toContain('PING-Pl…veStart');
  });

  it('says which page has no room, and breaks the help where it is narrow', () => {
    expect(frameOf(sampleInput(), sampleSurface(30, 6), { help: true })).toContain('no room for help here');
    const help = frameOf(sampleInput(), sampleSurface(60, 15), { help: true });
    expect(help).toMatch(/1–5, tab +overview, packets, latency, workers, +│\n│ +log; the next page/);
  });

  it('has more of the map than one row on a low page', () => {
    expect(frameOf(sampleInput(), sampleSurface(60, 15), { page: 'latency' })).toMatch(/1000 ms .*\n.* 100 ms /);
  });

  it('shows the help in place of a page', async () => {
    const frame = frameOf(sampleInput(), sampleSurface(80, 24), { help: true });
    await expect(`${frame}\n`).toMatchFileSnapshot('golden/help-80x24.txt');
  });

  it.each(pageNames)('draws the page %s in ASCII where the locale is not UTF-8', async (page) => {
    const input = sampleInput({ title: '채팅방 🎮' });
    const frame = frameOf(input, sampleSurface(80, 24, { unicode: false }), { page });
    expect(frame).toMatch(/^[\x20-\x7e\n]*$/);
    for (const line of frame.split('\n').filter((text) => /^[+|]/.test(text))) expect(line).toHaveLength(80);
    await expect(`${frame}\n`).toMatchFileSnapshot(`golden/ascii-${page}-80x24.txt`);
  });

  it('before the first snapshot says that there is nothing yet', async () => {
    const nothing = {
      status: 'starting',
      planMs: 0,
      totals: new TotalsBuilder(),
      thresholds: [],
      samples: [],
    } as const;
    const input = sampleInput({ ...nothing, workers: [] });
    await expect(`${frameOf(input, sampleSurface(80, 24))}\n`).toMatchFileSnapshot('golden/empty-80x24.txt');
    for (const page of pageNames) expect(frameOf(input, sampleSurface(80, 24), { page })).toContain(page);
  });

  it('shows closed-loop service time with the rate it reached', () => {
    const frame = frameOf(sampleInput({ totals: closedLoopTotals() }), sampleSurface(80, 24));
    expect(frame).toMatch(/╭ service time, closed loop ─+ 50\/s ╮/);
  });

  it('shows what bots measure, beside the packets and on a large first page', async () => {
    const input = sampleInput({ totals: botTotals() });
    const packets = frameOf(input, sampleSurface(80, 24), { page: 'packets' });
    await expect(`${packets}\n`).toMatchFileSnapshot('golden/bots-80x24.txt');
    expect(frameOf(input, sampleSurface(120, 40))).toMatch(/│ gold earned .*count 1,500 +now 150\/s │/);
  });

  it('says what was changed by hand, and names the keys for it', () => {
    const steering = { paused: true, rateFactor: 1.25, clientsBy: -100 };
    const frame = frameOf(sampleInput({ steering }), sampleSurface(120, 40));
    expect(frame).toContain('paused by hand  rate × 1.25  clients −100');
    expect(frame).toContain('connected  1,000 / 900');
    expect(frame).toContain('q stop  ? help  p go on  +− rate');
    expect(frameOf(sampleInput(), sampleSurface(120, 40))).not.toContain(' p ');
    expect(frameOf(sampleInput({ steering }), sampleSurface(80, 40), { help: true })).toContain(
      'a tenth of the clients',
    );
  });

  it('has no control characters where colour is not wanted', () => {
    for (const place of samplePlaces) {
      expect(frameOf(sampleInput(), sampleSurface(80, 24), place)).not.toContain('\u001b');
    }
  });

  it('has the words of failures, not what they would do to the terminal', () => {
    for (const place of samplePlaces) {
      for (const [columns, rows] of [
        [80, 24],
        [200, 50],
      ] as const) {
        const lines = frameOf(hostileInput(), sampleSurface(columns, rows), place).split('\n');
        expect(lines).toHaveLength(rows - 1);
        for (const line of lines) {
          expect(line).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}/u);
          expect(stringWidth(line)).toBeLessThanOrEqual(columns);
          if (/^[╭│╰]/.test(line)) expect(stringWidth(line)).toBe(columns);
        }
      }
    }
  });

  it('never is wider than the terminal, and always lower', () => {
    const title = fc.constantFrom('Chat room', '채팅방 '.repeat(30), 'x'.repeat(300), '');
    const size = fc.record({ columns: fc.integer({ min: 20, max: 220 }), rows: fc.integer({ min: 4, max: 60 }) });
    const failing = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(title, size, failing, fc.constantFrom(...samplePlaces), (text, { columns, rows }, count, place) => {
        const thresholds = Array.from({ length: count }, (_, i) => ({
          ...sampleThresholds[i % 2]!,
          threshold: sampleThreshold(`p(95)<${i}`, 'response_time'),
        }));
        const events = text === '' ? [] : [{ atMs: 1000, kind: 'warning', message: text }];
        const steering = { paused: count > 3, rateFactor: 1 + count / 7, clientsBy: -count };
        const input = sampleInput({ title: text, events, thresholds, steering });
        const lines = frameOf(input, sampleSurface(columns, rows), place).split('\n');
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('closes every box on the right, at every width', () => {
    for (const columns of [80, 81, 99, 119, 120, 121, 150, 200]) {
      for (const place of samplePlaces) {
        const lines = frameOf(sampleInput(), sampleSurface(columns, 40), place).split('\n');
        const boxed = lines.filter((line) => /^[╭│╰]/.test(line));
        expect(boxed.length).toBeGreaterThan(15);
        for (const line of boxed) {
          expect(line).toHaveLength(columns);
          expect(line).toMatch(/[╮│╯]$/);
        }
      }
    }
  });
});
