import { CountedSession } from './counted-session.js';

/** The ids of the frames that are being received: one list for all sessions, since no receive waits half-way. */
const batchIds: number[] = [];
let batchSize = 0;

/** Sends every frame back as it came, whatever its id: all frames of one receive are copied at once, and go out in one write. */
export class EchoSession extends CountedSession {
  protected override onRecv(buffer: Uint8Array, start: number, end: number): number {
    batchSize = 0;
    const consumed = super.onRecv(buffer, start, end);
    if (consumed > 0) this.#sendBack(buffer, start, consumed);
    return consumed;
  }

  protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
    super.onFrame(buffer, start, end, id);
    batchIds[batchSize++] = id;
  }

  #sendBack(buffer: Uint8Array, start: number, sizeBytes: number): void {
    const { counters, sendBuffers } = this.server;
    const chunk = sendBuffers.open(sizeBytes);
    const from = chunk.offset;
    chunk.buffer.set(buffer.subarray(start, start + sizeBytes), from);
    if (!this.sendRange(chunk.buffer, from, chunk.closeRange(sizeBytes), batchSize)) {
      counters.refusedPackets += batchSize;
      return;
    }
    for (let i = 0; i < batchSize; i++) counters.sent.addPackets(batchIds[i]!, 1);
    counters.sent.addBytes(sizeBytes);
  }
}
