import type { Clock } from '../core/index.js';

/** How far another process's clock is ahead of ours, and by how much that may be wrong: half the round trip. */
export interface ClockOffset {
  readonly offsetUs: number;
  readonly errorUs: number;
}

/** Someone whose clock can be asked. */
export interface ClockOwner {
  /** What its clock showed when it heard us; null where it is gone, or does not answer in time. */
  askClock(): Promise<number | null>;
}

/** The first answers come out of cold code: the shortest round trip of so many counts. */
const rounds = 8;
/** An offset that is sure to be larger than this is taken into account. */
const negligibleUs = 100;

/**
 * Exchanges stamps with another process, as NTP does (RFC 5905, section 8): it heard us in the middle of the round trip, give or take half of
 * that. Null where it never answered.
 */
export async function measureOffset(owner: ClockOwner, clock: Clock): Promise<ClockOffset | null> {
  let best: ClockOffset | null = null;
  for (let round = 0; round < rounds; round++) {
    const askedUs = clock.nowUs();
    const heardUs = await owner.askClock();
    if (heardUs === null) return best;
    const answeredUs = clock.nowUs();
    const errorUs = (answeredUs - askedUs) / 2;
    if (best === null || errorUs < best.errorUs) best = { offsetUs: heardUs - (askedUs + answeredUs) / 2, errorUs };
  }
  return best;
}

/** What is to be added to a time of ours to give the other's: 0 unless the offset is beyond doubt, and more than negligible. */
export function correctionUs(offset: ClockOffset | null): number {
  return offset !== null && Math.abs(offset.offsetUs) - offset.errorUs > negligibleUs ? offset.offsetUs : 0;
}
