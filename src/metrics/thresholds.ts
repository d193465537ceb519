/** One threshold as the scenario gives it, parsed; see `parseThreshold`. */
export interface Threshold {
  readonly metric: string;
  /** Tag selectors: all must match. */
  readonly tags: Readonly<Record<string, string>>;
  /** The expression as written, `p(99)<100`. */
  readonly source: string;
  readonly aggregation: ThresholdAggregation;
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  readonly limit: number;
  readonly abortOnFail: boolean;
  /** How long after the start of measuring the first abort may come. */
  readonly delayAbortEvalMs: number;
}

export type ThresholdAggregation =
  | { readonly kind: 'count' | 'rate' | 'value' | 'avg' | 'min' | 'max' | 'med' }
  | { readonly kind: 'percentile'; readonly percentile: number };
