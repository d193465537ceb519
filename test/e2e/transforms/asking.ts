import { Bot } from 'tcp-swarm';

interface Packets {
  C_Ask: { n: number; text: string };
  S_Answer: { n: number; text: string };
}

export default class Asking extends Bot<Packets> {
  override async onPlay(): Promise<void> {
    for (let n = 0; ; n++) {
      const text = `bot ${this.index}`;
      const answer = await this.request('C_Ask', { n, text }, 'S_Answer');
      this.check('comes back as it was', answer.n === n && answer.text === text);
      await this.sleep(50);
    }
  }
}
