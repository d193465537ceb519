/** What `browser/charts.js` draws: plain data, every number already worked out. */
export interface ChartData {
  readonly charts: Readonly<Record<string, Chart>>;
  /** Parts of the run that are not measured, in seconds. */
  readonly shades: readonly { readonly fromS: number; readonly toS: number; readonly label: string }[];
  /** Where a stage of the load ends and the next begins. */
  readonly stagesS: readonly number[];
  /** What happened once, under the letter that it has in the list of events. */
  readonly marks: readonly { readonly atS: number; readonly letter: string }[];
}

/**
 * - `time`: over the seconds of the run.
 * - `percentiles`: over log10(1 ÷ (1 − q)): 0 is the least, 1 is p90, 2 is p99.
 * - `heat`: how many values fell into which cell of time and value.
 */
export interface Chart {
  readonly kind: 'time' | 'percentiles' | 'heat';
  readonly unit: string;
  /** The values' axis is logarithmic. */
  readonly log: boolean;
  /** The horizontal values, then those of each series. */
  readonly columns: readonly (readonly (number | null)[])[];
  readonly series: readonly ChartSeries[];
  readonly heat?: Heat;
}

export interface ChartSeries {
  readonly label: string;
  /** A colour of the stylesheet, `--blue`. */
  readonly color: string;
  readonly dashed?: boolean;
  readonly filled?: boolean;
}

export interface Heat {
  /** Borders of the rows, ascending: one more than there are rows. */
  readonly bounds: readonly number[];
  /** The width of each column in seconds; `columns[0]` has their middles. */
  readonly widthsS: readonly number[];
  /** Column, row, count; empty cells are left out. */
  readonly cells: readonly (readonly [number, number, number])[];
}
