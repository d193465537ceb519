/** How often: an interval in milliseconds, or a rate a second. */
export type Pace = number | { readonly rate: number };

/** A counter of a bot's own. */
export interface BotCounter {
  /** Adds 1, or a whole number of at least 0. */
  add(amount?: number): void;
}

/** Values of a bot's own. */
export interface BotTrend {
  /** One value of at least 0: milliseconds, kept to the microsecond; or a count, rounded to a whole number. */
  record(value: number): void;
}

export interface BotMetrics {
  counter(name: string): BotCounter;
  trend(name: string, unit: 'ms' | 'count'): BotTrend;
}

export interface BotRandom {
  /** A number from 0 to below 1. */
  double(): number;
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
}

/** What marks a broadcast, so that its copies are found again and timed. In a text it stands as itself: `hello ${stamp}`. */
export interface BotStamp {
  toString(): string;
  /**
   * For a field of 64 bits: microseconds since the run's start. A field of 32 bits has its last 32: `stamp.number >>> 0`, or
   * `stamp.number | 0` where it has a sign.
   */
  readonly number: number;
}

/** What is waited for, as a bot says it. */
export interface Wanted {
  readonly timeoutMs?: number | undefined;
  readonly where?: object | undefined;
}

/** Where a bot sits: all that it can do and know, as `Bot` offers it with the types of its packets. */
export interface Seat {
  readonly metric: BotMetrics;
  readonly random: BotRandom;
  readonly data: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly index: number;
  on(name: string, handler: (fields: object) => unknown): void;
  send(name: string, fields: object): boolean;
  broadcast(name: string, heardAs: string, make: (stamp: BotStamp) => object): boolean;
  request(name: string, fields: object, expect: string, wanted: Wanted): Promise<object>;
  expect(name: string, wanted: Wanted): Promise<object>;
  every(pace: Pace, act: () => unknown): () => void;
  sleep(ms: number): Promise<void>;
  disconnect(comeBack: boolean): void;
  check(name: string, ok: boolean): void;
  log(text: string): void;
}
