import {
  type Clock,
  type DisconnectReason,
  type EndPoint,
  PacketSession,
  type PacketSessionOptions,
  type Transport,
} from '../core/index.js';
import type { ProtocolPlan } from '../scenario/plan.js';
import type { Client } from './client.js';
import type { Kind, KindSurroundings } from './kind.js';

/** A reader that stops is the server's fault; ours stop queueing then, and count what they could not send. */
export const maxQueuedBytes = 4 * 1024 * 1024;

/** Made once and shared, so that 15,000 connections do not keep 15,000 copies. */
export function clientSessionOptions(
  { send, receive }: Pick<ProtocolPlan, 'send' | 'receive'>,
  clock: Clock,
): PacketSessionOptions {
  return { framing: { send, receive }, maxQueuedBytes, onQueueFull: 'drop', clock };
}

/** Makes the session of one connection. */
export type MakeSession = (client: Client) => ClientSession;

/** Compiles, once for each kind, what its sessions share. */
export type SessionFactory = (kind: Kind, shared: KindSurroundings) => MakeSession;

/** A transport that hears how far its client is: faults that are played on it may begin then. */
export interface StartAwareTransport extends Transport {
  /** The client's start list is done. */
  onStartDone(): void;
}

/** Puts the faults of a kind between the session of one of its clients, which keeps packets apart, and the network. */
export type PlayFaults = (client: Client, transport: Transport) => StartAwareTransport;

/** Compiles, once for each kind, what plays its faults. */
export type FaultsFactory = (kind: Kind, shared: KindSurroundings) => PlayFaults;

/** One connection of a client: counts what passes and hands on what somebody waits for. */
export class ClientSession extends PacketSession {
  #sequence = 0;
  #replyNumber = -1;
  readonly #client: Client;
  /** When the chunk being read was first looked at; 0 before that. */
  #arrivedUs = 0;
  /** Null where the client plays no faults. */
  #faulty: StartAwareTransport | null = null;

  constructor(client: Client, options: PacketSessionOptions) {
    super(options);
    this.#client = client;
  }

  override start(transport: Transport): void {
    this.#faulty = this.#client.kind.playFaults?.(this.#client, transport) ?? null;
    super.start(this.#faulty ?? transport);
  }

  /** The client's start list is done. */
  onStartDone(): void {
    this.#faulty?.onStartDone();
  }

  /** Which packet of the connection is the next, from 0: what header fields that count hold. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The number that the reply to the last packet will carry; -1 where replies are not matched by one. */
  get replyNumber(): number {
    return this.#replyNumber;
  }

  /** A packet with the number `sequence` was sent. */
  onNumbered(replyNumber: number): void {
    this.#sequence++;
    this.#replyNumber = replyNumber;
  }

  /** Sends what every connection begins with, before all packets. */
  begin(): void {
    const { preamble } = this.#client.kind;
    if (preamble.length > 0) this.send(preamble, 0);
  }

  /** What is being read now has arrived, if nothing of its chunk was looked at before: it all arrived together. */
  protected noteArrival(): void {
    if (this.#arrivedUs === 0) this.#arrivedUs = this.#client.host.nowUs();
  }

  protected override onConnected(): void {
    this.#client.onConnected(this);
  }

  protected override onRecv(buffer: Uint8Array, start: number, end: number): number {
    this.#client.host.onReceive();
    return super.onRecv(buffer, start, end);
  }

  protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
    const { kind } = this.#client;
    const route = kind.routeOf(id);
    if (route === undefined) {
      this.#client.inbox.receiveUnknown(id, end - start);
      return;
    }
    route.received.add(1);
    route.receivedBytes.add(end - start);
    if (route.quiet) return;
    // One reading of the clock for all packets of a receive.
    this.noteArrival();
    this.#client.inbox.receive(route, id, buffer, start, end, this.#arrivedUs);
  }

  protected override onRecvBatch(packets: number, bytes: number): void {
    const { meters } = this.#client.kind;
    meters.dataReceived.add(bytes);
    meters.recvBytes.record(bytes);
    if (packets > 0) meters.recvBatch.record(packets);
    this.#arrivedUs = 0;
    this.#client.host.onReceived(this, bytes);
  }

  protected override onSend(numOfBytes: number, numOfPackets: number): void {
    // What faults make of it they count themselves, and it is no number of packets.
    if (this.#faulty !== null) return;
    const { meters } = this.#client.kind;
    meters.dataSent.add(numOfBytes);
    meters.sendBytes.record(numOfBytes);
    // A preamble may go out by itself.
    if (numOfPackets > 0) meters.sendBatch.record(numOfPackets);
  }

  protected override onDisconnected(_endPoint: EndPoint, reason: DisconnectReason): void {
    this.#client.onDisconnected(this, reason);
  }
}
