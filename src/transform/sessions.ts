import type { SessionFactory } from '../client/client-session.js';
import type { ProtocolPlan, TransformPlan } from '../scenario/plan.js';
import { FrameSession } from './frame-session.js';
import { StreamSession } from './stream-session.js';
import type { TransformCode } from './transform.js';
import { TransformKind } from './transform-kind.js';

/**
 * Makes the sessions of clients whose bytes go through a transform, of which `code` makes one for each connection. `onStray` is told,
 * with each client, who counts errors that the user's code let drop.
 */
export function transformedSessions(
  protocol: ProtocolPlan,
  transform: TransformPlan,
  code: TransformCode,
  onStray: (countStray: (error: unknown) => void) => void = () => {},
): SessionFactory {
  const Session = transform.covers === 'stream' ? StreamSession : FrameSession;
  return (kind, shared) => {
    const transformKind = new TransformKind(kind, shared, protocol, transform, code);
    return (client) => {
      onStray((error) => transformKind.countError(error, client.host));
      return new Session(client, transformKind);
    };
  };
}
