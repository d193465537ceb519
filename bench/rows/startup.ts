import { type AddressInfo, createServer } from 'node:net';
import { runToEnd } from '../harness/child.js';
import { packageFolder, scenarioFile } from '../harness/paths.js';
import { type Row, subject } from '../harness/row.js';
import { scratchFolder } from '../harness/scratch.js';

const swarm = `${packageFolder}bin/swarm.js`;

export const version: Row = {
  name: 'version',
  what: '`swarm --version`, from start to end',
  unit: 'ms',
  goals: [{ what: 'ms', read: (median) => median(subject), atMost: 150 }],
  async prepare() {
    return {
      contenders: [
        { name: subject, run: async () => (await runToEnd(process.execPath, [swarm, '--version'])).elapsedMs },
        { name: 'bare node', run: async () => (await runToEnd(process.execPath, ['-e', '0'])).elapsedMs },
      ],
      close: async () => {},
    };
  },
};

export const firstPacket: Row = {
  name: 'first-packet',
  what: 'from `swarm run` to the first packet at the server',
  unit: 'ms',
  goals: [{ what: 'ms', read: (median) => median(subject), atMost: 1000 }],
  async prepare() {
    let heard = (): void => {};
    const server = createServer((socket) => socket.once('data', () => heard()).on('error', () => {}));
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const { port } = server.address() as AddressInfo;
    const out = scratchFolder();
    const args = [swarm, 'run', scenarioFile('first-packet'), '--target', `127.0.0.1:${port}`, '--out', out, '--quiet'];
    return {
      contenders: [
        {
          name: subject,
          async run() {
            const startMs = performance.now();
            let elapsedMs = Number.NaN;
            heard = () => {
              elapsedMs = performance.now() - startMs;
            };
            await runToEnd(process.execPath, args);
            return elapsedMs;
          },
        },
      ],
      close: () => new Promise<void>((resolve) => server.close(() => resolve())),
    };
  },
};
