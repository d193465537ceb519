import type { LoadedBots } from '../bot/load.js';
import type { SessionFactory } from '../client/client-session.js';
import type { Plan } from '../scenario/plan.js';

/** The code of users that a plan names, loaded. */
export interface UserCode extends LoadedBots {
  /** What makes the sessions of the clients; undefined where that is no user's concern. */
  readonly sessions: SessionFactory | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

const noBots: LoadedBots = { drivers: new Map(), onUncaught: () => false };

/**
 * Loads the bots and the transform of a plan; `env` is what they see as theirs. The loader brings a compiler along: who has no code
 * does without.
 */
export async function loadUserCode(plan: Plan, env: Env): Promise<UserCode> {
  const bots = await loadBots(plan, env);
  const { transform } = plan.protocol;
  if (transform === null) return { ...bots, sessions: undefined };
  const { loadTransform } = await import('../transform/load.js');
  const { transformedSessions } = await import('../transform/sessions.js');
  const { isUsersOwn } = await import('../user-code/own-code.js');
  const code = await loadTransform(transform, env);
  let countStray: ((error: unknown) => void) | undefined;
  return {
    drivers: bots.drivers,
    sessions: transformedSessions(plan.protocol, transform, code, (count) => {
      countStray = count;
    }),
    onUncaught(error) {
      if (bots.onUncaught(error)) return true;
      if (countStray === undefined || !isUsersOwn(error)) return false;
      countStray(error);
      return true;
    },
  };
}

async function loadBots(plan: Plan, env: Env): Promise<LoadedBots> {
  if (plan.kinds.every(({ bot }) => bot === null)) return noBots;
  const bots = await import('../bot/load.js');
  return bots.loadBots(plan, env);
}
