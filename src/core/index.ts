/** The embeddable server core: `import { Listener, PacketSession } from 'tcp-swarm/core'`. */

export type { CancelSignal } from './cancel-signal.js';
export { type Clock, systemClock, type TimerHandle } from './clock.js';
export { type ConnectOptions, Connector } from './connector.js';
export type { DisconnectCause, DisconnectReason } from './disconnect-reason.js';
export { CoreError, ProtocolError } from './errors.js';
export { compileFraming, type FrameParser } from './frame-parser.js';
export { compileFrameWriter, type FrameWriter } from './frame-writer.js';
export {
  type DelimiterFraming,
  type FixedFraming,
  type Framing,
  type HeaderField,
  type LengthFraming,
  maxPacketSizeOf,
  type RawFraming,
  serverCoreFraming,
} from './framing.js';
export { largestIdOf } from './header.js';
export { JobQueue } from './job-queue.js';
export { JobTimer } from './job-timer.js';
export { Listener, type ListenOptions } from './listener.js';
export { localAddressFailure } from './local-address.js';
export { createTransportPair, type TransportPairOptions } from './memory-transport.js';
export type {
  ConnectAttempt,
  ConnectHandler,
  ListenHandler,
  Network,
  NetworkListenOptions,
  ServerTlsOptions,
} from './network.js';
export { PacketSession, type PacketSessionOptions } from './packet-session.js';
export { RecvBuffer } from './recv-buffer.js';
export { SendBuffer, SendBufferHelper } from './send-buffer.js';
export { Session, type SessionOptions } from './session.js';
export type { SocketOptions, TlsOptions } from './socket-options.js';
export { longestSocketPath } from './socket-path.js';
export { type EndPoint, familyOf, formatEndPoint, type Transport, type TransportHandler } from './transport.js';
