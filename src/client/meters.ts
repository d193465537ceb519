import type { DisconnectedCause, DropCause, Phase } from '../metrics/catalog.js';
import type { Counter, Rate, Recorder, Trend } from '../metrics/recorder.js';
import { Audit } from './audit.js';

/** `open`: due on time whatever the server does. `closed`: due when the step before ended. Never merged. */
export type Arrival = 'open' | 'closed';

/** The series of one client kind that do not belong to a packet or step. */
export interface KindMeters {
  readonly connectTime: Trend;
  readonly handshakeTime: Trend;
  readonly connects: Counter;
  readonly dataSent: Counter;
  readonly dataReceived: Counter;
  readonly recvBatch: Trend;
  readonly recvBytes: Trend;
  readonly sendBatch: Trend;
  readonly sendBytes: Trend;
  readonly iterations: Counter;
  readonly errors: Rate;
  readonly audit: Audit;
  /** An attempt that nobody made and that failed: what broke by itself. */
  countFailure(phase?: Phase): void;
  connectFailures(code: string): Counter;
  disconnects(cause: DisconnectedCause): Counter;
  protocolErrors(code: string): Counter;
  /** A packet of so many bytes, that the definitions do not have. */
  countUnknownPacket(bytes: number): void;
}

export function kindMeters(recorder: Recorder, client: string): KindMeters {
  const tags = { client };
  const errors = recorder.rate('errors', tags);
  const unknown = remembered((metric: 'packets_received' | 'packet_data_received') =>
    recorder.counter(metric, { packet: 'unknown', client }),
  );
  return {
    connectTime: recorder.trend('connect_time', tags),
    handshakeTime: recorder.trend('tls_handshake_time', tags),
    connects: recorder.counter('connects', tags),
    dataSent: recorder.counter('data_sent', tags),
    dataReceived: recorder.counter('data_received', tags),
    recvBatch: recorder.trend('recv_batch', tags),
    recvBytes: recorder.trend('recv_bytes', tags),
    sendBatch: recorder.trend('send_batch', tags),
    sendBytes: recorder.trend('send_bytes', tags),
    iterations: recorder.counter('iterations', tags),
    errors,
    countFailure(phase) {
      errors.count(phase);
      errors.hit(phase);
    },
    audit: new Audit(recorder, client),
    connectFailures: remembered((code) => recorder.counter('connect_failures', { client, code })),
    disconnects: remembered((cause) => recorder.counter('disconnects', { client, cause })),
    protocolErrors: remembered((code) => recorder.counter('protocol_errors', { client, code })),
    countUnknownPacket(bytes) {
      unknown('packets_received').add(1);
      unknown('packet_data_received').add(bytes);
    },
  };
}

/** A server may break the protocol with every packet that it sends: the recorder, which looks series up by all their tags, is asked once. */
function remembered<Tag extends string>(counterOf: (tag: Tag) => Counter): (tag: Tag) => Counter {
  const counters = new Map<Tag, Counter>();
  return (tag) => {
    let counter = counters.get(tag);
    if (counter === undefined) {
      counter = counterOf(tag);
      counters.set(tag, counter);
    }
    return counter;
  };
}

/** A request that was sent. Handed on as it is: each time that crosses a call by itself would be boxed, 16 bytes of the heap. */
export interface SentRequest {
  readonly dueUs: number;
  readonly sentUs: number;
  readonly phase: Phase;
}

/** The series of one `send` step: what was sent, and how its replies came. */
export class RequestMeters {
  readonly arrival: Arrival;
  readonly #sent: Counter;
  readonly #sentBytes: Counter;
  readonly #response: Trend | null;
  readonly #service: Trend;
  readonly #lag: Trend | null;
  readonly #audit: Audit;
  readonly #late: Counter;
  readonly #uncertain: Counter;
  readonly #dropped: (cause: DropCause) => Counter;
  readonly #allowanceUs: number;

  constructor(recorder: Recorder, client: string, packet: string, step: string, arrival: Arrival, allowanceUs: number) {
    const tags = { packet, client, step };
    this.arrival = arrival;
    this.#allowanceUs = allowanceUs;
    this.#sent = recorder.counter('packets_sent', { packet, client });
    this.#sentBytes = recorder.counter('packet_data_sent', { packet, client });
    // A closed step is due when it is sent: its response time would only repeat the service time under a better name.
    this.#response = arrival === 'open' ? recorder.trend('response_time', { ...tags, arrival }) : null;
    this.#service = recorder.trend('service_time', { ...tags, arrival });
    this.#lag = arrival === 'open' ? recorder.trend('send_lag', { client, step }) : null;
    this.#audit = new Audit(recorder, client);
    this.#late = recorder.counter('late_replies', tags);
    this.#uncertain = recorder.counter('uncertain_matches', tags);
    this.#dropped = (cause) => recorder.counter('dropped_sends', { ...tags, cause });
  }

  onSent(bytes: number, dueUs: number, sentUs: number, phase: Phase): void {
    this.#sent.add(1);
    this.#sentBytes.add(bytes);
    this.#lag?.record(sentUs - dueUs, phase);
  }

  /** `waitedUs`: how long the reply may have waited for this process before `arrivedUs`. */
  onReply({ dueUs, sentUs, phase }: SentRequest, arrivedUs: number, waitedUs: number): void {
    const serviceUs = arrivedUs - sentUs;
    this.#service.record(serviceUs, phase);
    if (this.#response === null) {
      this.#audit.judge(serviceUs, waitedUs, phase);
      return;
    }
    const lagUs = Math.max(0, sentUs - dueUs - this.#allowanceUs);
    this.#response.record(serviceUs + lagUs, phase);
    this.#audit.judge(serviceUs + lagUs, waitedUs + lagUs, phase);
  }

  /** No reply, and there will be none: it took at least until `knownUs`. */
  onUnanswered(dueUs: number, sentUs: number, knownUs: number, phase: Phase): void {
    this.#service.recordUnanswered(knownUs - sentUs, phase);
    this.#response?.recordUnanswered(knownUs - dueUs, phase);
  }

  /** A send that was due and not made: no reply will come within its timeout. */
  onNeverSent(timeoutUs: number, phase: Phase): void {
    this.#response?.recordUnanswered(timeoutUs, phase);
  }

  onLateReply(phase: Phase): void {
    this.#late.add(1, phase);
  }

  onUncertainMatch(phase: Phase): void {
    this.#uncertain.add(1, phase);
  }

  onDropped(cause: DropCause, phase: Phase): void {
    this.#dropped(cause).add(1, phase);
  }
}
