import type { Surface } from './input.js';

/**
 * Where everything goes on a terminal of this size. Widths and heights of panels are those of their insides: a panel is 4 columns
 * wider (border and padding) and 2 lines higher.
 *
 * ```
 * header             2
 * page               pageLines
 * notice             0 or 1
 * generator, keys    2
 * ```
 */
export interface Layout {
  readonly columns: number;
  /** Lines of a frame: one less than the terminal has, because a full one would scroll. */
  readonly lines: number;
  readonly pageLines: number;
  /** Of a panel as wide as the terminal. */
  readonly pageWidth: number;
}

/**
 * The first page.
 *
 * ```
 * clients  │ per second           2 × rateLines + 2
 * latency  │ over time │ errors   distributionLines + 2
 * receives │ sends     │ packets  batchLines + 2
 * own metrics                     ownLines + 2, or nothing
 * thresholds                      thresholdLines
 * ```
 * `over time` and `packets` are there where the terminal is wide, and have the width 0 elsewhere.
 */
export interface OverviewLayout {
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
  readonly ownLines: number;
  readonly thresholdLines: number;
}

/** A panel's left and right, with padding. */
export const sides = 4;
/** A panel's top and bottom. */
export const border = 2;
const headerLines = 2;
const footerLines = 2;
/** What the overview takes with one line a rate, 3 for the latency, 5 for the batches and nothing below. */
const leastPageLines = 16;
/** What the plain lines take instead. */
const smallPageLines = 6;
const leastColumns = 80;
const wideColumns = 120;
/** Name, packets and bytes of a rate, before its chart. */
export const rateTextWidth = 32;

export function layoutOf(surface: Surface, notice: boolean): Layout {
  const lines = Math.max(1, surface.rows - 1);
  return {
    columns: surface.columns,
    lines,
    pageLines: Math.max(0, lines - headerLines - footerLines - (notice ? 1 : 0)),
    pageWidth: Math.max(1, surface.columns - sides),
  };
}

/** `thresholds`, `own`: how many of them there are to show. */
export function overviewLayoutOf(
  layout: Layout,
  { thresholds, own }: { readonly thresholds: number; readonly own: number },
): OverviewLayout {
  // One threshold, and which of them that is.
  const leastLines = leastPageLines + Math.min(2, thresholds);
  const small = layout.columns < leastColumns || layout.pageLines < leastLines;
  return {
    ...widths(layout.columns),
    ...heights(layout.pageLines - (small ? smallPageLines : leastPageLines), thresholds, small ? 0 : own),
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
    clientsWidth: clients - sides,
    ratesWidth: columns - clients - sides,
    rateChartWidth: Math.max(0, columns - clients - sides - rateTextWidth),
    latencyWidth: latency - sides,
    overTimeWidth: Math.max(0, overTime - sides),
    errorsWidth: columns - latency - overTime - sides,
    receivesWidth: receives - sides,
    sendsWidth: sends - sides,
    packetsWidth: Math.max(0, columns - receives - sends - sides),
  };
}

/** Deals the lines beyond the least to who gains most by them, each up to a size beyond which it only grows taller. */
function heights(beyondLeast: number, thresholds: number, own: number) {
  let spare = Math.max(0, beyondLeast);
  const take = (most: number): number => {
    const taken = Math.min(most, spare);
    spare -= taken;
    return taken;
  };
  const thresholdLines = take(thresholds);
  const ownLines = own > 0 && spare > border ? take(Math.min(own, 4) + border) - border : 0;
  const histogram = take(5);
  const rates = Math.floor(take(Math.min(8, spare - (spare % 2))) / 2);
  const batches = take(4);
  return {
    thresholdLines,
    ownLines,
    rateLines: 1 + rates,
    distributionLines: 3 + histogram + take(10),
    batchLines: 5 + batches,
  };
}
