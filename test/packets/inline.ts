import { type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import {
  DecodeError,
  type FieldRecord,
  type PacketDefinition,
  type PacketSet,
  Protocol,
  toValues,
} from '../../src/packets/index.js';
import { collect } from '../../src/scenario/collect.js';
import { compileInlinePackets } from '../../src/scenario/inline-packets.js';
import { inlinePacketsSchema } from '../../src/scenario/inline-schema.js';
import type { Report } from '../../src/scenario/problem-list.js';
import { bytes, hex } from './bytes.js';

/**
 * Packets as a scenario defines them.
 * @throws Error with the first thing that is wrong with the definitions.
 */
export function inlinePackets(written: Readonly<Record<string, unknown>>): PacketSet {
  const report: Report = (path, message) => {
    throw new Error(`${path.join('.')}: ${message}`);
  };
  return compileInlinePackets(collect(inlinePacketsSchema, written, report)!, [], report)!;
}

/** The same, in this framing both ways. */
export function inlineProtocol(written: Readonly<Record<string, unknown>>, framing: LengthFraming): Protocol {
  return new Protocol({ send: framing, receive: framing, packets: inlinePackets(written) });
}

/** The packet P with these fields, as a scenario writes them, and its codecs without the header of four bytes. */
export class InlinePacketUnderTest {
  readonly definition: PacketDefinition;
  readonly set: PacketSet;
  readonly #protocol: Protocol;

  /** @throws Error with the first thing that is wrong with the definition. */
  constructor(fields: unknown, rest: Readonly<Record<string, unknown>> = {}) {
    this.set = inlinePackets({ ...rest, definitions: { P: { id: 1, fields } } });
    this.#protocol = new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets: this.set });
    this.definition = this.#protocol.packetsTo('client')[0]!;
  }

  encode(record: Readonly<Record<string, unknown>>): string {
    const encoder = this.#protocol.encoder('P', 'client');
    const values = toValues(this.definition, record);
    const buffer = new Uint8Array(encoder.frameSize(values) + 2).fill(0xee);
    const end = encoder.write(values, buffer, 1);
    if (end !== buffer.length - 1 || buffer[0] !== 0xee || buffer[end] !== 0xee) throw new Error('wrote elsewhere');
    return hex(buffer.subarray(5, end));
  }

  /** Decodes a body that stands in the middle of a larger buffer, as it does when it is received. */
  decode(body: string, fields: readonly string[] | 'all' = 'all'): FieldRecord {
    const data = bytes(`ee00000000${body.replaceAll(' ', '')}ee`);
    return this.#protocol.decoder('P', fields, 'server').decode(data, 1, data.length - 1);
  }

  decodeError(body: string, fields: readonly string[] | 'all' = 'all'): string {
    try {
      this.decode(body, fields);
    } catch (error) {
      if (error instanceof DecodeError) return `${error.code} | ${error.message}`;
      throw error;
    }
    throw new Error('the body was decoded');
  }
}
