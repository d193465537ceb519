import { play } from '../harness/play.js';
import { type Row, subject } from '../harness/row.js';
import { startEchoServer } from '../harness/yardstick.js';

/** As in scenarios/connects.yaml. */
const clients = 5_000;

export const connects: Row = {
  name: 'connects',
  what: 'connects a second over loopback, 5,000 asked for at once',
  unit: 'a second',
  goals: [{ what: 'connects a second', read: (median) => median(subject), atLeast: 4_000 }],
  async prepare({ yardstick, builds }) {
    const { port, stop } = await startEchoServer(yardstick);
    return {
      contenders: builds.map(({ name, folder }) => ({
        name,
        async run() {
          const { lastConnectMs } = await play({ build: folder, scenario: 'connects', port });
          return clients / (lastConnectMs / 1000);
        },
      })),
      close: stop,
    };
  },
};
