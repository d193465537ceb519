import { Bot } from 'tcp-swarm';

export default class Careless extends Bot {
  override onPlay(): void {
    void this.#later();
  }

  async #later(): Promise<void> {
    await this.sleep(10);
    throw new Error('nobody waited for this');
  }
}
