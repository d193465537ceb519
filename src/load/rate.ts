/** From the target of the stage before (0 for the first) to `targetPerSec`, in a straight line over `durationMs`. */
export interface RateStage {
  readonly durationMs: number;
  readonly targetPerSec: number;
}

/** How often something is sent. `staged` keeps its last target when the stages are over. */
export type Rate =
  | { readonly kind: 'constant'; readonly intervalMs: number }
  | { readonly kind: 'staged'; readonly stages: readonly RateStage[] };

/** The cumulative rate L(t) = ∫ rate, from its start at 0; times in microseconds. */
export interface RateCurve {
  /** L: how many sends the rate comes to until `us`, fractions included; 0 before the start. */
  sendsUntil(us: number): number;
  /** The infimum of the times at which L(t) > `sends`; infinite where it never is. So exactly ⌈L(T)⌉ whole numbers from 0 lie before T. */
  passesAtUs(sends: number): number;
}

export function rateCurve(rate: Rate): RateCurve {
  if (rate.kind === 'staged') return new StagedCurve(rate.stages);
  const intervalUs = rate.intervalMs * 1000;
  return {
    sendsUntil: (us) => Math.max(0, us / intervalUs),
    passesAtUs: (sends) => sends * intervalUs,
  };
}

/** A stretch of the curve on which the rate goes from `fromPerUs` to `toPerUs` in a straight line: L is a parabola there. */
interface Leg {
  readonly startUs: number;
  readonly durationUs: number;
  readonly fromPerUs: number;
  readonly toPerUs: number;
  /** L at its start, and at its end. */
  readonly startSends: number;
  readonly endSends: number;
}

class StagedCurve implements RateCurve {
  readonly #legs: readonly Leg[];

  constructor(stages: readonly RateStage[]) {
    this.#legs = legsOf(stages);
  }

  sendsUntil(us: number): number {
    const leg = this.#legs.findLast(({ startUs }) => startUs <= us);
    if (leg === undefined) return 0;
    const t = us - leg.startUs;
    return leg.startSends + leg.fromPerUs * t + (slope(leg) * t * t) / 2;
  }

  passesAtUs(sends: number): number {
    const leg = this.#legs.find(({ endSends }) => endSends > sends);
    if (leg === undefined) return Number.POSITIVE_INFINITY;
    const rest = Math.max(0, sends - leg.startSends);
    // The root of fromPerUs · t + slope · t² / 2 = rest, in the form that cancels no digits and holds for a slope of 0.
    const root = Math.sqrt(Math.max(0, leg.fromPerUs ** 2 + 2 * slope(leg) * rest));
    const sum = leg.fromPerUs + root;
    return sum === 0 ? leg.startUs : leg.startUs + Math.min(leg.durationUs, (2 * rest) / sum);
  }
}

/** 0 of the leg that never ends: its rate does not change. */
function slope({ fromPerUs, toPerUs, durationUs }: Leg): number {
  return (toPerUs - fromPerUs) / durationUs;
}

/** The stages that last, and the last target from then on. */
function legsOf(stages: readonly RateStage[]): readonly Leg[] {
  const legs: Leg[] = [];
  let fromPerUs = 0;
  let startUs = 0;
  let startSends = 0;
  for (const { durationMs, targetPerSec } of stages) {
    const toPerUs = targetPerSec / 1e6;
    const durationUs = durationMs * 1000;
    const endSends = startSends + ((fromPerUs + toPerUs) / 2) * durationUs;
    if (durationUs > 0) legs.push({ startUs, durationUs, fromPerUs, toPerUs, startSends, endSends });
    fromPerUs = toPerUs;
    startUs += durationUs;
    startSends = endSends;
  }
  const endSends = fromPerUs > 0 ? Number.POSITIVE_INFINITY : startSends;
  legs.push({ startUs, durationUs: Number.POSITIVE_INFINITY, fromPerUs, toPerUs: fromPerUs, startSends, endSends });
  return legs;
}
