import { expect, it } from 'vitest';
import { glyphsToAscii } from '../src/ascii.js';

it('swarm’s own glyphs become ASCII one for one, letters of names and paths stay', () => {
  expect(glyphsToAscii('✓ Ping → 127.0.0.1 · 3 × 2 ≥ 1 – the server’s …')).toBe(
    "o Ping > 127.0.0.1 . 3 x 2 > 1 - the server's ~",
  );
  expect(glyphsToAscii('reports/채팅방/é.html')).toBe('reports/채팅방/é.html');
});
