import { DecodeError, type FieldRecord, type FieldValues, Protocol } from '../../../src/packets/index.js';
import type { Referee } from './referee.js';
import type { Scenario } from './scenario.js';
import type { Process } from './schedule.js';
import type { Oracle, Tape } from './tape.js';

/** A broadcast that the room owes: what it must look like, and when what it tells of came about. */
interface Owed {
  readonly bytes: Uint8Array;
  readonly atUs: number;
}

interface Player {
  readonly id: number;
  place: readonly [x: number, y: number, z: number];
  /** How many of the broadcasts it has been handed, and of how many more it may have been. */
  handed: number;
  mayLack: number;
  /** What it must be sent first, and alone. */
  greeting: Uint8Array;
}

/** How late the timer of a flush may be, here: a millisecond. */
const lateUs = 2000;

/**
 * What the room of one server must do, worked out from what its sessions hear: everyone who is in the room when a broadcast is handed on gets
 * it, once and in the order of what it tells of; and it is handed on at the next flush. Who has ended, or has more queued than it may, is owed nothing.
 */
export class Room implements Oracle {
  readonly #scenario: Scenario;
  readonly #referee: Referee;
  readonly #process: Process;
  readonly #protocol: Protocol;
  readonly #broadcasts: Owed[] = [];
  readonly #players = new Map<Tape, Player>();
  #lastId = 0;
  /** How many of the broadcasts have been handed on. */
  #handed = 0;
  /** Those before may have been handed to a room in which nobody was owed anything. */
  #owedFrom = 0;

  constructor(scenario: Scenario, referee: Referee, process: Process) {
    this.#scenario = scenario;
    this.#referee = referee;
    this.#process = process;
    this.#protocol = new Protocol(scenario.plan.protocol);
  }

  onConnected(tape: Tape): void {
    const isAlone = [...this.#players.keys()].every(({ ending }) => ending);
    if (isAlone) this.#owedFrom = this.#broadcasts.length;
    const handed = Math.max(this.#handed, this.#owedFrom);
    const player: Player = {
      id: ++this.#lastId,
      place: [0, 0, 0],
      handed,
      mayLack: handed - this.#handed,
      greeting: new Uint8Array(0),
    };
    this.#players.set(tape, player);
    if (this.#scenario.mode !== 'move') return;
    player.greeting = this.#packet('S_PlayerList', [
      [...this.#players.values()].map((other) => [other === player, other.id, ...other.place]),
    ]);
    this.#owe('S_BroadcastEnterGame', [player.id, ...player.place]);
  }

  onPacket(tape: Tape, buffer: Uint8Array, start: number, end: number, id: number): void {
    const player = this.#players.get(tape);
    const packet = this.#protocol.nameOf(id, 'server');
    const fields = packet === undefined ? null : this.#read(packet, buffer, start, end);
    if (player === undefined || fields === null) return;
    if (packet === 'C_Chat') this.#owe('S_Chat', [player.id, fields.chat as string]);
    if (packet === 'C_LeaveGame') this.#leave(tape, player);
    if (packet === 'C_Move') {
      player.place = [fields.posX as number, fields.posY as number, fields.posZ as number];
      this.#owe('S_BroadcastMove', [player.id, ...player.place]);
    }
  }

  onAccepted(tape: Tape, bytes: Uint8Array): void {
    const player = this.#players.get(tape);
    if (player === undefined) this.#referee.fail(`${tape.name}: the room hands something to who is not in it`);
    else if (player.greeting.length > 0) this.#checkGreeting(tape, player, bytes);
    else this.#checkHanded(tape, player, bytes);
  }

  onDisconnected(tape: Tape): void {
    const player = this.#players.get(tape);
    if (player !== undefined) this.#leave(tape, player);
  }

  /** What must hold between any two events: nobody was passed over, and nothing waits for longer than from one flush to the next. */
  check(nowUs: number): void {
    const { flushMs } = this.#scenario;
    for (const [tape, { id, handed }] of this.#players) {
      if (tape.ending) continue;
      if (handed < this.#handed) this.#referee.fail(`player ${id} was passed over by a flush`);
      const next = this.#broadcasts[handed];
      if (next === undefined) continue;
      const latestUs = Math.max(next.atUs, this.#process.frozenUntilUs) + flushMs * 1000 + lateUs;
      if (nowUs > latestUs) this.#referee.fail(`broadcast ${handed} waits for longer than from one flush to the next`);
    }
  }

  #leave(tape: Tape, { id }: Player): void {
    this.#players.delete(tape);
    if (this.#scenario.mode === 'move') this.#owe('S_BroadcastLeaveGame', [id]);
  }

  #checkGreeting(tape: Tape, player: Player, bytes: Uint8Array): void {
    if (Buffer.compare(bytes, player.greeting) !== 0) this.#referee.fail(`${tape.name}: it is not told who is there`);
    player.greeting = new Uint8Array(0);
  }

  #checkHanded(tape: Tape, player: Player, bytes: Uint8Array): void {
    const first = player.handed;
    while (player.mayLack > 0 && !this.#isNext(first - player.mayLack, bytes, 0)) player.mayLack--;
    player.handed = first - player.mayLack;
    player.mayLack = 0;
    for (let at = 0; at < bytes.length; player.handed++) {
      if (!this.#isNext(player.handed, bytes, at)) {
        this.#referee.fail(`${tape.name}: what is handed on is not broadcast ${player.handed}, which is next`);
        return;
      }
      at += this.#broadcasts[player.handed]!.bytes.length;
    }
    this.#handed = Math.max(this.#handed, player.handed);
  }

  #isNext(broadcast: number, bytes: Uint8Array, at: number): boolean {
    const expected = this.#broadcasts[broadcast]?.bytes;
    return expected !== undefined && Buffer.compare(expected, bytes.subarray(at, at + expected.length)) === 0;
  }

  #owe(packet: string, values: FieldValues): void {
    this.#broadcasts.push({ bytes: this.#packet(packet, values), atUs: this.#process.nowUs() });
  }

  #packet(packet: string, values: FieldValues): Uint8Array {
    const encoder = this.#protocol.encoder(packet, 'server');
    const bytes = new Uint8Array(encoder.frameSize(values));
    encoder.write(values, bytes, 0);
    return bytes;
  }

  /** Null where the packet is none that its definition allows: the server ends the session. */
  #read(packet: string, buffer: Uint8Array, start: number, end: number): FieldRecord | null {
    try {
      return this.#protocol.decoder(packet, 'all', 'server').decode(buffer, start, end);
    } catch (error) {
      if (error instanceof DecodeError) return null;
      throw error;
    }
  }
}
