/** A time of the run, in milliseconds since its start. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The same times in order and apart: those that overlap or touch are one. */
export function unionOf(spans: readonly Span[]): Span[] {
  const union: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = union.at(-1);
    if (last === undefined || span.fromMs > last.toMs) union.push(span);
    else union.splice(-1, 1, { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) });
  }
  return union;
}

/** How long they are together; they do not overlap. */
export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

/** Cuts them into so many parts of one length, in order; a part may lie on both sides of a gap. */
export function partsOf(spans: readonly Span[], count: number): Span[][] {
  const length = lengthOf(spans);
  const border = (i: number) => (i * length) / count;
  return Array.from({ length: count }, (_, i) => between(spans, border(i), border(i + 1)));
}

/** What lies between two distances from the beginning, gaps not counted. */
function between(spans: readonly Span[], beginMs: number, endMs: number): Span[] {
  let beforeMs = 0;
  return spans.flatMap(({ fromMs, toMs }) => {
    const span = {
      fromMs: fromMs + Math.max(0, beginMs - beforeMs),
      toMs: Math.min(toMs, fromMs + endMs - beforeMs),
    };
    beforeMs += toMs - fromMs;
    return span.fromMs < span.toMs ? [span] : [];
  });
}
