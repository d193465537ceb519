import { compileFraming, type Framing } from '../../core/index.js';
import { draw } from '../../load/distribution.js';
import type { RandomStream } from '../../load/random.js';
import type { Fault, FaultPlan } from '../../scenario/plan.js';
import type { Reply } from './reply.js';

/** Does to a reply what one fault does to it, on one connection. */
type ReplyFault = (reply: Reply) => void;

/** What all connections of a server have in common. */
export interface FaultContext {
  /** Of the replies. */
  readonly framing: Framing;
  /** When the first connection came, on the server's clock: stalls count from then. */
  readonly startUs: number;
  /** Hears of each reply that a fault struck. */
  readonly onStruck: (kind: Fault['kind']) => void;
}

/** The faults of one connection's replies, one after the other; stalls are last, because what is late may come to lie within one. */
export function compileReplyFaults(
  plans: readonly FaultPlan[],
  streamOf: (plan: FaultPlan) => RandomStream,
  context: FaultContext,
): readonly ReplyFault[] {
  const stalls = plans.filter(({ kind }) => kind === 'stall');
  const others = plans.filter(({ kind }) => kind !== 'stall');
  return [...others, ...stalls].flatMap((plan) => compile(plan, streamOf(plan), context) ?? []);
}

/** Undefined for a fault that is not about replies. */
function compile(plan: FaultPlan, random: RandomStream, context: FaultContext): ReplyFault | undefined {
  const struck = (): void => context.onStruck(plan.kind);
  switch (plan.kind) {
    case 'delay':
      return sometimes(plan.share, random, (reply) => {
        reply.dueUs += Math.max(0, draw(plan.timesMs, random)) * 1000;
        struck();
      });
    case 'drop':
      return sometimes(plan.share, random, (reply) => {
        reply.fate = 'lost';
        struck();
      });
    case 'rubbish':
      return sometimes(plan.share, random, (reply) => {
        const body = reply.bytes.subarray(compileFraming(context.framing).bodyOffset(reply.bytes, 0));
        body.set(body.map(() => random.int(0, 255)));
        struck();
      });
    case 'bad-size':
      // What has no frames has no sizes.
      if (context.framing.kind === 'raw') return undefined;
      return sometimes(plan.share, random, (reply) => {
        new DataView(reply.bytes.buffer, reply.bytes.byteOffset).setUint16(0, plan.sizeBytes, true);
        struck();
      });
    case 'close':
    case 'reset':
      return sometimes(plan.share, random, (reply) => {
        reply.fate = plan.kind;
        struck();
      });
    case 'close-after':
      return after(plan.replies, (reply) => {
        reply.fate = 'close';
        struck();
      });
    case 'reset-after':
      return after(plan.replies, (reply) => {
        reply.fate = 'reset';
        struck();
      });
    case 'stall':
      return (reply) => {
        const dueUs = context.startUs + afterStall(plan, reply.dueUs - context.startUs);
        if (dueUs === reply.dueUs) return;
        reply.dueUs = dueUs;
        struck();
      };
    case 'never-read':
    case 'accept-slowly':
    case 'die-after':
      return undefined;
  }
}

function sometimes(share: number, random: RandomStream, fault: ReplyFault): ReplyFault {
  return (reply) => {
    if (random.next() < share) fault(reply);
  };
}

function after(replies: number, fault: ReplyFault): ReplyFault {
  let before = 0;
  return (reply) => {
    if (before === replies) fault(reply);
    before++;
  };
}

/** `atUs`, or the end of the stall that it lies in, both since the start: stalls begin at `everyMs`, twice that, and so on. */
function afterStall({ durationMs, everyMs }: Extract<Fault, { kind: 'stall' }>, atUs: number): number {
  const everyUs = everyMs * 1000;
  const beganUs = Math.floor(atUs / everyUs) * everyUs;
  return beganUs === 0 ? atUs : Math.max(atUs, beganUs + durationMs * 1000);
}
