import { type AddressInfo, createServer, type Socket } from 'node:net';

// A server of any packet format: what a connection says first is what it is sent, five hundred times at once, four times a second.
// Prints its port, and ends when its input does.

const copies = 500;
const batches = new Map<Socket, Buffer>();

const server = createServer((socket) => {
  socket.once('data', (frame) => batches.set(socket, Buffer.concat(new Array<Buffer>(copies).fill(frame))));
  socket.on('error', () => {});
  socket.on('close', () => batches.delete(socket));
});

setInterval(() => {
  // Who does not read is left out: what waits to be sent would only grow.
  for (const [socket, batch] of batches) if (socket.writableLength === 0) socket.write(batch);
}, 250);

server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
