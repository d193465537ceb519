import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Bot } from 'tcp-swarm';

export default class Grabber extends Bot {
  override async onStart(): Promise<void> {
    try {
      for (let i = 0; i < 1000; i++) openSync(devNull, 'r');
    } catch {
      // Nothing is left for anybody else: so it was meant.
    }
  }
}
