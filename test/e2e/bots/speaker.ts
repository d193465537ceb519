import { Bot } from 'tcp-swarm';

interface Packets {
  C_Chat: { chat: string };
  S_Chat: { playerId: number; chat: string };
}

export default class Speaker extends Bot<Packets> {
  override onPlay(): void {
    this.every({ rate: 5 }, () => this.broadcast('C_Chat', 'S_Chat', (stamp) => ({ chat: `hello ${stamp}` })));
  }
}
