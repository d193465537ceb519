import { compileFraming, type Framing } from '../../core/index.js';
import { draw } from '../../load/distribution.js';
import type { RandomStream } from '../../load/random.js';
import type { ServerFault, ServerFaultPlan } from '../../scenario/plan.js';
import type { Reply } from './reply.js';

/** Does to a reply what one fault does to it, on one connection. */
export type ReplyFault = (reply: Reply) => void;

/** What all connections of a server have in common. */
export interface ReplyFaultContext {
  /** Of the replies. */
  readonly framing: Framing;
  /** When the first connection came, on the server's clock: stalls count from then. */
  readonly startUs: number;
  /** Hears of each reply that a fault struck. */
  readonly onStruck: (kind: ServerFault['kind']) => void;
}

/** The faults of one connection's replies, one after the other; stalls are last, because what is late may come to lie within one. */
export function compileReplyFaults(
  plans: readonly ServerFaultPlan[],
  streamOf: (plan: ServerFaultPlan) => RandomStream,
  context: ReplyFaultContext,
): readonly ReplyFault[] {
  const stalls = plans.filter(({ kind }) => kind === 'stall');
  const others = plans.filter(({ kind }) => kind !== 'stall');
  return [...others, ...stalls].flatMap((plan) => compile(plan, streamOf(plan), context) ?? []);
}

/** Undefined for a fault that is not about replies. */
function compile(plan: ServerFaultPlan, random: RandomStream, context: ReplyFaultContext): ReplyFault | undefined {
  const change = compileChange(plan, random, context);
  if (change === undefined) return undefined;
  const strikes = compileStrikes(plan, random, context);
  return (reply) => {
    if (!strikes(reply)) return;
    change(reply);
    context.onStruck(plan.kind);
  };
}

/** Which replies it strikes. */
function compileStrikes(
  plan: ServerFault,
  random: RandomStream,
  { startUs }: ReplyFaultContext,
): (reply: Reply) => boolean {
  if ('share' in plan) return () => random.next() < plan.share;
  if (plan.kind === 'stall') return ({ dueUs }) => stallEndUs(plan, dueUs - startUs) > dueUs - startUs;
  if (!('replies' in plan)) return () => false;
  let before = 0;
  return () => before++ === plan.replies;
}

/** What it does to them. */
function compileChange(
  plan: ServerFault,
  random: RandomStream,
  { framing, startUs }: ReplyFaultContext,
): ((reply: Reply) => void) | undefined {
  switch (plan.kind) {
    case 'delay':
      return (reply) => {
        reply.dueUs += Math.max(0, draw(plan.timesMs, random)) * 1000;
      };
    case 'stall':
      return (reply) => {
        reply.dueUs = startUs + stallEndUs(plan, reply.dueUs - startUs);
      };
    case 'drop':
      return (reply) => {
        reply.fate = 'lost';
      };
    case 'close':
    case 'close-after':
      return (reply) => {
        reply.fate = 'close';
      };
    case 'reset':
    case 'reset-after':
      return (reply) => {
        reply.fate = 'reset';
      };
    case 'rubbish':
      return ({ bytes }) => {
        const body = bytes.subarray(compileFraming(framing).bodyOffset(bytes, 0));
        body.set(body.map(() => random.int(0, 255)));
      };
    case 'bad-size':
      // What has no frames has no sizes; all others begin with ServerCore's.
      if (framing.kind === 'raw') return undefined;
      return ({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset).setUint16(0, plan.sizeBytes, true);
    case 'never-read':
    case 'accept-slowly':
    case 'die-after':
      return undefined;
  }
}

/**
 * The end of the last stall that began before `atUs`, which is later than that only within the stall; both since the start. Stalls begin
 * at `everyMs`, twice that, and so on.
 */
function stallEndUs({ durationMs, everyMs }: Extract<ServerFault, { kind: 'stall' }>, atUs: number): number {
  const stalls = Math.floor(atUs / (everyMs * 1000));
  return stalls === 0 ? 0 : (stalls * everyMs + durationMs) * 1000;
}
