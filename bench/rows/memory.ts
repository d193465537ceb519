import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HeapGrowth, play } from '../harness/play.js';
import { type Row, subject } from '../harness/row.js';
import { scratchFolder } from '../harness/scratch.js';
import { barePingPong, startEchoServer } from '../harness/yardstick.js';

/** With so large a young generation little is collected, so the heap's growth is what was allocated. */
const undisturbedHeap = ['--min-semi-space-size=512', '--max-semi-space-size=512'];

export const allocation: Row = {
  name: 'allocation',
  what: 'heap allocated for a round trip, one in flight, beside bare node:net',
  unit: 'bytes a round trip',
  goals: [{ what: 'bytes of ours', read: (median) => median(subject) - median('node:net'), atMost: 0.5 }],
  async prepare({ yardstick, builds }) {
    const { port, stop } = await startEchoServer(yardstick);
    const file = join(scratchFolder(), 'heap.json');
    process.env.SWARM_BENCH_HEAP = file;
    const contenders = builds.map(({ name, folder }) => ({
      name,
      async run() {
        const nodeOptions = [...undisturbedHeap, '--import', `${folder}bench/programs/heap-probe.js`];
        await play({ build: folder, scenario: 'round-trip', port, nodeOptions });
        const { heapBytes, packetsReceived } = JSON.parse(readFileSync(file, 'utf8')) as HeapGrowth;
        if (packetsReceived === 0) throw new Error('something was collected in every second: the growth says nothing');
        return heapBytes / packetsReceived;
      },
    }));
    contenders.push({
      name: 'node:net',
      run: async () => (await barePingPong(port, 1, undisturbedHeap)).heapBytesPerRoundTrip,
    });
    return { contenders, close: stop };
  },
};

export const idle: Row = {
  name: 'idle',
  what: 'resident memory of an idle connection in a worker, 15,000 of them',
  unit: 'KiB a connection',
  goals: [{ what: 'KiB a connection', read: (median) => median(subject), atMost: 10 }],
  async prepare({ yardstick, builds }) {
    const { port, stop } = await startEchoServer(yardstick);
    return {
      contenders: builds.map(({ name, folder }) => ({
        name,
        async run() {
          const one = await play({ build: folder, scenario: 'idle', port, clients: 1, duration: '2s' });
          const all = await play({ build: folder, scenario: 'idle', port });
          if (all.connectedRssBytes === 0) throw new Error('not all were connected when the worker reported');
          return (all.connectedRssBytes - one.connectedRssBytes) / 14_999 / 1024;
        },
      })),
      close: stop,
    };
  },
};
