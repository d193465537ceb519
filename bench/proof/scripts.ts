import type { Clock } from '../../src/core/index.js';
import { RandomStream } from '../../src/load/random.js';

/**
 * How a scripted server answers. The same scripts run against the virtual clock of `test/sim` and in a server process of
 * `npm run proof`: what is exact there has to be close here.
 */
export interface Script {
  /** A request came; `reply` sends its answer, as often as it is called. */
  onRequest(reply: () => void): void;
  /** For each answer, in the order in which they went out, how long the server had the request, in milliseconds. */
  readonly delaysMs: readonly number[];
}

/** The delays after which request `i`, counted from 0 over all connections, is answered: none, one or more, in milliseconds. */
export type Answers = (i: number) => readonly number[];

/** Answers each request after the delays that `answers` gives it. */
export function answering(clock: Clock, answers: Answers): Script {
  const delaysMs: number[] = [];
  let requests = 0;
  return {
    delaysMs,
    onRequest(reply) {
      const cameUs = clock.nowUs();
      const send = (): void => {
        delaysMs.push((clock.nowUs() - cameUs) / 1000);
        reply();
      };
      for (const delayMs of answers(requests++)) {
        if (delayMs === 0) send();
        else clock.setTimer(delayMs, send);
      }
    },
  };
}

export const atOnce: Answers = () => [0];
export const dropsOneInAHundred: Answers = (i) => (i % 100 === 99 ? [] : [0]);
/** One in ten is answered, but only after 600 ms. */
export const lateOneInTen: Answers = (i) => [i % 10 === 9 ? 600 : 0];
/** Every fourth takes so long that others of the same connection, sent later, are answered before it. */
export const outOfOrder: Answers = (i) => [i % 4 === 3 ? 280 : 40];
export const twice: Answers = () => [0, 0];

/** 1,000 delays in three humps, well apart: 70 % within 20 to 30 ms, 25 % within 60 to 100 ms, 5 % within 200 to 300 ms. */
const cards = Array.from({ length: 1000 }, (_, i) => {
  if (i < 700) return 20 + (10 * i) / 700;
  return i < 950 ? 60 + (40 * (i - 700)) / 250 : 200 + (100 * (i - 950)) / 50;
});

/** Deals the cards in a random order, each once, then shuffles them anew. */
export function shuffledDeck(seed: number): Answers {
  const random = RandomStream.of(seed, 'deck');
  let deck: number[] = [];
  return () => {
    if (deck.length === 0) {
      deck = [...cards];
      for (let i = deck.length - 1; i > 0; i--) {
        const j = random.int(0, i);
        [deck[i], deck[j]] = [deck[j]!, deck[i]!];
      }
    }
    return [deck.pop()!];
  };
}

export interface QueueOptions {
  /** How long the server works on each request; one at a time, in order. */
  readonly serviceMs: number;
  /** It begins nothing in this span, counted from the first request. */
  readonly freeze: { readonly fromMs: number; readonly forMs: number };
}

/** A server with a queue, that stands still for a while: the requests wait, and are then answered in order. */
export function queueing(clock: Clock, { serviceMs, freeze }: QueueOptions): Script {
  const delaysMs: number[] = [];
  const waiting: { readonly cameUs: number; readonly doneUs: number; readonly reply: () => void }[] = [];
  let freezeUs: number | undefined;
  let freeUs = 0;
  let armed = false;
  const answer = (): void => {
    const nowUs = clock.nowUs();
    for (let first = waiting[0]; first !== undefined && first.doneUs <= nowUs; first = waiting[0]) {
      waiting.shift();
      delaysMs.push((nowUs - first.cameUs) / 1000);
      first.reply();
    }
    const [next] = waiting;
    if (next === undefined || armed) return;
    armed = true;
    clock.setTimer((next.doneUs - nowUs) / 1000, () => {
      armed = false;
      answer();
    });
  };
  return {
    delaysMs,
    onRequest(reply) {
      const cameUs = clock.nowUs();
      freezeUs ??= cameUs + freeze.fromMs * 1000;
      const thawUs = freezeUs + freeze.forMs * 1000;
      const startUs = Math.max(cameUs, freeUs);
      freeUs = (startUs >= freezeUs && startUs < thawUs ? thawUs : startUs) + serviceMs * 1000;
      waiting.push({ cameUs, doneUs: freeUs, reply });
      answer();
    },
  };
}
