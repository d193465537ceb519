import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WakeHeap } from '../../src/worker/wake-heap.js';

const never = Number.POSITIVE_INFINITY;
const setting = fc.record({
  id: fc.nat({ max: 300 }),
  atUs: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 1000 }) }, { weight: 1, arbitrary: fc.constant(never) }),
});

/** Takes the first out until nothing waits. */
function drain(heap: WakeHeap): [number, number][] {
  const order: [number, number][] = [];
  while (heap.firstUs !== never) {
    order.push([heap.firstId, heap.firstUs]);
    heap.set(heap.firstId, never);
  }
  return order;
}

describe('a heap of wake-up times', () => {
  it('hands out what waits in the order of its times, however often they were changed', () => {
    fc.assert(
      fc.property(fc.array(setting, { maxLength: 1000 }), (settings) => {
        const heap = new WakeHeap();
        const model = new Map<number, number>();
        for (const { id, atUs } of settings) {
          heap.set(id, atUs);
          if (atUs === never) model.delete(id);
          else model.set(id, atUs);
          expect(heap.timeOf(id)).toBe(atUs);
          expect(heap.firstUs).toBe(Math.min(...model.values()));
        }
        const order = drain(heap);
        expect(order.map(([, atUs]) => atUs)).toEqual([...model.values()].sort((a, b) => a - b));
        expect(new Map(order)).toEqual(model);
      }),
      { numRuns: 100 },
    );
  });

  it('knows nothing of ids that it was never told', () => {
    expect(new WakeHeap().timeOf(1000)).toBe(never);
  });
});
