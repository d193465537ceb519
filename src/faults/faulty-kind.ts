import type { Framing } from '../core/index.js';
import type { Counter, Recorder } from '../metrics/recorder.js';
import { namedPackets } from '../packets/index.js';
import type { ConnectionFault, FaultPlan, FaultTimes, PacketFault, ProtocolPlan } from '../scenario/plan.js';
import { wireFraming } from '../scenario/wire-framing.js';
import { compileSpoil, type Spoil } from './spoil.js';

/** A fault of packets, compiled once for all clients of its kind. */
export interface CompiledPacketFault {
  readonly plan: PacketFault & FaultTimes;
  /** Which of the kind's faults it is: each client has a random stream for each. */
  readonly index: number;
  /** Null where it changes not the bytes but how they are sent. */
  readonly spoil: Spoil | null;
  readonly played: Counter;
}

/** A fault of connections, likewise. */
export interface CompiledConnectionFault {
  readonly plan: ConnectionFault & FaultTimes;
  readonly index: number;
  readonly played: Counter;
}

/** The faults of one kind of clients. */
export class FaultyKind {
  readonly ofPackets: readonly CompiledPacketFault[];
  readonly ofConnections: readonly CompiledConnectionFault[];
  /** Whether what each connection sends first is no packet. */
  readonly hasPreamble: boolean;

  constructor(client: string, faults: readonly FaultPlan[], protocol: ProtocolPlan, recorder: Recorder) {
    const wire = wireFraming(protocol.send, protocol.transform?.covers ?? null);
    this.hasPreamble = protocol.preamble.length > 0;
    const compiled = faults.map((plan, index) => ({
      plan,
      index,
      played: recorder.counter('faults_played', { fault: plan.fault, client }),
    }));
    this.ofPackets = compiled.flatMap(({ plan, ...rest }) =>
      plan.of === 'packets' ? [{ plan, ...rest, spoil: spoilOf(plan, wire, protocol) }] : [],
    );
    this.ofConnections = compiled.flatMap(({ plan, ...rest }) =>
      plan.of === 'connections' ? [{ plan, ...rest }] : [],
    );
  }
}

function spoilOf(plan: PacketFault, wire: Framing, { packets }: ProtocolPlan): Spoil | null {
  if (plan.fault === 'fragment' || plan.fault === 'resetMidPacket') return null;
  return compileSpoil(plan, wire, new Set((namedPackets(packets) ?? []).map(({ id }) => id)));
}

/** Whether a fault is played at this time of the run. */
export function isOn({ fromMs, untilMs }: FaultTimes, nowMs: number): boolean {
  return nowMs >= fromMs && (untilMs === null || nowMs < untilMs);
}
