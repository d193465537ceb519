import { type CoreError, createTransportPair, type Framing, type Transport } from '../../src/core/index.js';
import { FaultyConnection } from '../../src/faults/faulty-connection.js';
import { FaultyKind } from '../../src/faults/faulty-kind.js';
import { PacketPlayer } from '../../src/faults/packet-player.js';
import { RandomStream } from '../../src/load/random.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { FaultName, FaultPlan, FaultTimes, ProtocolPlan } from '../../src/scenario/plan.js';
import { stateWith } from '../metrics/snapshots.js';
import { ManualClock } from '../support/manual-clock.js';
import { planOf } from '../support/plans.js';

/** A fault without the times that all have; played from the first moment to the last. */
type Untimed = FaultPlan extends infer Fault
  ? Fault extends FaultTimes
    ? Omit<Fault, keyof FaultTimes>
    : never
  : never;

export function always(fault: Untimed): FaultPlan {
  return { ...fault, fromMs: 0, untilMs: null } as FaultPlan;
}

/** Plays faults of one client between a session, as the test plays it, and a peer that writes down what comes. */
export class Rig {
  readonly clock: ManualClock;
  /** What came, chunk by chunk, in hex. */
  readonly received: string[] = [];
  /** How the connection ended for the peer. */
  ended: 'no' | 'end' | string = 'no';
  /** What the session got, in hex. */
  readonly heard: string[] = [];
  /** How many writes the session was told are complete. */
  drained = 0;
  /** Bytes that went out, as the client counts them. */
  written = 0;
  /** The fault that ended the connection. */
  failed: FaultName | undefined;
  connection: FaultyConnection;
  peer: Transport;
  readonly #recorder = new Recorder({ worker: 0 });
  readonly #totals = new TotalsBuilder();
  readonly #client;

  constructor(faults: readonly FaultPlan[], { seed = 1, send, preamble = [] }: RigOptions = {}) {
    // A turn takes a microsecond: what a pause parts comes apart, all else at once.
    const clock = new ManualClock({ turnUs: 1 });
    this.clock = clock;
    const protocol: ProtocolPlan = { ...planOf([]).protocol, preamble, ...(send !== undefined && { send }) };
    const kind = new FaultyKind('vandal', faults, protocol, this.#recorder);
    const randoms = faults.map((_, i) => RandomStream.of(seed, 'fault', 0, i));
    this.#client = {
      kind,
      randoms,
      packets: new PacketPlayer(kind, randoms),
      clock,
      nowMs: () => clock.nowUs() / 1000,
      onWritten: (bytes: number) => {
        this.written += bytes;
      },
      fail: (fault: FaultName) => {
        this.failed = fault;
        this.connection.destroy();
      },
    };
    [this.connection, this.peer] = this.#connect();
  }

  /** The client connects anew. */
  reconnect(): void {
    this.connection.destroy();
    this.failed = undefined;
    [this.connection, this.peer] = this.#connect();
  }

  #connect(): [FaultyConnection, Transport] {
    const [near, far] = createTransportPair({ clock: this.clock });
    far.open({
      onChunk: (buffer, start, end) => this.received.push(hex(buffer.subarray(start, end))),
      onEnd: () => {
        this.ended = 'end';
      },
      onError: ({ code }: CoreError) => {
        this.ended = code;
      },
      onDrained() {},
    });
    this.connection = new FaultyConnection(this.#client, near);
    this.connection.open({
      onChunk: (buffer, start, end) => this.heard.push(hex(buffer.subarray(start, end))),
      onEnd() {},
      onError() {},
      onDrained: () => {
        this.drained++;
      },
    });
    return [this.connection, far];
  }

  /** The session writes these frames, and a little time passes. */
  write(...frames: readonly string[]): void {
    this.connection.write(frames.map((frame) => Buffer.from(frame.replaceAll(' ', ''), 'hex')));
    this.clock.advance(0.05);
  }

  /** How often each fault was played. */
  played(fault: FaultName): number {
    this.#totals.add(this.#recorder.snapshot(0, 1_000_000, stateWith(0)));
    return this.#totals.counter('faults_played', { fault, client: 'vandal' }, 'wholeRun');
  }
}

export interface RigOptions {
  readonly seed?: number;
  readonly send?: Framing;
  readonly preamble?: readonly number[];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A frame of ServerCore's with the id 1 and these four bytes as its body: all of it is known. */
export const frame = '0800 0100 0a0b0c0d';
