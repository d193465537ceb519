import { Bot } from 'tcp-swarm';

interface Packets {
  Say: { id: bigint; at: { x: number; y: number }; scores: number[]; token: Uint8Array; text: string };
}

export default class Caller extends Bot<Packets> {
  override async onPlay(): Promise<void> {
    const heard: bigint[] = [];
    this.on('Say', (said) => heard.push(said.id));
    const ids = [1n, 2n, 3n].map((n) => 2n ** 60n + n + 10n * BigInt(this.index));
    await Promise.all(ids.map((id) => this.#say(id)));
    this.check('heard', heard.join() === ids.join());
  }

  async #say(id: bigint): Promise<void> {
    const sent = { id, at: { x: 1.5, y: -2 }, scores: [1, -2], token: Uint8Array.of(0, 255), text: 'héllo' };
    const back = await this.request('Say', sent, 'Say', { where: { id } });
    this.check('id', back.id === id);
    this.check('at', back.at.x === 1.5 && back.at.y === -2);
    this.check('scores', back.scores.join() === '1,-2');
    this.check('token', back.token.join() === '0,255');
    this.check('text', back.text === 'héllo');
  }
}
