// A player who walks about the move room: the code behind `bot: bots/wanderer.ts` in bots.yaml, and a model for bots of your own.
//
// Each connection has an instance of its own. Nothing here opens a socket or sets a timer: what is sent, waited for and timed goes
// through the same clock and the same meters as the steps of a YAML client.
import { Bot } from 'tcp-swarm';

interface Place {
  posX: number;
  posY: number;
  posZ: number;
}

interface Player extends Place {
  playerId: number;
}

/** The packets that it sends and hears, each with its fields, so that the compiler knows them. */
interface MovePackets {
  C_Move: Place;
  C_LeaveGame: object;
  S_PlayerList: { players: readonly (Player & { isSelf: boolean })[] };
  S_BroadcastEnterGame: Player;
  S_BroadcastLeaveGame: { playerId: number };
  S_BroadcastMove: Player;
}

export default class Wanderer extends Bot<MovePackets> {
  /** Who is in the room, by id, as this player has heard. */
  readonly #others = new Map<number, Player>();
  /** Where it stands. Whole numbers: they come back from the server as they went. */
  #x = this.random.int(0, 100);
  #z = this.random.int(0, 100);

  /** The start list: the client counts as started when this is done. What is thrown here, or rejected, ends the client. */
  override async onStart(): Promise<void> {
    this.on('S_BroadcastEnterGame', (player) => this.#others.set(player.playerId, player));
    this.on('S_BroadcastLeaveGame', ({ playerId }) => this.#others.delete(playerId));
    this.on('S_BroadcastMove', (player) => this.#others.set(player.playerId, player));
    // The server sends the list to whoever enters: nobody has to ask.
    const { players } = await this.expect('S_PlayerList', { timeoutMs: 3000 });
    for (const player of players) this.#others.set(player.playerId, player);
    this.check(
      'is one of them',
      players.some(({ isSelf }) => isSelf),
    );
  }

  /** Everybody has started. */
  override async onPlay(): Promise<void> {
    const { stepsPerSecond = 2, restMs = 500 } = this.options as { stepsPerSecond?: number; restMs?: number };
    // Open loop: steps are due on time, whatever the server does.
    this.every({ rate: stepsPerSecond }, () => this.#step());
    // Closed loop: goes somewhere and waits until everybody has been told, rests, goes on. It ends with the connection.
    for (;;) {
      await this.#travel();
      await this.sleep(restMs + this.random.int(0, restMs));
    }
  }

  /** The client leaves as planned: what is sent here is still sent. */
  override onLeave(): void {
    this.send('C_LeaveGame');
  }

  #step(): void {
    this.#x += this.random.int(-1, 1);
    this.#z += this.random.int(-1, 1);
    this.send('C_Move', { posX: this.#x, posY: 0, posZ: this.#z });
  }

  /** Everybody's moves are broadcast, one's own among them: the one with a height of its own, the client's number, is the reply. */
  async #travel(): Promise<void> {
    const there: Place = { posX: this.random.int(0, 100), posY: this.index + 1, posZ: this.random.int(0, 100) };
    const { playerId } = await this.request('C_Move', there, 'S_BroadcastMove', { timeoutMs: 2000, where: there });
    this.check('was seen to move', this.#others.has(playerId));
    // Metrics of its own, which the summary and the report show by these names.
    this.metric.counter('journeys').add();
    this.metric.trend('players known', 'count').record(this.#others.size);
  }
}
