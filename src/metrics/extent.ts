/** From the earliest instant to the latest. */
export class Extent {
  #fromUs = Number.POSITIVE_INFINITY;
  #toUs = Number.NEGATIVE_INFINITY;

  add(fromUs: number, toUs: number): void {
    this.#fromUs = Math.min(this.#fromUs, fromUs);
    this.#toUs = Math.max(this.#toUs, toUs);
  }

  get ms(): number {
    return Math.max(0, this.#toUs - this.#fromUs) / 1000;
  }

  /** 0 where nothing was added. */
  get fromMs(): number {
    return Number.isFinite(this.#fromUs) ? this.#fromUs / 1000 : 0;
  }
}
