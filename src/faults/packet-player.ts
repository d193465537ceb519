import { uniform } from '../load/distribution.js';
import type { RandomStream } from '../load/random.js';
import type { PacketFaultKind } from '../scenario/plan.js';
import { type Chance, chanceOf } from './chance.js';
import { type CompiledPacketFault, type FaultyKind, isOn } from './faulty-kind.js';
import { type Piece, PieceList } from './pieces.js';

type Fragment = Extract<PacketFaultKind, { readonly fault: 'fragment' }>;

/** What goes out in place of what was to be sent. */
export interface Outgoing {
  readonly pieces: readonly Piece[];
  /** The connection is to be reset behind them. */
  readonly resets: boolean;
}

interface Player {
  readonly fault: CompiledPacketFault;
  readonly random: RandomStream;
  readonly chance: Chance;
}

/** What becomes of a packet: its bytes, null where they are as they were; and how they are sent, where not at once and whole. */
interface Verdict {
  readonly bytes: Uint8Array | null;
  readonly fragment: { readonly plan: Fragment; readonly random: RandomStream } | null;
  readonly reset: RandomStream | null;
}

/** Plays the faults of packets on what one client sends. */
export class PacketPlayer {
  readonly #kind: FaultyKind;
  readonly #players: readonly Player[];
  #isPreambleNext = false;

  /** `randoms`: the client's streams, one for each fault of its kind. */
  constructor(kind: FaultyKind, randoms: readonly RandomStream[]) {
    this.#kind = kind;
    this.#players = kind.ofPackets.map((fault) => {
      const random = randoms[fault.index]!;
      return { fault, random, chance: chanceOf(fault.plan, random) };
    });
  }

  /** A connection begins. */
  begin(): void {
    this.#isPreambleNext = this.#kind.hasPreamble;
  }

  /** What goes out for a gathered write, each buffer of which is a packet. What no fault touches is not copied. */
  play(buffers: readonly Uint8Array[], nowMs: number): Outgoing {
    const out = new PieceList();
    for (const buffer of buffers) {
      if (this.#isPreambleNext) {
        this.#isPreambleNext = false;
        out.add(buffer);
        continue;
      }
      const { bytes, fragment, reset } = this.#judge(buffer, nowMs);
      send(bytes ?? buffer, fragment, reset, out);
      if (reset !== null) return { pieces: out.pieces, resets: true };
    }
    return { pieces: out.pieces, resets: false };
  }

  /** Of the faults that change its bytes the first that is due does; how it is sent is up to the others. */
  #judge(frame: Uint8Array, nowMs: number): Verdict {
    let bytes: Uint8Array | null = null;
    let fragment: Verdict['fragment'] = null;
    let reset: RandomStream | null = null;
    for (const { fault, random, chance } of this.#players) {
      const { plan, spoil, played } = fault;
      if (!isOn(plan, nowMs) || !chance.isDue(nowMs)) continue;
      if (plan.fault === 'fragment') fragment = { plan, random };
      else if (plan.fault === 'resetMidPacket') reset = random;
      else if (spoil === null || bytes !== null) continue;
      else {
        bytes = spoil(frame, random);
        if (bytes === null) continue;
      }
      played.add(1);
    }
    return { bytes, fragment, reset };
  }
}

function send(bytes: Uint8Array, fragment: Verdict['fragment'], reset: Verdict['reset'], out: PieceList): void {
  // At least one byte where there are two: a reset between packets is none in the middle of one.
  const sent = reset === null ? bytes : bytes.subarray(0, reset.int(Math.min(1, bytes.length - 1), bytes.length - 1));
  if (fragment === null) {
    if (sent.length > 0) out.add(sent);
    return;
  }
  const { plan, random } = fragment;
  for (let at = 0; at < sent.length; ) {
    const next = Math.min(sent.length, at + random.int(plan.bytes.min, plan.bytes.max));
    out.addApart(sent.subarray(at, next), at === 0 ? 0 : uniform(plan.pauseMs, random));
    at = next;
  }
}
