import { type DisconnectReason, type Framing, Session } from '../../src/core/index.js';
import type { Plan, TransformPlan } from '../../src/scenario/plan.js';
import { transformedSessions } from '../../src/transform/sessions.js';
import type { Transform, TransformCode } from '../../src/transform/transform.js';
import { Rehearsal, type RehearsalOptions } from '../worker/rehearsal.js';

/** What a server does on the wire. */
interface WireBehaviour {
  /** What it says once connected, each piece in a chunk of its own. */
  readonly greeting?: readonly Uint8Array[];
  /** What it says to what it hears. */
  readonly answer?: (bytes: Uint8Array) => Uint8Array;
  /** It reads nothing at all. */
  readonly deaf?: boolean;
}

/** The server's side of one connection, as bytes. */
export class Wire extends Session {
  readonly received: number[] = [];
  ended: DisconnectReason | null = null;
  readonly #behaviour: WireBehaviour;

  constructor(behaviour: WireBehaviour) {
    super();
    this.#behaviour = behaviour;
  }

  get hex(): string {
    return Buffer.from(this.received).toString('hex');
  }

  protected override onConnected(): void {
    const { greeting = [], deaf = false } = this.#behaviour;
    for (const bytes of greeting) this.send(bytes);
    if (deaf) this.pause();
  }

  protected override onRecv(buffer: Uint8Array, start: number, end: number): number {
    this.received.push(...buffer.subarray(start, end));
    const { answer } = this.#behaviour;
    if (answer !== undefined) this.send(answer(buffer.slice(start, end)));
    return end - start;
  }

  protected override onDisconnected(_endPoint: unknown, reason: DisconnectReason): void {
    this.ended = reason;
  }
}

export interface TransformRehearsalOptions extends Pick<RehearsalOptions, 'drivers'>, WireBehaviour {
  readonly make: TransformCode['make'];
  readonly covers: TransformPlan['covers'];
}

/** A worker whose bytes go through a transform, on the virtual clock; `wires` are the server's sides of its connections. */
export function rehearse(plan: Plan, { make, covers, drivers = new Map(), ...behaviour }: TransformRehearsalOptions) {
  const transform: TransformPlan = { file: 'cipher.ts', digest: '', options: {}, covers };
  const code: TransformCode = { make, describe: (error) => `cipher.ts: ${(error as Error).message}` };
  const wires: Wire[] = [];
  const sessions = transformedSessions(plan.protocol, transform, code);
  const accept = () => {
    const wire = new Wire(behaviour);
    wires.push(wire);
    return wire;
  };
  return { rehearsal: new Rehearsal(plan, { drivers, sessions, accept }), wires };
}

/** The plan with both directions framed so. */
export function framed(plan: Plan, framing: Framing): Plan {
  return { ...plan, protocol: { ...plan.protocol, send: framing, receive: framing } };
}

/** Adds 1 to every byte, and puts ff before them: what it made is easily seen, and longer. The inverse takes both away. */
export const marking: Transform = {
  encode: (bytes) => Uint8Array.of(0xff, ...bytes.map((byte) => byte + 1)),
  decode: (bytes) => bytes.slice(1).map((byte) => byte - 1),
};

/** A cipher with a state, in place: each byte is combined with how many there were before. */
export class Counting implements Transform {
  #sent = 0;
  #received = 0;

  encode(bytes: Uint8Array): Uint8Array {
    for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i]! ^ this.#sent++;
    return bytes;
  }

  decode(bytes: Uint8Array): Uint8Array {
    for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i]! ^ this.#received++;
    return bytes;
  }
}
