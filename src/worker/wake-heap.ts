/** Each place has four below it: half the levels of a binary heap, and their times lie in one line of the cache. */
const arity = 4;

/**
 * Numbers, counted from 0, in the order of their times. It holds nothing but flat arrays: a heap of the sleepers themselves would
 * fetch two objects for each comparison, and with thousands of them each would come from main memory.
 */
export class WakeHeap {
  /** By place: the first is at 0, and nothing below a place is earlier than it. */
  #times = new Float64Array(64);
  #ids = new Int32Array(64);
  /** By id: where it is; −1 where it does not wait. */
  #places = new Int32Array(64).fill(-1);
  #size = 0;

  /** The earliest time; infinite where nothing waits. */
  get firstUs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  /** What waits for the earliest time; there must be something. */
  get firstId(): number {
    return this.#ids[0]!;
  }

  /** When `id` is due; infinite where it does not wait. */
  timeOf(id: number): number {
    const place = this.#places[id] ?? -1;
    return place < 0 ? Number.POSITIVE_INFINITY : this.#times[place]!;
  }

  /** From now on `id` waits for `atUs`, whether it waited before or not; where that is infinite it does not wait. */
  set(id: number, atUs: number): void {
    if (id >= this.#places.length) this.#places = grown(this.#places, id + 1).fill(-1, this.#places.length);
    const place = this.#places[id]!;
    if (atUs === Number.POSITIVE_INFINITY) {
      if (place >= 0) this.#remove(place);
    } else if (place < 0) {
      this.#reserve();
      this.#rise(this.#size++, id, atUs);
    } else if (atUs < this.#times[place]!) {
      this.#rise(place, id, atUs);
    } else {
      this.#sink(place, id, atUs);
    }
  }

  #remove(place: number): void {
    this.#places[this.#ids[place]!] = -1;
    const last = --this.#size;
    if (place === last) return;
    const id = this.#ids[last]!;
    const atUs = this.#times[last]!;
    // It may belong above as well as below: it comes from another branch.
    if (atUs < this.#times[place]!) this.#rise(place, id, atUs);
    else this.#sink(place, id, atUs);
  }

  #rise(from: number, id: number, atUs: number): void {
    let place = from;
    while (place > 0) {
      const parent = Math.floor((place - 1) / arity);
      if (this.#times[parent]! <= atUs) break;
      this.#put(place, this.#ids[parent]!, this.#times[parent]!);
      place = parent;
    }
    this.#put(place, id, atUs);
  }

  #sink(from: number, id: number, atUs: number): void {
    const times = this.#times;
    let place = from;
    for (;;) {
      const firstChild = place * arity + 1;
      const end = Math.min(firstChild + arity, this.#size);
      let earliest = place;
      let earliestUs = atUs;
      for (let child = firstChild; child < end; child++) {
        if (times[child]! >= earliestUs) continue;
        earliest = child;
        earliestUs = times[child]!;
      }
      if (earliest === place) break;
      this.#put(place, this.#ids[earliest]!, earliestUs);
      place = earliest;
    }
    this.#put(place, id, atUs);
  }

  #put(place: number, id: number, atUs: number): void {
    this.#times[place] = atUs;
    this.#ids[place] = id;
    this.#places[id] = place;
  }

  #reserve(): void {
    if (this.#size < this.#ids.length) return;
    this.#ids = grown(this.#ids, this.#size + 1);
    const times = new Float64Array(this.#ids.length);
    times.set(this.#times);
    this.#times = times;
  }
}

/** A copy with room for `length` numbers and, so that it is made seldom, for as many again. */
function grown(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * length);
  larger.set(numbers);
  return larger;
}
