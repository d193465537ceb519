import type { DashboardInput, SampleFacts, Surface } from '../../src/dashboard/input.js';
import type { Place } from '../../src/dashboard/navigation.js';
import { pageNames } from '../../src/dashboard/pages.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { Totals } from '../../src/metrics/totals.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { samplePlan, sampleThresholds, sampleTotals } from '../report/sample-run.js';

/** Reading totals changes nothing: one is enough for all. */
const totals = sampleTotals();

/** The words of what `sampleTotals` counts. */
export const sampleFacts: readonly SampleFacts[] = [
  sampleOf('connect_failures ECONNREFUSED', 12, 'connect ECONNREFUSED 127.0.0.1:7777'),
  sampleOf('disconnects reset', 3, 'read ECONNRESET'),
  sampleOf('timeouts', 1, 'clients.talker.every[0]: no reply within 2000 ms'),
];

export function sampleOf(kind: string, count: number, lastMessage: string, firstMs = 20_400): SampleFacts {
  return { kind, count, firstMs, lastMs: firstMs + 1000 * (count - 1), lastMessage };
}

export function sampleInput(parts: Partial<DashboardInput> = {}): DashboardInput {
  return {
    title: 'Chat room',
    target: '127.0.0.1:7777',
    status: 'running',
    stages: samplePlan.load.stages,
    planMs: 42_300,
    warmupMs: 10_000,
    workers: [0, 1].map((index) => ({
      index,
      pid: 4001 + index,
      lost: false,
      clock: { atStart: { offsetUs: 3 + 900 * index, errorUs: 41 } },
    })),
    events: [],
    samples: sampleFacts,
    totals,
    thresholds: sampleThresholds,
    ...parts,
  };
}

export function sampleSurface(columns: number, rows: number, parts: Partial<Surface> = {}): Surface {
  return { columns, rows, color: false, unicode: true, keys: true, ...parts };
}

/** Every page, and the help. */
export const samplePlaces: readonly Partial<Place>[] = [...pageNames.map((page) => ({ page })), { help: true }];

/** Ten seconds of bots that count and measure under names of their own. */
export function botTotals(): Totals {
  const recorder = new Recorder({ worker: 0 });
  const builder = new TotalsBuilder();
  const client = 'trader';
  recorder.phase = 1;
  for (let second = 0; second < 10; second++) {
    recorder.counter('packets_sent', { client, packet: 'C_Trade' }).add(20);
    recorder.counter('bot_counter', { client, name: 'gold earned' }).add(150);
    for (let i = 1; i <= 20; i++) {
      recorder.trend('bot_time', { client, name: 'login to first trade' }).record(1000 * i);
      recorder.trend('bot_trend', { client, name: 'offers seen' }).record(i);
    }
    builder.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, totals.workers[0]!));
  }
  return builder;
}

/** Names and words as long, as wide and as ill-meaning as they come. */
export function hostileInput(): DashboardInput {
  const words = [
    '\u001b[2J\u001b]0;title\u0007\u001b[31mred',
    'line\nbreak\r\ttab\u0000\u009b1A',
    '\u202etfel ot thgir\u200b\u200d\ufeff',
    '채팅방 漢字 かな '.repeat(12),
    '👩‍👩‍👧‍👦 🎮 🇰🇷 ❤️ '.repeat(12),
    `${'x'.repeat(400)}\ud800`,
  ];
  const recorder = new Recorder({ worker: 0 });
  const builder = new TotalsBuilder();
  const client = words[0]!;
  recorder.phase = 1;
  for (const [index, packet] of words.entries()) {
    recorder.counter('packets_received', { client, packet }).add(index + 1);
    recorder.counter('connect_failures', { client, code: packet }).add(index + 1);
    recorder.counter('bot_counter', { client, name: packet }).add(1);
  }
  builder.add(recorder.snapshot(0, 1e6, totals.workers[0]!));
  return sampleInput({
    title: words.join(''),
    target: words.join(''),
    totals: builder,
    events: words.map((message, index) => ({ atMs: index, kind: 'warning', message })),
    samples: words.flatMap((word) => [sampleOf(`connect_failures ${word}`, 3, word), sampleOf(`log ${word}`, 1, word)]),
  });
}

/** More packets than a screen has lines: 40 that clients send, each larger and slower than the one before, and one that they get. */
export function manyPackets(): Totals {
  const recorder = new Recorder({ worker: 0 });
  const builder = new TotalsBuilder();
  const client = 'mover';
  recorder.phase = 1;
  for (let second = 0; second < 3; second++) {
    for (let i = 0; i < 40; i++) {
      const packet = `C_Move${String(i).padStart(2, '0')}`;
      recorder.counter('packets_sent', { client, packet }).add(10 + i);
      recorder.counter('packet_data_sent', { client, packet }).add((10 + i) * 24);
      recorder
        .trend('response_time', { client, packet, step: `mover.every[${i}]`, arrival: 'open' })
        .record(1000 + 500 * i);
    }
    recorder.counter('packets_received', { client, packet: 'S_World' }).add(1_200_000);
    recorder.counter('packet_data_received', { client, packet: 'S_World' }).add(1_200_000 * 62);
    builder.add(recorder.snapshot(second * 1e6, (second + 1) * 1e6, totals.workers[0]!));
  }
  recorder.counter('timeouts', { client, packet: 'C_Move07', step: 'mover.every[7]' }).add(3);
  builder.add(recorder.snapshot(3e6, 4e6, totals.workers[0]!));
  return builder;
}
