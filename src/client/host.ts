import type { EndPoint, PacketSession, SendBufferHelper } from '../core/index.js';
import type { Timeline } from '../load/timeline.js';
import type { Client } from './client.js';

/** What a client needs of the worker it lives in. All times are run times in microseconds. */
export interface ClientHost {
  readonly timeline: Timeline;
  /** The chunk that all clients of the worker encode into. */
  readonly sendBuffer: SendBufferHelper;
  /** False once the run's sends have stopped: lists stand still and nothing new is sent. */
  readonly sending: boolean;
  nowUs(): number;
  /** Wakes the client at `atUs` at the latest. */
  wakeAt(client: Client, atUs: number): void;
  /** Opens a connection for `session`; `onFailed` gets the system's error code where none came about. */
  connect(session: PacketSession, onFailed: (code: string, message: string) => void): void;
  /** The client has finished or failed its start list for the first time. */
  onStarted(client: Client): void;
  /** Keeps one case of a kind of failure, so that the report can show the words beside the count. */
  sample(kind: string, message: string): void;
  readonly target: EndPoint;
}

/** Late by less than this is the timer's tick, not the server's doing: response time runs from `min(send, due + allowance)`. */
export const allowanceUs = 1000;
