import type { EncodableValue, PacketEncoder } from '../packets/index.js';
import type { ValueTemplate } from './plan.js';

/**
 * The whole frame of a packet without expressions; null where it has any.
 * @throws EncodeError where the framing, or a field, does not take what was written.
 */
export function constantFrame(encoder: PacketEncoder, templates: readonly ValueTemplate[]): Uint8Array | null {
  const values: EncodableValue[] = [];
  for (const template of templates) {
    const value = constantOf(template);
    if (value === undefined) return null;
    values.push(value);
  }
  const frame = new Uint8Array(encoder.frameSize(values));
  encoder.write(values, frame, 0);
  return frame;
}

function constantOf(template: ValueTemplate): EncodableValue | undefined {
  if (template.kind === 'bytes') return Uint8Array.from(Buffer.from(template.hex, 'hex'));
  return template.kind === 'constant' ? template.value : undefined;
}
