import { describe, expect, it } from 'vitest';
import { loadKind } from './scenario-files.js';

function everyOf(entry: string) {
  return loadKind(`{ every: [ ${entry} ] }`).every[0]?.send;
}

describe('a broadcast', () => {
  it('writes a stamp into text, to be found wherever the server puts it', () => {
    const send = everyOf("{ interval: 1s, send: C_Say, with: { text: 'hello ${stamp}!' }, broadcast: S_Said }");
    expect(send?.values).toEqual([{ kind: 'text', parts: ['hello ', { stamp: true }, '!'] }]);
    expect(send?.broadcast).toEqual({ packet: 'S_Said', field: null, timeoutMs: 2000, guardMs: 500, echo: true });
  });

  it('may be a whole number, that comes back in the field of the same name', () => {
    const send = everyOf(
      "{ interval: 1s, send: Echo, with: { sequence: '${stamp}' }, broadcast: { packet: Echo, timeout: 1s, guard: 200ms, echo: false } }",
    );
    expect(send?.values).toEqual([{ kind: 'stamp' }]);
    expect(send?.broadcast).toEqual({ packet: 'Echo', field: 'sequence', timeoutMs: 1000, guardMs: 200, echo: false });
  });
});
