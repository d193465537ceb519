import { withCure } from '../client/connect-cures.js';
import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import type { Plan } from '../scenario/plan.js';
import { probe } from '../targets/probe.js';
import { TargetError } from '../targets/running-target.js';
import { startTarget } from '../targets/target.js';
import type { Server, SideName } from './sitting.js';

/**
 * Connects once, without a word, to each server that is to run already: after a round of the one it is late to learn that there is no other.
 * `plans`: what each is played by.
 * @throws SwarmError `server-unreachable` where nothing takes the connection.
 */
export async function checkServers(
  servers: Readonly<Record<SideName, Server>>,
  plans: Readonly<Record<SideName, Plan>>,
): Promise<void> {
  for (const side of ['a', 'b'] as const) {
    const server = servers[side];
    const plan = plans[side];
    if (server.kind === 'command' || plan.target.kind === 'embedded') continue;
    const refusal = await refusalOf(plan);
    if (refusal === null) continue;
    throw new SwarmError('server-unreachable', `--${side} ${server.target}: ${refusal}`, {
      hint: `Start that server first, or write the command that starts it: --${side} './server --port {port}'.`,
      exitCode: exitCodes.noClientConnected.code,
    });
  }
}

/** Who is slow to accept has the scenario's time for it. */
const mayYet = new Set(['ETIMEDOUT', 'EAGAIN']);

/** Null where some address takes the connection, or may yet. */
async function refusalOf(plan: Plan): Promise<string | null> {
  try {
    const { endPoints } = await startTarget(plan);
    const failures = await Promise.all(endPoints.map(probe));
    const codes = failures.filter((code) => code !== null);
    if (codes.length < failures.length || codes.some((code) => mayYet.has(code))) return null;
    return withCure(codes[0], `connect ${codes[0]}`);
  } catch (error) {
    if (error instanceof TargetError) return error.message;
    throw error;
  }
}
