// A toy cipher: each byte is combined with a key that moves on with every byte. The module behind `transform` in cipher.yaml, and a
// model for transforms of your own.
//
// Each connection has an instance of its own, made with the options of the scenario; what it has to remember stands in its fields.
// `swarm validate` makes one too, to see whether that works.
import type { Transform, TransformContext, TransformedPacket } from 'tcp-swarm';

export default class RollingXor implements Transform {
  readonly #send: Key;
  readonly #receive: Key;

  constructor({ options }: TransformContext) {
    const { key } = options;
    if (typeof key !== 'number') throw new TypeError('options.key must be a number');
    // Each direction has its own: the two streams know nothing of each other.
    this.#send = { value: key };
    this.#receive = { value: key };
  }

  /** Called once for each packet that is sent. The bytes may be changed in place, or others given back, also more or fewer of them. */
  encode(bytes: Uint8Array): Uint8Array {
    return xor(bytes, this.#send);
  }

  /** Called for each packet that comes, in their order. A server that sends keys can be heard here: `packet` is { name, id }. */
  decode(bytes: Uint8Array, _packet: TransformedPacket | null): Uint8Array {
    return xor(bytes, this.#receive);
  }
}

interface Key {
  value: number;
}

function xor(bytes: Uint8Array, key: Key): Uint8Array {
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (bytes[i] as number) ^ key.value;
    key.value = (key.value * 5 + 1) & 0xff;
  }
  return bytes;
}
