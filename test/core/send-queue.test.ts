import { describe, expect, it } from 'vitest';
import { SendQueue } from '../../src/core/send-queue.js';
import { fromHex, toHex } from './hex.js';

function taken(queue: SendQueue): string[] {
  return queue.take().map(toHex);
}

describe('what waits to be sent', () => {
  it('leaves as it stands where it is a whole buffer', () => {
    const buffer = fromHex('010203');
    const queue = new SendQueue();
    queue.add(buffer, 0, 3);
    expect(queue.bytes).toBe(3);
    expect(queue.take()[0]).toBe(buffer);
    expect(queue.bytes).toBe(0);
  });

  it.each([
    [0, 2, '0102'],
    [1, 3, '0203'],
    [1, 2, '02'],
  ])('is no more than the range from %d to %d', (start, end, hex) => {
    const queue = new SendQueue();
    queue.add(fromHex('010203'), start, end);
    expect(taken(queue)).toEqual([hex]);
  });

  it('has no piece for nothing', () => {
    const queue = new SendQueue();
    queue.add(fromHex('01'), 0, 0);
    expect(queue.bytes).toBe(0);
    queue.add(fromHex('02'), 0, 1);
    queue.add(fromHex('03'), 1, 1);
    expect(taken(queue)).toEqual(['02']);
  });

  it('is one piece where ranges adjoin, of one view or of two of the same memory', () => {
    const memory = fromHex('0102030405060708');
    const [first, second] = [memory.subarray(2, 5), memory.subarray(4, 8)];
    const queue = new SendQueue();
    queue.add(first, 0, 1);
    queue.add(first, 1, 2);
    queue.add(second, 0, 1);
    queue.add(second, 1, 3);
    expect(queue.bytes).toBe(5);
    expect(taken(queue)).toEqual(['0304050607']);
  });

  it('is another piece where they do not, or stand at the same place of another memory', () => {
    const [memory, other] = [fromHex('010203'), fromHex('a1a2a3')];
    const queue = new SendQueue();
    queue.add(memory, 0, 1);
    queue.add(memory, 2, 3);
    queue.add(memory.subarray(0, 1), 0, 1);
    queue.add(other, 1, 2);
    expect(taken(queue)).toEqual(['01', '03', '01', 'a2']);
  });

  it('stays apart where that is asked for', () => {
    const memory = fromHex('0102');
    const queue = new SendQueue(true);
    queue.add(memory, 0, 1);
    queue.add(memory, 1, 2);
    expect(taken(queue)).toEqual(['01', '02']);
  });

  it('is gone once it is cleared', () => {
    const queue = new SendQueue();
    queue.add(fromHex('01'), 0, 1);
    queue.add(fromHex('02'), 0, 1);
    queue.clear();
    expect(queue.bytes).toBe(0);
    queue.add(fromHex('03'), 0, 1);
    expect(taken(queue)).toEqual(['03']);
  });
});
