import { Bot } from 'tcp-swarm';

interface Packets {
  text: { line: string };
}

export default class Reader extends Bot<Packets> {
  override async onStart(): Promise<void> {
    const { line } = await this.expect('text');
    this.check('greeting', line === 'welcome');
  }

  override async onPlay(): Promise<void> {
    let lines = 0;
    this.on('text', () => lines++);
    for (const word of ['one', 'two']) {
      const { line } = await this.request('text', { line: word }, 'text');
      this.check('answer', line === word.toUpperCase());
    }
    this.check('lines', lines === 2);
    this.every(200, () => this.broadcast('text', 'text', (stamp) => ({ line: `all ${stamp}` })));
  }
}
