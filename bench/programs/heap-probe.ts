import { writeFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { FromWorker } from '../../src/control/messages.js';
import { readAmounts } from '../../src/metrics/snapshot-codec.js';
import type { HeapGrowth } from '../harness/play.js';

// Imported into a worker before its own code: notes by how much the heap grows between snapshots of the measured window, and how many
// packets came meanwhile, and writes both to the file that SWARM_BENCH_HEAP names. The worker itself is as it always is.

const { SWARM_BENCH_HEAP: file } = process.env;
if (file !== undefined && process.argv[1]?.endsWith('worker/main.js')) watch(file);

function watch(file: string): void {
  const growth: HeapGrowth = { heapBytes: 0, packetsReceived: 0 };
  const received = new Set<number>();
  let known = 0;
  let beforeBytes = 0;
  let collections = 0;
  new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  }).observe({ entryTypes: ['gc'] });

  const send = process.send!.bind(process);
  process.send = (message: FromWorker, ...rest: never[]) => {
    if (message.type === 'snapshot') {
      const { phase, newSeries, counters } = message.snapshot;
      for (const { metric } of newSeries) {
        if (metric === 'packets_received') received.add(known);
        known++;
      }
      let packets = 0;
      readAmounts(counters, (series, _slot, amount) => {
        if (received.has(series)) packets += amount;
      });
      const usedBytes = getHeapStatistics().used_heap_size;
      // An interval in which something was collected says nothing.
      if (phase === 1 && collections === 0) {
        growth.heapBytes += usedBytes - beforeBytes;
        growth.packetsReceived += packets;
      }
      beforeBytes = usedBytes;
      collections = 0;
    }
    return send(message, ...rest);
  };
  process.on('exit', () => writeFileSync(file, JSON.stringify(growth)));
}
