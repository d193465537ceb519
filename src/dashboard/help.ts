import { type Place, type Scroll, scrollOf } from './navigation.js';

export type HelpLine = readonly [term: string, sentence: string];

export interface HelpPage {
  readonly kind: 'help';
  readonly lines: readonly HelpLine[];
  readonly scroll: Scroll;
}

/** A term of at most 15 columns and a sentence of at most 60 each, so that 80 columns hold them. */
const keyLines: readonly HelpLine[] = [
  ['1 … 5, tab', 'overview, packets, latency, workers, log; the next page'],
  ['↑ ↓, page, end', 'scroll'],
  ['← →, r', 'sort packets by another column; the other way round'],
  ['q, Ctrl-C', 'stop: no more sends, replies are awaited. Again: at once'],
  ['s', 'stop, and never at once'],
  ['Ctrl-Z', 'to the shell, while the run goes on; `fg` comes back'],
  ['?', 'show this help, and hide it'],
];

const steeringLines: readonly HelpLine[] = [
  ['p', 'pause the sends, and go on'],
  ['+ −', 'send a quarter faster, a fifth slower'],
  ['c C', 'a tenth of the clients more, fewer'],
];

const wordLines: readonly HelpLine[] = [
  ['', ''],
  ['connected', 'clients connected now, of those that the plan wants by now'],
  ['failed', 'connects that failed'],
  ['lost', 'connections that ended without the plan wanting it'],
  ['per second', 'the latest full second; the curve shows those before it'],
  ['response time', 'from when a packet was due to its reply: lateness counts'],
  ['service time', 'from when it was sent; all that a closed loop can know'],
  ['broadcast time', 'from when it was due to each receiver’s copy'],
  ['over the run', 'a row for latencies up to its label; the darker, the more'],
  ['left out', 'what never came; the figures above the histogram have it'],
  ['≥', 'at least: the percentile falls among unanswered packets'],
  ['packets/receive', 'how many packets one read carried'],
  ['packets/send', 'how many packets one write carried'],
  ['generator', 'strained, saturated: its own slowness shows in the numbers'],
  ['contaminated', 'the share of values that may owe much to the generator'],
  ['late, loop delay', 'how late this machine was, at most'],
  ['send lag', 'how much later than due packets were sent; likewise'],
  ['clock', 'how far a worker’s clock is ahead; ± where nothing is sure'],
];

/** The keys that do something in this run, and what the words mean. */
export function helpPageOf(steerable: boolean, place: Place, pageLines: number): HelpPage {
  const all = [...keyLines, ...(steerable ? steeringLines : []), ...wordLines];
  const scroll = scrollOf(all.length, Math.max(0, pageLines - 2), place.tops.help);
  return { kind: 'help', lines: all.slice(scroll.top, scroll.top + scroll.page), scroll };
}
