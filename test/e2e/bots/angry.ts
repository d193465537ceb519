import { Bot } from 'tcp-swarm';

interface Mood {
  readonly patience: number;
}

export default class Angry extends Bot {
  override async onStart(): Promise<void> {
    await this.sleep(10);
    const mood: unknown = { patience: 0 };
    // What is a type here is gone in what runs: the column is this file's all the same.
    if ((mood as Mood).patience === 0) throw new Error('the room is too loud');
  }
}
