import { Bot } from 'tcp-swarm';

export default class Stuck extends Bot {
  override onPlay(): void {
    // The first client never comes to an end.
    while (this.index === 0) {}
  }
}
