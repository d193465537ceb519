import { systemClock } from '../../src/core/index.js';
import { Recorder } from '../../src/metrics/recorder.js';

// Records latencies spread over four orders of magnitude in several series by turns, as a worker does, and prints what one costs.

const values = Float64Array.from({ length: 4096 }, (_, i) => 50 * 10 ** (((i * 1103) % 4096) / 1024));
const recorder = new Recorder({ worker: 0 });
const trends = ['a', 'b', 'c', 'd'].map((step) => recorder.trend('service_time', { step }));

function record(times: number): void {
  for (let i = 0; i < times; i++) trends[i & 3]!.record(values[i & 4095]!, 1);
}

const warmup = 2_000_000;
const measured = 20_000_000;
record(warmup);
const startUs = systemClock.nowUs();
record(measured);
const nanoseconds = ((systemClock.nowUs() - startUs) * 1000) / measured;
process.stdout.write(`${JSON.stringify({ nanoseconds })}\n`);
