import type { Transform, TransformContext } from 'tcp-swarm';

/** Every byte of the stream, combined with how many there were before it, and a secret. */
export default class Rolling implements Transform {
  readonly #secret: number;
  #sent = 0;
  #received = 0;

  constructor({ options, env }: TransformContext) {
    this.#secret = Number(options.secret) + Number(env.MORE_SECRET);
  }

  encode(bytes: Uint8Array): Uint8Array {
    for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] as number) ^ (this.#secret + this.#sent++);
    return bytes;
  }

  decode(bytes: Uint8Array): Uint8Array {
    for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] as number) ^ (this.#secret + this.#received++);
    return bytes;
  }
}
