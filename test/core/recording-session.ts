import {
  type DisconnectReason,
  type EndPoint,
  PacketSession,
  type PacketSessionOptions,
} from '../../src/core/index.js';
import { toHex } from './hex.js';

/** What a test makes a session do beyond recording. */
export interface Behaviour {
  readonly onConnected?: (session: RecordingSession) => void;
  readonly onPacket?: (session: RecordingSession, packet: string) => void;
  readonly onSend?: (session: RecordingSession) => void;
  readonly onBatch?: (session: RecordingSession) => void;
  readonly onDisconnected?: (session: RecordingSession) => void;
}

/** A PacketSession that keeps every event as a line of text, and lets a test wait for what it has seen. */
export class RecordingSession extends PacketSession {
  readonly events: string[] = [];
  readonly packets: string[] = [];
  readonly ids: number[] = [];
  readonly batches: { packets: number; bytes: number }[] = [];
  readonly sent: { bytes: number; packets: number }[] = [];
  reason: DisconnectReason | undefined;
  readonly #behaviour: Behaviour;
  readonly #waiting: { isMet: () => boolean; resolve: () => void }[] = [];

  constructor(behaviour: Behaviour = {}, options: PacketSessionOptions = {}) {
    super(options);
    this.#behaviour = behaviour;
  }

  /** Resolves once `isMet`, which is asked after each event. */
  until(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isMet, resolve });
      this.#settle();
    });
  }

  async disconnected(): Promise<DisconnectReason> {
    await this.until(() => this.reason !== undefined);
    return this.reason!;
  }

  protected override onConnected(endPoint: EndPoint): void {
    this.#record(`connected ${endPoint.host ?? endPoint.path}`);
    this.#behaviour.onConnected?.(this);
  }

  protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
    this.ids.push(id);
    super.onFrame(buffer, start, end, id);
  }

  protected override onRecvPacket(packet: Uint8Array): void {
    const hex = toHex(packet);
    this.packets.push(hex);
    this.#record(`packet ${hex}`);
    this.#behaviour.onPacket?.(this, hex);
  }

  protected override onRecvBatch(packets: number, bytes: number): void {
    this.batches.push({ packets, bytes });
    this.#behaviour.onBatch?.(this);
  }

  protected override onSend(bytes: number, packets: number): void {
    this.sent.push({ bytes, packets });
    this.#record(`sent ${bytes}`);
    this.#behaviour.onSend?.(this);
  }

  protected override onDisconnected(_endPoint: EndPoint, reason: DisconnectReason): void {
    this.reason = reason;
    this.#record(`disconnected ${reason.cause}`);
    this.#behaviour.onDisconnected?.(this);
  }

  #record(event: string): void {
    this.events.push(event);
    this.#settle();
  }

  #settle(): void {
    for (const { isMet, resolve } of this.#waiting) if (isMet()) resolve();
  }
}

/** Resolves when all that was sent in the current callback has been flushed. */
export function flushed(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
