// A player whose life is written in TypeScript: the code behind `bot: ./player.ts` in scenario.yaml. It runs as it is; to have an
// editor check it, `npm install --save-dev tcp-swarm`.
import { Bot } from 'tcp-swarm';

/** » The packets that it sends and hears, each with its fields, so that the compiler knows them. */
interface Packets {
  C_Chat: { chat: string };
  S_Chat: { playerId: number; chat: string };
}

export default class Player extends Bot<Packets> {
  /** Every client has started. Each connection has an instance of its own, and the loop ends with the connection. */
  override async onPlay(): Promise<void> {
    for (let line = 0; ; line++) {
      await this.#talk(`line ${line} of player ${this.index}`);
      await this.sleep(this.random.int(300, 700));
    }
  }

  /** » Says something, and waits until the server has handed it out: measured as service_time{client:player}. */
  async #talk(chat: string): Promise<void> {
    // `where` tells its own line from everybody else's.
    const { playerId } = await this.request('C_Chat', { chat }, 'S_Chat', { timeoutMs: 2000, where: { chat } });
    this.check('has a number', playerId > 0);
    // A metric of its own, which thresholds know as bot_counter{name:lines}.
    this.metric.counter('lines').add();
  }
}
