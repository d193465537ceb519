import { expect, it } from 'vitest';
import { whenAborted } from '../../src/core/cancel-signal.js';

it('an abort calls all that wait for it, and nobody who has stopped waiting', () => {
  const abort = new AbortController();
  const called: string[] = [];
  whenAborted(abort.signal, () => called.push('first'));
  const stopWaiting = whenAborted(abort.signal, () => called.push('second'));
  whenAborted(abort.signal, () => called.push('third'));
  stopWaiting();
  abort.abort();
  expect(called).toEqual(['first', 'third']);
});
