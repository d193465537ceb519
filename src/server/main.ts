/** The embedded server's process: it obeys the messages of the process that forked it, and ends when the channel closes. */
import { ignoreSignals, parentCarrier } from '../control/ipc.js';
import type { FromServer, ToServer } from '../control/server-messages.js';
import { type RunningServer, startServer } from './server.js';

const carrier = parentCarrier<FromServer, ToServer>();
let server: RunningServer | undefined;

ignoreSignals();
carrier.onMessage((message) => {
  obey(message).catch((error: unknown) => {
    carrier.send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});
carrier.onClose(() => process.exit());

async function obey(message: ToServer): Promise<void> {
  switch (message.type) {
    case 'listen': {
      const { mode, faults, seed } = message;
      server = await startServer({ mode, endPoint: { host: '127.0.0.1', port: 0 }, faults, seed });
      carrier.send({ type: 'listening', endPoint: server.endPoint });
      return;
    }
    case 'close':
      if (server !== undefined) carrier.send({ type: 'closed', totals: await server.close() });
  }
}
