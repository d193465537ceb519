import { createHmac } from 'node:crypto';
import type { Transform } from 'tcp-swarm';

const size = 32;

/** Bodies with a signature behind them. */
export default class Signing implements Transform {
  encode(bytes: Uint8Array): Uint8Array {
    return Buffer.concat([bytes, signatureOf(bytes)]);
  }

  decode(bytes: Uint8Array): Uint8Array {
    const body = bytes.subarray(0, -size);
    if (!signatureOf(body).equals(bytes.subarray(-size))) throw new Error('the signature is wrong');
    return body;
  }
}

function signatureOf(bytes: Uint8Array): Buffer {
  return createHmac('sha256', 'secret').update(bytes).digest();
}
