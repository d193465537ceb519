import { connect, type Socket } from 'node:net';
import { getHeapStatistics } from 'node:v8';

// A closed-loop client on node:net and nothing else: what Node itself costs. Its arguments and its line of JSON are those of
// yardstick/pingpong-client.c; the first second is for the compiler and is not measured.

const [port = 0, connections = 0, seconds = 0, depth = 0] = process.argv.slice(2).map(Number);
const packetBytes = 32;
const warmupMs = 1_000;

const burst = Buffer.alloc(packetBytes * depth);
for (let at = 0; at < burst.length; at += packetBytes) burst.set([packetBytes, 0, 1, 0], at);
const shared = Buffer.allocUnsafeSlow(64 * 1024);

let roundTrips = 0;

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let partial = 0;
    const socket: Socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: shared,
        callback(size) {
          const have = partial + size;
          const whole = Math.floor(have / packetBytes);
          partial = have % packetBytes;
          roundTrips += whole;
          if (whole > 0) socket.write(whole === depth ? burst : burst.subarray(0, whole * packetBytes));
          return true;
        },
      },
    });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

const sockets: Socket[] = [];
while (sockets.length < connections) sockets.push(await open());
for (const socket of sockets) socket.write(burst);

setTimeout(() => {
  const before = { roundTrips, cpu: process.cpuUsage(), heapBytes: getHeapStatistics().used_heap_size };
  setTimeout(() => {
    const cpu = process.cpuUsage(before.cpu);
    const heapBytes = getHeapStatistics().used_heap_size - before.heapBytes;
    const made = roundTrips - before.roundTrips;
    const result = {
      connections,
      depth,
      roundTrips: made,
      cpuUsPerRoundTrip: (cpu.user + cpu.system) / made,
      heapBytesPerRoundTrip: heapBytes / made,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit());
  }, seconds * 1000);
}, warmupMs);
