import type { Framing } from '../core/index.js';
import type { ProtocolPlan } from './plan.js';

const raw: Framing = { kind: 'raw' };

/**
 * The framing of what clients send, as far as it shows on the wire: a transform may cover the id, the header that stands behind the
 * length, or everything.
 */
export function wireFraming({ send, transform }: Pick<ProtocolPlan, 'send' | 'transform'>): Framing {
  if (transform === null || transform.covers === 'body' || send.kind !== 'length') {
    return transform?.covers === 'stream' ? raw : send;
  }
  if (transform.covers === 'stream') return raw;
  const { idOffset, idLength, idMask, idShift, idRest, headerFields, ...rest } = send;
  return rest;
}
