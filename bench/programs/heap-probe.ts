import { writeFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { FromWorker } from '../../src/control/messages.js';
import type { HeapGrowth } from '../harness/play.js';

// Imported into a worker before its own code: notes how large the heap is with each snapshot, and at the end writes by how much it grew
// in the measured window to the file that SWARM_BENCH_HEAP names. The worker itself is as it always is.

const { SWARM_BENCH_HEAP: file } = process.env;
if (file !== undefined && process.argv[1]?.endsWith('worker/main.js')) watch(file);

function watch(file: string): void {
  let beforeBytes = 0;
  let afterBytes = 0;
  let collections = 0;
  new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  }).observe({ entryTypes: ['gc'] });

  const send = process.send!.bind(process);
  process.send = (message: FromWorker, ...rest: never[]) => {
    if (message.type === 'snapshot') {
      const { phase } = message.snapshot;
      const usedBytes = getHeapStatistics().used_heap_size;
      if (phase === 0) [beforeBytes, collections] = [usedBytes, 0];
      if (phase === 1) afterBytes = usedBytes;
    }
    return send(message, ...rest);
  };
  process.on('exit', () => {
    const growth: HeapGrowth = { heapBytes: afterBytes - beforeBytes, collections };
    writeFileSync(file, JSON.stringify(growth));
  });
}
