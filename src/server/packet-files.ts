import { readFileSync } from 'node:fs';
import { serverCoreFraming } from '../core/index.js';
import { Protocol, parsePdl } from '../packets/index.js';

/** Beside `src/` in the repository, beside `dist/` in the package. */
const folder = new URL('../../scenarios/packets/', import.meta.url);

/** The protocol that a bundled packet file defines, in the original's framing. */
export function loadProtocol(file: string): Protocol {
  const packets = parsePdl(readFileSync(new URL(file, folder), 'utf8'), file);
  return new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets });
}
