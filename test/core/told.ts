import type { Transport, TransportHandler } from '../../src/core/index.js';
import { toHex } from './hex.js';

/** Opens a transport: all that it tells, in order, bytes in hex. `onTold` hears of each as it is told. */
export function open(transport: Transport, onTold: () => void = () => {}): readonly string[] {
  const told: string[] = [];
  const tell = (what: string): void => {
    told.push(what);
    onTold();
  };
  const handler: TransportHandler = {
    onChunk: (buffer, start, end) => tell(toHex(buffer.subarray(start, end))),
    onEnd: () => tell('end'),
    onError: ({ code }) => tell(code),
    onDrained: () => tell('drained'),
  };
  transport.open(handler);
  return told;
}
