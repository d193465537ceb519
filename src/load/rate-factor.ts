import type { RateCurve } from './rate.js';

/** From `atUs`, in run time, sends come `factor` times as often as planned; 0: they are paused. */
export interface FactorChange {
  readonly atUs: number;
  readonly factor: number;
}

/** Time as a rate of one send a microsecond: what waits in it waits longer where it is scaled down. */
const time: RateCurve = { sendsUntil: (us) => us, passesAtUs: (sends) => sends };

/**
 * By how much the sends of a run are scaled, over time: 1 until the first change. Everything that follows it is a function of the
 * changes alone, so all workers have the same sends due, whenever they hear of a change.
 */
export class RateFactor {
  readonly #changes: FactorChange[] = [];
  readonly #time = this.scaled(time, () => 0);

  /** In order of time. */
  get changes(): readonly FactorChange[] {
    return this.#changes;
  }

  /** What is in force after the last change. */
  get latest(): number {
    return this.#changes.at(-1)?.factor ?? 1;
  }

  /** The factor at a run time. */
  at(runUs: number): number {
    return this.#changes.findLast(({ atUs }) => atUs <= runUs)?.factor ?? 1;
  }

  /** Changes come in order of time. */
  change(change: FactorChange): void {
    this.#changes.push(change);
  }

  /**
   * When somebody who begins to wait at `fromUs` for `waitUs` has waited long enough: half as long at twice the rate, and not at all
   * while sends are paused. Infinite while nobody knows.
   */
  waitedUs(fromUs: number, waitUs: number): number {
    if (this.#changes.length === 0) return fromUs + waitUs;
    return this.#time.passesAtUs(this.#time.sendsUntil(fromUs) + waitUs);
  }

  /** `curve` as it is scaled now and by changes to come; its time counts from `originUs` of run time, which may move. */
  scaled(curve: RateCurve, originUs: () => number): RateCurve {
    return new ScaledCurve(curve, this.#changes, originUs);
  }
}

/** A stretch with one factor. Times count from the curve's origin. */
interface Leg {
  readonly fromUs: number;
  readonly factor: number;
  /** The cumulative rate at its start, scaled and as planned. */
  readonly scaledSends: number;
  readonly plannedSends: number;
}

/** ∫ factor × rate: no send is lost or doubled at a change, and while the factor is 0 none is due. */
class ScaledCurve implements RateCurve {
  readonly #planned: RateCurve;
  readonly #changes: readonly FactorChange[];
  readonly #originUs: () => number;
  #legs: readonly Leg[] = [];
  /** What the legs were made from. */
  #legsOriginUs = 0;
  #legsChanges = 0;

  constructor(planned: RateCurve, changes: readonly FactorChange[], originUs: () => number) {
    this.#planned = planned;
    this.#changes = changes;
    this.#originUs = originUs;
  }

  sendsUntil(us: number): number {
    if (this.#changes.length === 0) return this.#planned.sendsUntil(us);
    const leg = this.#currentLegs().findLast(({ fromUs }) => fromUs <= us);
    if (leg === undefined) return 0;
    return leg.scaledSends + leg.factor * (this.#planned.sendsUntil(us) - leg.plannedSends);
  }

  passesAtUs(sends: number): number {
    if (this.#changes.length === 0) return this.#planned.passesAtUs(sends);
    const legs = this.#currentLegs();
    // Of legs without a send between them the last: it is the one that passes the number.
    const place = legs.findLastIndex(({ scaledSends }) => scaledSends <= sends);
    const leg = legs[place]!;
    if (leg.factor === 0) return Number.POSITIVE_INFINITY;
    const atUs = this.#planned.passesAtUs(leg.plannedSends + (sends - leg.scaledSends) / leg.factor);
    // Rounding must not carry a send over a change.
    return Math.min(legs[place + 1]?.fromUs ?? Number.POSITIVE_INFINITY, Math.max(leg.fromUs, atUs));
  }

  #currentLegs(): readonly Leg[] {
    const originUs = this.#originUs();
    if (this.#legsChanges !== this.#changes.length || this.#legsOriginUs !== originUs) {
      this.#legs = this.#legsFrom(originUs);
      this.#legsOriginUs = originUs;
      this.#legsChanges = this.#changes.length;
    }
    return this.#legs;
  }

  #legsFrom(originUs: number): Leg[] {
    const before = this.#changes.findLast(({ atUs }) => atUs <= originUs);
    const legs: Leg[] = [{ fromUs: 0, factor: before?.factor ?? 1, scaledSends: 0, plannedSends: 0 }];
    for (const { atUs, factor } of this.#changes) {
      if (atUs <= originUs) continue;
      const last = legs.at(-1)!;
      const fromUs = atUs - originUs;
      const plannedSends = this.#planned.sendsUntil(fromUs);
      const scaledSends = last.scaledSends + last.factor * (plannedSends - last.plannedSends);
      legs.push({ fromUs, factor, scaledSends, plannedSends });
    }
    return legs;
  }
}
