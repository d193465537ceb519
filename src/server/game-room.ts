import { JobQueue, JobTimer, ProtocolError, serverCoreFraming } from '../core/index.js';
import { DecodeError, type FieldValues, type PacketEncoder, PacketManager, type Protocol } from '../packets/index.js';
import { BroadcastList } from './broadcast-list.js';
import { ClientSession } from './client-session.js';
import type { ServerContext, Service } from './service.js';

/**
 * The original's room. What changes it runs on its job queue, one job after the other; broadcasts wait in a list, and each
 * tick of the job timer hands the list to every session as one send.
 */
export abstract class GameRoom implements Service {
  protected readonly sessions = new Set<ClientSession>();
  protected readonly packetManager: PacketManager<ClientSession>;
  readonly #server: ServerContext;
  readonly #protocol: Protocol;
  readonly #jobs = new JobQueue();
  readonly #timer: JobTimer;
  readonly #broadcasts: BroadcastList;

  constructor(server: ServerContext, protocol: Protocol) {
    this.#server = server;
    this.#protocol = protocol;
    this.#timer = new JobTimer({ clock: server.clock });
    this.#broadcasts = new BroadcastList(server.sendBuffers);
    this.packetManager = new PacketManager(protocol, 'server');
    this.#scheduleFlush();
  }

  createSession(): ClientSession {
    return new ClientSession(this.#server, this);
  }

  /** Runs `job` when those before it are done: at once, unless the room is at work. */
  push(job: () => void): void {
    this.#jobs.push(job);
  }

  enter(session: ClientSession): void {
    this.sessions.add(session);
  }

  /** False where the session was not in the room. */
  leave(session: ClientSession): boolean {
    return this.sessions.delete(session);
  }

  /** @throws ProtocolError for a packet that no client sends, or whose body is not what its definition says. */
  handlePacket(session: ClientSession, buffer: Uint8Array, start: number, end: number, id: number): void {
    const result = this.packetManager.dispatch(session, buffer, start, end, id);
    if (result === 'handled') return;
    if (result instanceof DecodeError) throw new ProtocolError(result.code, result.message, { cause: result });
    throw new ProtocolError('unknown-packet', `clients send no packet with the id ${id}`);
  }

  stop(): void {
    this.#timer.clear();
    this.push(() => this.#flush());
  }

  readonly framing = serverCoreFraming;
  readonly receivedNames = (id: number): string | null => this.#protocol.nameOf(id, 'server') ?? null;
  readonly sentNames = (id: number): string | null => this.#protocol.nameOf(id, 'client') ?? null;

  /** Everyone who is in the room at the next flush gets this packet. */
  protected broadcast(encoder: PacketEncoder, values: FieldValues): void {
    this.#broadcasts.add(encoder, values);
  }

  /** The tick goes on when nothing waits, so that a broadcast waits from 0 to `flushMs`, as in the original, not always the whole. */
  #scheduleFlush(): void {
    this.#timer.push(this.#server.flushMs, () => {
      this.push(() => this.#flush());
      this.#scheduleFlush();
    });
  }

  #flush(): void {
    if (this.#broadcasts.isEmpty) return;
    const { bytes, packets, packetsById } = this.#broadcasts.take();
    let copies = 0;
    for (const session of this.sessions) if (session.send(bytes, packets)) copies++;
    const { counters } = this.#server;
    for (const [id, count] of packetsById) counters.sent.addPackets(id, count * copies);
    counters.sent.addBytes(bytes.length * copies);
    counters.refusedPackets += packets * (this.sessions.size - copies);
  }
}
