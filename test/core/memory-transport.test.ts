import { beforeEach, describe, expect, it } from 'vitest';
import { createTransportPair, type Transport } from '../../src/core/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { fromHex } from './hex.js';
import { open } from './told.js';

const windowBytes = 100;

let clock: ManualClock;
let near: Transport;
let far: Transport;

beforeEach(() => {
  clock = new ManualClock({ turnUs: 1 });
  [near, far] = createTransportPair({ clock, windowBytes });
});

/** Lets all happen that is under way. */
function settle(): void {
  clock.advance(1);
}

describe('two transports in memory', () => {
  it('bring what was written and the end behind it, also where they were there before anybody listened', () => {
    near.write([fromHex('aa'), fromHex('bb')]);
    near.end();
    settle();
    const told = open(far);
    settle();
    expect(told).toEqual(['aa', 'bb', 'end']);
  });

  it('end once', () => {
    const told = open(far);
    near.end();
    near.end();
    settle();
    near.end();
    near.destroy();
    settle();
    expect(told).toEqual(['end']);
  });

  it('close once: what comes later changes nothing', () => {
    const told = open(far);
    near.destroy();
    near.destroy(true);
    settle();
    expect(told).toEqual(['end']);
  });

  it('let a reset overtake the end, and what was written', () => {
    const told = open(far);
    near.write([fromHex('aa')]);
    near.end();
    near.destroy(true);
    settle();
    expect(told).toEqual(['ECONNRESET']);
  });

  it('reset where one closes that has not read all', () => {
    const told = open(near);
    far.pause();
    open(far);
    near.write([fromHex('aa')]);
    settle();
    far.destroy();
    settle();
    expect(told).toEqual(['drained', 'ECONNRESET']);
  });

  it('take over as much as there is room for, and go on once it is read', () => {
    const told = open(near);
    const heard = open(far);
    far.pause();
    near.write([new Uint8Array(windowBytes)]);
    settle();
    expect(told).toEqual(['drained']);
    near.write([new Uint8Array(1)]);
    settle();
    expect(told).toEqual(['drained']);
    far.resume();
    settle();
    expect(told).toEqual(['drained', 'drained']);
    expect(heard).toEqual(['00'.repeat(windowBytes), '00']);
    // Another turn, and nothing is being written.
    near.resume();
    settle();
    expect(told).toEqual(['drained', 'drained']);
  });

  it('take over what is written to one that is closed, and drop it', () => {
    const told = open(near);
    far.destroy();
    settle();
    for (let i = 0; i < 3; i++) {
      near.write([new Uint8Array(windowBytes)]);
      settle();
    }
    expect(told).toEqual(['end', 'drained', 'drained', 'drained']);
  });

  it('tell nothing more to one that closes in the middle of what it hears', () => {
    const told = open(far, () => far.destroy());
    near.write([fromHex('aa'), fromHex('bb')]);
    near.end();
    settle();
    expect(told).toEqual(['aa']);
    expect(clock.waiting).toBe(0);
  });

  it('stand still where one pauses in the middle of what it hears, the end too', () => {
    const told = open(far, () => far.pause());
    near.write([fromHex('aa'), fromHex('bb')]);
    near.end();
    settle();
    expect(told).toEqual(['aa']);
    far.resume();
    settle();
    expect(told).toEqual(['aa', 'bb']);
    far.resume();
    settle();
    expect(told).toEqual(['aa', 'bb', 'end']);
  });

  it('take one turn for all that is under way', () => {
    open(far);
    near.write([fromHex('aa')]);
    near.write([fromHex('bb')]);
    near.end();
    expect(clock.waiting).toBe(1);
  });
});
