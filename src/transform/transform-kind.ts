import type { ClientHost } from '../client/host.js';
import type { Kind, KindSurroundings } from '../client/kind.js';
import { compileFraming, type PacketSessionOptions } from '../core/index.js';
import type { Counter } from '../metrics/recorder.js';
import type { Protocol, Side } from '../packets/index.js';
import type { ProtocolPlan, TransformPlan } from '../scenario/plan.js';
import {
  compileReceiveCover,
  compileSendCover,
  largestDecodedOf,
  type ReceiveCover,
  type SendCover,
  streamCover,
} from './cover.js';
import type { TransformCode, TransformedPacket } from './transform.js';

/** What the transformed sessions of one client kind share. */
export class TransformKind {
  readonly code: TransformCode;
  readonly sendCover: SendCover;
  /** Null where the stream is covered: then there are no frames before it is decoded. */
  readonly receiveCover: ReceiveCover | null;
  /** The most bytes that one `decode` may give. */
  readonly largestDecoded: number;
  readonly sessionOptions: PacketSessionOptions;
  readonly #protocol: Protocol;
  readonly #sendIdOf: (frame: Uint8Array, start: number) => number;
  readonly #kind: Kind;
  readonly #errors: Counter;

  constructor(
    kind: Kind,
    { protocol, recorder, sessionOptions }: KindSurroundings,
    { send, receive }: ProtocolPlan,
    { covers }: TransformPlan,
    code: TransformCode,
  ) {
    this.code = code;
    this.sendCover = covers === 'stream' ? streamCover : compileSendCover(send, covers);
    this.receiveCover = covers === 'stream' ? null : compileReceiveCover(receive, covers);
    this.largestDecoded = largestDecodedOf(receive);
    // A cipher has moved on once it has encoded: sessions look whether there is room before that, and nothing is refused behind it.
    const maxQueuedBytes = Number.POSITIVE_INFINITY;
    const wire = this.receiveCover?.wire ?? receive;
    this.sessionOptions = { ...sessionOptions, framing: { send, receive: wire }, maxQueuedBytes };
    this.#protocol = protocol;
    this.#sendIdOf = compileFraming(send).readId;
    this.#kind = kind;
    this.#errors = recorder.counter('transform_errors', { client: kind.name });
  }

  /** The packet of the frame at `start`, which is to be sent. */
  sentPacket(frame: Uint8Array, start: number): TransformedPacket | null {
    return this.#packetOf(this.#sendIdOf(frame, start), 'server');
  }

  /** The packet that came with this id; −1 where it could not be read. */
  receivedPacket(id: number): TransformedPacket | null {
    return this.#packetOf(id, 'client');
  }

  /** Counts an error of the user's code, and keeps its words for the report, which it returns. */
  countError(error: unknown, host: ClientHost): string {
    const phase = host.timeline.phaseAt(host.nowUs());
    this.#errors.add(1, phase);
    this.#kind.meters.countFailure(phase);
    const words = this.code.describe(error);
    host.sample(`transform ${words}`, words);
    return words;
  }

  #packetOf(id: number, side: Side): TransformedPacket | null {
    return id < 0 ? null : (this.#protocol.packetOf(id, side) ?? null);
  }
}
