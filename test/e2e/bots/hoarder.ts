import { Bot } from 'tcp-swarm';

const hoard: string[][] = [];

export default class Hoarder extends Bot {
  override onPlay(): void {
    // Never lets go of anything.
    this.every(10, () => hoard.push(Array.from({ length: 100_000 }, (_, i) => `${i} of ${hoard.length}`)));
  }
}
