import { play } from '../harness/play.js';
import { type Row, subject } from '../harness/row.js';

/** What 500 clients of a chat room receive: the reference server gathers for 250 ms, and flushes to all. */
function broadcastRow(
  name: string,
  what: string,
  scenario: string,
  counted: 'packetsReceived' | 'broadcastTimes',
  atLeast: number,
): Row {
  return {
    name,
    what,
    unit: 'packets a second and core',
    goals: [{ what: 'packets a second and core', read: (median) => median(subject), atLeast }],
    async prepare({ builds }) {
      let meanBatch = 0;
      return {
        contenders: builds.map((build) => ({
          name: build.name,
          async run() {
            const played = await play({ build: build.folder, scenario });
            meanBatch = played.meanBatch;
            return played[counted] / (played.cpuUs / 1e6);
          },
        })),
        remark: () => `a receive brought ${Math.round(meanBatch)} packets on average`,
        close: async () => {},
      };
    },
  };
}

export const receive = broadcastRow(
  'receive',
  'packets received from batched broadcasts of a small chat packet, counted and batched',
  'chat',
  'packetsReceived',
  4_000_000,
);

export const broadcast = broadcastRow(
  'broadcast',
  'the same, with broadcast_time recorded for every copy from a stamp in a UTF-16 string',
  'broadcast',
  'broadcastTimes',
  1_500_000,
);
