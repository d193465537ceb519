import type { ClientKindPlan, Expectation, Plan, Step } from '../scenario/plan.js';

/** So many make the turns of practice worth their while, however few the plan has. */
const clients = 50;
/** An hour: more than practice takes. */
const durationMs = 3_600_000;

/**
 * The plan as it is practised: fifty clients, who do all that theirs do, but without a pause, without patience, and who come back
 * whatever happens to them. So practice gets through a plan whose server answers otherwise than the plan expects. Nobody plays faults. Bots do not practise:
 * nobody knows what their code does to the world outside, and it was asked to do it in the run, once.
 */
export function practicePlan(plan: Plan): Plan {
  return {
    ...plan,
    load: {
      ...plan.load,
      stages: [
        { durationMs: 0, target: clients },
        { durationMs, target: clients },
      ],
      maxClients: clients,
      warmupMs: 0,
      begin: 'each',
      localAddresses: [],
    },
    kinds: plan.kinds.filter(({ bot }) => bot === null).map(hurriedKind),
  };
}

function hurriedKind(kind: ClientKindPlan): ClientKindPlan {
  return {
    ...kind,
    start: kind.start.map(hurried),
    // Over and over, so that a client which does no more than log in gets through as much as others.
    loop: [...kind.start, ...kind.loop].map(hurried),
    every: kind.every.map((every) => ({
      ...every,
      send: { ...every.send, expect: every.send.expect && impatient(every.send.expect) },
      rate: { kind: 'constant', intervalMs: every.per === 'swarm' ? 1 / clients : 1 },
    })),
    on: kind.on.map((on) => ({ ...on, steps: on.steps.map(hurried) })),
    lifetimeMs: { min: 50, max: 50 },
    reconnect: { afterMs: 1, maxMs: 1 },
    faults: [],
  };
}

function hurried(step: Step): Step {
  switch (step.verb) {
    case 'send':
      return { ...step, expect: step.expect && impatient(step.expect) };
    case 'expect':
      return { ...step, expect: impatient(step.expect) };
    case 'pause':
      return { ...step, durationMs: { min: 1, max: 1 } };
    case 'repeat':
      return { ...step, steps: step.steps.map(hurried) };
    case 'disconnect':
      return step;
  }
}

function impatient(expectation: Expectation): Expectation {
  return { ...expectation, timeoutMs: 1, onTimeout: 'continue' };
}
