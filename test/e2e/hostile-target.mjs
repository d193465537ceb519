// A server that treats its clients badly, in a process of its own: `node hostile-target.mjs flood` or `… deaf`. Prints its port, and ends
// after three minutes at the latest.
import { createServer } from 'node:net';

const endAfterMs = 180_000;
const [, , mode] = process.argv;

/** 4,000 packets of 16 bytes with the id 1. */
function burst() {
  const packet = Buffer.alloc(16);
  packet.writeUInt16LE(16, 0);
  packet.writeUInt16LE(1, 2);
  return Buffer.concat(Array.from({ length: 4000 }, () => packet));
}

const flood = burst();

const server = createServer((socket) => {
  const pour = () => {
    while (socket.writable && socket.write(flood));
  };
  socket
    .on('error', () => {})
    .on('drain', pour)
    .resume();
  pour();
});

server.listen({ host: '127.0.0.1', port: 0, backlog: mode === 'deaf' ? 1 : 511 }, () => {
  process.stdout.write(`${server.address().port}\n`, () => {
    // Accepts nobody, so that its backlog fills.
    if (mode === 'deaf') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, endAfterMs);
  });
});
setTimeout(() => process.exit(), endAfterMs);
