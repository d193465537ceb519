import { describe, expect, it } from 'vitest';
import {
  type Answers,
  answering,
  atOnce,
  dropsOneInAHundred,
  lateOneInTen,
  outOfOrder,
  shuffledDeck,
  twice,
} from '../../bench/proof/scripts.js';
import type { Totals } from '../../src/metrics/totals.js';
import type { Expectation } from '../../src/scenario/plan.js';
import { answer, ask, expression, kind, number, paced, planOf } from '../support/plans.js';
import { percentileOf, playAgainst, turnMs } from './play.js';

/** There and back. */
const wayMs = 2 * turnMs;

/** Ten seconds of `clients` clients that each send once per interval, and what the server recorded. */
function play(answers: Answers, clients: number, intervalMs: number, expectation: Partial<Expectation> = {}) {
  const send = ask(expression('send.index'), answer({ timeoutMs: 400, onTimeout: 'continue', ...expectation }));
  const plan = planOf([kind({ every: [paced(intervalMs, send)] })], { maxClients: clients, pacing: 'precise' });
  return playAgainst(plan, (clock) => answering(clock, answers));
}

const byNumber = { where: [{ field: 'n', value: expression('send.index') }], fields: ['n'] } as const;

function counts(totals: Totals) {
  const count = (metric: 'packets_sent' | 'packets_received' | 'timeouts' | 'late_replies' | 'uncertain_matches') =>
    totals.counter(metric, {}, 'wholeRun');
  return {
    sent: count('packets_sent'),
    received: count('packets_received'),
    timeouts: count('timeouts'),
    late: count('late_replies'),
    uncertain: count('uncertain_matches'),
    errors: totals.rate('errors').hits,
  };
}

const service = (totals: Totals) => totals.trend('service_time', { arrival: 'open' })!;
const response = (totals: Totals) => totals.trend('response_time', { arrival: 'open' })!;

describe('known delays, dealt from a shuffled deck', () => {
  it('come out as the server recorded them, to the precision of a histogram', async () => {
    const { totals, script } = await play(shuffledDeck(1), 80, 400);
    expect(script.delaysMs).toHaveLength(2000);
    for (const percentile of [1, 10, 50, 65, 75, 90, 96, 99, 99.9]) {
      const trueMs = percentileOf(script.delaysMs, percentile) + wayMs;
      const precisionMs = trueMs / 1000 + 0.001;
      expect(Math.abs(service(totals).percentile(percentile).value - trueMs)).toBeLessThan(precisionMs);
      // A send may be a turn of the loop late, which the response time counts.
      expect(Math.abs(response(totals).percentile(percentile).value - trueMs)).toBeLessThan(precisionMs + 2 * turnMs);
    }
  });
});

describe('a server that drops one reply in a hundred', () => {
  it('costs as many timeouts, and the percentiles above are lower bounds', async () => {
    const { totals } = await play(dropsOneInAHundred, 20, 100, byNumber);
    expect(counts(totals)).toEqual({ sent: 2000, received: 1980, timeouts: 20, late: 0, uncertain: 0, errors: 20 });
    expect(response(totals)).toMatchObject({ count: 1980, unanswered: 20 });
    expect(response(totals).percentile(99)).toMatchObject({ atLeast: false });
    expect(response(totals).percentile(99).value).toBeLessThan(1);
    expect(response(totals).percentile(99.1)).toMatchObject({ atLeast: true });
    expect(response(totals).percentile(99.1).value).toBeCloseTo(400, 0);
  });

  it('leaves a client that matches in order uncertain of all that follow, and credits it with none of them', async () => {
    const { totals } = await play((i) => (i === 99 ? [] : [0]), 200, 1000);
    // That client sends ten: one is dropped, and each of nine replies is taken for the late one of the request before.
    expect(counts(totals)).toEqual({ sent: 2000, received: 1999, timeouts: 10, late: 9, uncertain: 9, errors: 10 });
  });
});

describe('a server that answers one request in ten after its timeout', () => {
  it('is not credited with those answers', async () => {
    const { totals } = await play(lateOneInTen, 200, 1000);
    expect(counts(totals)).toEqual({
      sent: 2000,
      received: 2000,
      timeouts: 200,
      late: 200,
      // The late reply itself: until it came, it could have been any that follows.
      uncertain: 200,
      errors: 200,
    });
    expect(response(totals)).toMatchObject({ count: 1800, unanswered: 200 });
    expect(response(totals).percentile(90)).toMatchObject({ atLeast: false });
    expect(response(totals).percentile(90.1)).toMatchObject({ atLeast: true });
    expect(response(totals).percentile(99).value).toBeCloseTo(400, 0);
  });
});

describe('the same server, where each reply says which request it answers', () => {
  it('leaves nothing uncertain', async () => {
    const { totals } = await play(lateOneInTen, 20, 100, byNumber);
    expect(counts(totals)).toEqual({ sent: 2000, received: 2000, timeouts: 200, late: 200, uncertain: 0, errors: 200 });
  });
});

describe('a server that answers a moment after the timeout', () => {
  it('is late each time, however seldom the clients look at the clock', async () => {
    const send = ask(number(1), answer({ timeoutMs: 40 }));
    const plan = planOf([kind({ every: [paced(100, send)] })], { maxClients: 100 });
    const { totals } = await playAgainst(plan, (clock) => answering(clock, () => [40.1]));
    const { sent, timeouts, late } = counts(totals);
    expect(sent).toBeGreaterThan(9900);
    expect({ timeouts, late }).toEqual({ timeouts: sent, late: sent });
    expect(response(totals).count).toBe(0);
  });
});

describe('a server that answers out of order', () => {
  it('is timed rightly where `where` tells the replies apart', async () => {
    const { totals, script } = await play(outOfOrder, 20, 100, byNumber);
    expect(counts(totals)).toEqual({ sent: 2000, received: 2000, timeouts: 0, late: 0, uncertain: 0, errors: 0 });
    expect(script.delaysMs.filter((delayMs) => delayMs > 100)).toHaveLength(500);
    expect(service(totals).countsBetween([40, 41, 280, 281])).toEqual([0, 1500, 0, 500, 0]);
  });
});

describe('a server that answers twice', () => {
  it('gains nothing by it', async () => {
    const once = await play(atOnce, 20, 100);
    const { totals } = await play(twice, 20, 100);
    expect(counts(totals)).toEqual({ sent: 2000, received: 4000, timeouts: 0, late: 0, uncertain: 0, errors: 0 });
    expect(service(totals).count).toBe(2000);
    expect(service(totals).encode()).toBe(service(once.totals).encode());
  });
});
