import { type AddressInfo, createServer } from 'node:net';

// An echo server on node:net, for machines without a C compiler. As yardstick/echo-server.c, it prints its port and ends when its
// input does.

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.pipe(socket);
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
