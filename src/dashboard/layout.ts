import type { Surface } from './input.js';

/**
 * Where everything goes on a terminal of this size. Widths and heights of panels are those of their insides: a panel is 4 columns
 * wider (border and padding) and 2 lines higher.
 *
 * ```
 * header                          2
 * clients  │ per second           2 × rateLines + 2
 * latency  │ over time │ errors   distributionLines + 2
 * receives │ sends     │ packets  batchLines + 2
 * thresholds                      thresholdLines
 * generator, keys                 2
 * ```
 * `over time` and `packets` are there where the terminal is wide, and have the width 0 elsewhere.
 */
export interface Layout {
  readonly columns: number;
  /** Lines of a frame: one less than the terminal has, because a full one would scroll. */
  readonly lines: number;
  /** Too small for panels: plain lines instead. */
  readonly small: boolean;
  readonly clientsWidth: number;
  readonly ratesWidth: number;
  readonly rateChartWidth: number;
  readonly latencyWidth: number;
  readonly overTimeWidth: number;
  readonly errorsWidth: number;
  readonly receivesWidth: number;
  readonly sendsWidth: number;
  readonly packetsWidth: number;
  readonly rateLines: number;
  readonly distributionLines: number;
  readonly batchLines: number;
  readonly thresholdLines: number;
}

const border = 4;
/** What the sketch above takes with one line a rate, 3 for the latency, 5 for the batches and no threshold. */
const leastLines = 20;
/** What the plain lines take instead. */
const smallLines = 10;
const leastColumns = 80;
const wideColumns = 120;
/** Name, packets and bytes of a rate, before its chart. */
export const rateTextWidth = 32;

export function layoutOf(surface: Surface, thresholds: number): Layout {
  const lines = Math.max(1, surface.rows - 1);
  const small = surface.columns < leastColumns || lines < leastLines;
  return {
    ...widths(surface.columns),
    ...heights(lines - (small ? smallLines : leastLines), thresholds),
    columns: surface.columns,
    lines,
    small,
  };
}

function widths(columns: number) {
  const wide = columns >= wideColumns;
  const clients = wide ? 34 : 30;
  const latency = wide ? Math.round(columns * 0.4) : 50;
  const overTime = wide ? Math.round(columns * 0.3) : 0;
  const receives = wide ? Math.max(40, Math.round(columns * 0.28)) : Math.floor(columns / 2);
  const sends = wide ? receives : columns - receives;
  return {
    clientsWidth: clients - border,
    ratesWidth: columns - clients - border,
    rateChartWidth: Math.max(0, columns - clients - border - rateTextWidth),
    latencyWidth: latency - border,
    overTimeWidth: Math.max(0, overTime - border),
    errorsWidth: columns - latency - overTime - border,
    receivesWidth: receives - border,
    sendsWidth: sends - border,
    packetsWidth: Math.max(0, columns - receives - sends - border),
  };
}

/** Deals the lines beyond the least to who gains most by them, each up to a size beyond which it only grows taller. */
function heights(beyondLeast: number, thresholds: number) {
  let spare = Math.max(0, beyondLeast);
  const take = (most: number): number => {
    const taken = Math.min(most, spare);
    spare -= taken;
    return taken;
  };
  const thresholdLines = take(thresholds);
  const histogram = take(5);
  const rates = Math.floor(take(Math.min(8, spare - (spare % 2))) / 2);
  const batches = take(4);
  return {
    thresholdLines,
    rateLines: 1 + rates,
    distributionLines: 3 + histogram + take(10),
    batchLines: 5 + batches,
  };
}
