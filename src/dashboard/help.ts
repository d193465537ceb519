import { type Place, type Scroll, scrollOf } from './navigation.js';
import { wrapped } from './printable.js';

type HelpEntry = readonly [term: string, sentence: string];

export interface HelpLine {
  /** Counts the lines of the whole help. */
  readonly number: number;
  /** Empty where the line above goes on. */
  readonly term: string;
  readonly sentence: string;
}

export interface HelpPage {
  readonly kind: 'help';
  readonly lines: readonly HelpLine[];
  readonly scroll: Scroll;
}

/** A term's column. */
export const helpTermWidth = 16;

/** A term of at most 15 columns and a sentence of at most 60 each, so that 80 columns hold them in a line. */
const keyLines: readonly HelpEntry[] = [
  ['1–5, tab', 'overview, packets, latency, workers, log; the next page'],
  ['↑ ↓, page, end', 'scroll; on the overview, the thresholds'],
  ['← →, r', 'sort packets by another column; the other way round'],
  ['q, Ctrl-C', 'stop: no more sends, replies are awaited. Again: at once'],
  ['s', 'stop, and never at once'],
  ['Ctrl-Z', 'to the shell, while the run goes on; `fg` comes back'],
  ['?', 'show this help, and hide it'],
];

const steeringLines: readonly HelpEntry[] = [
  ['p', 'pause the sends, and go on'],
  ['+ −', 'send a quarter faster, a fifth slower'],
  ['c C', 'a tenth of the clients more, fewer'],
];

const wordLines: readonly HelpEntry[] = [
  ['', ''],
  ['connected', 'clients connected now, of those that the plan wants by now'],
  ['failed', 'connects that failed, in the whole run'],
  ['lost', 'connections that ended unplanned, in the whole run'],
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
export function helpPageOf(steerable: boolean, place: Place, width: number, pageLines: number): HelpPage {
  const entries = [...keyLines, ...(steerable ? steeringLines : []), ...wordLines];
  const all = entries
    .flatMap(([term, sentence]) =>
      wrapped(sentence, width - helpTermWidth).map((line, index) => ({
        term: index === 0 ? term : '',
        sentence: line,
      })),
    )
    .map((line, number) => ({ ...line, number }));
  const scroll = scrollOf(all.length, Math.max(0, pageLines - 2), place.tops.help);
  return { kind: 'help', lines: all.slice(scroll.top, scroll.top + scroll.page), scroll };
}
