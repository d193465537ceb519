import type { Recorder } from '../metrics/recorder.js';
import type { BotCounter, BotMetrics, BotTrend } from './seat.js';

/** The metrics that the bots of one kind name: series of `bot_counter`, `bot_time` and `bot_trend`, so that no name of theirs meets one of ours. */
export class OwnMetrics implements BotMetrics {
  readonly #recorder: Recorder;
  readonly #client: string;
  readonly #counters = new Map<string, BotCounter>();
  readonly #trends = { ms: new Map<string, BotTrend>(), count: new Map<string, BotTrend>() };

  constructor(recorder: Recorder, client: string) {
    this.#recorder = recorder;
    this.#client = client;
  }

  counter(name: string): BotCounter {
    const known = this.#counters.get(name);
    if (known !== undefined) return known;
    const series = this.#recorder.counter('bot_counter', { name, client: this.#client });
    const counter: BotCounter = {
      add(amount = 1) {
        if (!Number.isSafeInteger(amount) || amount < 0) {
          throw new RangeError(`the counter ${name} takes whole numbers of at least 0, not ${amount}`);
        }
        series.add(amount);
      },
    };
    this.#counters.set(name, counter);
    return counter;
  }

  trend(name: string, unit: 'ms' | 'count'): BotTrend {
    const trends = this.#trends[unit];
    if (trends === undefined) throw new RangeError(`the trend ${name} is of ms or count, not ${String(unit)}`);
    const known = trends.get(name);
    if (known !== undefined) return known;
    const series = this.#recorder.trend(unit === 'ms' ? 'bot_time' : 'bot_trend', { name, client: this.#client });
    const scale = unit === 'ms' ? 1000 : 1;
    const trend: BotTrend = {
      record(value) {
        if (!Number.isFinite(value) || value < 0) {
          throw new RangeError(`the trend ${name} takes numbers of at least 0, not ${value}`);
        }
        series.record(value * scale);
      },
    };
    trends.set(name, trend);
    return trend;
  }
}
