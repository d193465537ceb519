import type { RandomStream } from '../../../src/load/random.js';

/** Whether the network only delays, splits and stalls, or breaks connections as well. */
export type Climate = 'calm' | 'rough';

/** What the network does to one connection. */
export interface Weather {
  /** What becomes of the connect. */
  readonly connect: 'accepted' | 'refused' | 'unanswered';
  /** How long bytes take, and how seldom they take `stallUs` more. */
  readonly delayUs: number;
  readonly jitterUs: number;
  readonly stallChance: number;
  readonly stallUs: number;
  /** For so many bytes each way the following three hold: what is cut so small takes long to play. */
  readonly fineBytes: number;
  /** So many bytes at most are written and not read. */
  readonly windowBytes: number;
  /** So many bytes at most travel in one piece, and are read at once. */
  readonly segmentBytes: number;
  readonly readBytes: number;
  /** How often a write is taken over in part though there is room for all of it. */
  readonly partialChance: number;
  /** After so many bytes, of both directions, it breaks: both sides hear of a reset, or nobody hears anything any more. */
  readonly fate: { readonly kind: 'reset' | 'cut'; readonly afterBytes: number } | null;
}

/** One of the values, as likely as each other. */
export function oneOf<const T>(random: RandomStream, values: readonly T[]): T {
  return values[random.int(0, values.length - 1)]!;
}

export function drawWeather(random: RandomStream, climate: Climate): Weather {
  const rough = climate === 'rough';
  return {
    connect: rough && random.next() < 0.15 ? oneOf(random, ['refused', 'unanswered']) : 'accepted',
    delayUs: oneOf(random, [10, 100, 1000, 20_000]),
    jitterUs: oneOf(random, [1, 50, 5000]),
    stallChance: oneOf(random, [0, 0, 0.02]),
    stallUs: random.int(1000, rough ? 1_500_000 : 200_000),
    fineBytes: oneOf(random, [200, 200, 4000]),
    windowBytes: oneOf(random, [65_536, 65_536, 4096, 300, rough ? 1 : 64]),
    segmentBytes: oneOf(random, [65_536, 1460, 200, 7]),
    readBytes: oneOf(random, [65_536, 65_536, 1000, 3]),
    partialChance: oneOf(random, [0, 0.2, 0.9]),
    fate:
      rough && random.next() < 0.3
        ? {
            kind: oneOf(random, ['reset', 'reset', 'cut']),
            afterBytes: oneOf(random, [0, random.int(1, 200), random.int(1, 20_000)]),
          }
        : null,
  };
}
