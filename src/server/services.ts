import type { ServerMode } from '../control/server-messages.js';
import { JobTimer, type Session, serverCoreFraming } from '../core/index.js';
import { ChatRoom } from './chat-room.js';
import { CountedSession } from './counted-session.js';
import { EchoSession } from './echo-session.js';
import { HelloSession } from './hello-session.js';
import { MoveRoom } from './move-room.js';
import type { ServerContext, Service } from './service.js';

/** Makes the service of `mode`. A room's flush begins to tick at once. */
export function createService(mode: ServerMode, server: ServerContext): Service {
  switch (mode) {
    case 'chat':
      return new ChatRoom(server);
    case 'move':
      return new MoveRoom(server);
    case 'echo':
      return nameless(() => new EchoSession(server));
    case 'sink':
      return nameless(() => new CountedSession(server));
    case 'hello': {
      const timer = new JobTimer({ clock: server.clock });
      const service = nameless(() => new HelloSession(server, timer));
      return { ...service, framing: { kind: 'raw' }, stop: () => timer.clear() };
    }
  }
}

/** A service whose sessions have nothing to do with each other, and which knows no packet by name. */
function nameless(createSession: () => Session): Service {
  return {
    framing: serverCoreFraming,
    createSession,
    stop: () => {},
    receivedNames: () => null,
    sentNames: () => null,
  };
}
