import type { PacketSession, SendBufferHelper } from '../core/index.js';
import type { RateFactor } from '../load/rate-factor.js';
import type { Timeline } from '../load/timeline.js';
import type { Client } from './client.js';
import type { ReachBook } from './reach.js';

/** What a client needs of the worker it lives in. All times are run times in microseconds. */
export interface ClientHost {
  readonly timeline: Timeline;
  /** How the user steers what is sent. */
  readonly rateFactor: RateFactor;
  /** The chunk that all clients of the worker encode into. */
  readonly sendBuffer: SendBufferHelper;
  /** False once the run's sends have stopped: lists stand still and nothing new is sent. */
  readonly sending: boolean;
  /** Late by less than this is the timer's tick, not the server's doing: response time runs from `min(send, due + allowance)`. */
  readonly allowanceUs: number;
  nowUs(): number;
  /** A receive begins. */
  onReceive(): void;
  /** It is over: `session` has seen to so many bytes. Where it brings too much for one turn, it is paused for a while. */
  onReceived(session: PacketSession, bytes: number): void;
  /** What is received now may have waited for this process since then; valid during a receive. */
  readonly waitingSinceUs: number;
  /** Wakes the client at `atUs` at the latest. */
  wakeAt(client: Client, atUs: number): void;
  /** Opens a connection for `session` of `client`; `onFailed` gets the system's error code where none came about. */
  connect(client: Client, session: PacketSession, onFailed: (code: string, message: string) => void): void;
  /** One client more is connected, or one less. */
  countConnected(change: 1 | -1): void;
  /** The client has finished or failed its start list for the first time. */
  onStarted(client: Client): void;
  /** `loop` and `every` of the client have begun, for the first time or anew. */
  onPlaying(client: Client): void;
  /** Keeps one case of a kind of failure, so that the report can show the words beside the count; a function where they take work. */
  sample(kind: string, message: string | (() => string)): void;
  /** The reach of the plan's broadcasts, one book for each packet that brings one. */
  readonly books: readonly ReachBook[];
}
