/**
 * The amounts of the newest second and of the one before it. A row of the time line grows wider as the run grows longer; this is what
 * goes on now.
 */
export class LatestSeconds {
  #second = -1;
  #newest = 0;
  #before = 0;

  /**
   * `last` counts from the run's start. Of an amount that came in several seconds, of which it is the last, each has its part. What belongs to
   * a second before the last two is too late.
   */
  add(last: number, amount: number, seconds = 1): void {
    if (seconds > 1) this.#addOne(last - 1, amount / seconds);
    this.#addOne(last, amount / seconds);
  }

  #addOne(second: number, amount: number): void {
    if (second > this.#second) {
      this.#before = second === this.#second + 1 ? this.#newest : 0;
      this.#newest = 0;
      this.#second = second;
    }
    if (second === this.#second) this.#newest += amount;
    else if (second === this.#second - 1) this.#before += amount;
  }

  /** 0 for a second of which nothing was said. */
  of(second: number): number {
    if (second === this.#second) return this.#newest;
    return second === this.#second - 1 ? this.#before : 0;
  }
}
