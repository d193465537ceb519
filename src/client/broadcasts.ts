import type { BroadcastPlan, Plan, SendStep, Step } from '../scenario/plan.js';

/**
 * The broadcasts of a whole plan, one for each packet that brings one. Where several steps or bots use the same packet, their copies are
 * counted together, with the longest guard and timeout among them.
 */
export function broadcastsOf(plan: Plan): readonly BroadcastPlan[] {
  const byPacket = new Map<string, BroadcastPlan>();
  for (const { bot, start, loop, every, on } of plan.kinds) {
    const lists = [start, loop, ...on.map(({ steps }) => steps)];
    const sends = [...lists.flatMap(sendsIn), ...every.map(({ send }) => send)];
    const broadcasts = [...sends.map(({ broadcast }) => broadcast), ...(bot?.broadcasts ?? [])];
    for (const broadcast of broadcasts) {
      if (broadcast === null) continue;
      const known = byPacket.get(broadcast.packet) ?? broadcast;
      byPacket.set(broadcast.packet, {
        ...known,
        guardMs: Math.max(known.guardMs, broadcast.guardMs),
        timeoutMs: Math.max(known.timeoutMs, broadcast.timeoutMs),
      });
    }
  }
  return [...byPacket.values()];
}

function sendsIn(steps: readonly Step[]): readonly SendStep[] {
  return steps.flatMap((step) => {
    if (step.verb === 'send') return [step];
    return step.verb === 'repeat' ? sendsIn(step.steps) : [];
  });
}
