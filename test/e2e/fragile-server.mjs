// An echo server that believes every size: one below the header's brings it down, and everyone with it.
import { createServer } from 'node:net';

const server = createServer((socket) => {
  let rest = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4) {
      const size = rest.readUInt16LE(0);
      if (size < 4) throw new RangeError(`a packet of ${size} bytes`);
      if (rest.length < size) return;
      socket.write(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
