import { longestSocketPath } from '../core/index.js';
import { SwarmError } from '../errors.js';
import type { Collected } from './collect.js';
import type { ScenarioFiles } from './files.js';
import type { TargetPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { ScenarioInput } from './schema.js';
import { type ParsedTarget, parseTarget } from './target.js';
import { compileTls } from './tls.js';

/**
 * The target with all that it takes to connect, or to start: the files of `tls` read, a relative socket path counted from the scenario's
 * folder, the faults of an embedded server. A socket is where the load goes, as any address is: it may lie anywhere.
 */
export function compileTarget(
  input: Pick<Collected<ScenarioInput>, 'target' | 'tls' | 'serverFaults'>,
  files: ScenarioFiles,
  problems: ProblemList,
): TargetPlan | undefined {
  const target = input.target === undefined ? undefined : parse(input.target, problems);
  if (target === undefined) return undefined;
  if (target.kind === 'tls') {
    const tls = compileTls(input.tls, target.host, files, problems);
    return tls && { ...target, tls };
  }
  // A target that the command line puts in place of the scenario's may well be without.
  if (input.tls !== undefined && !problems.isOption(['target'])) {
    problems.report(['tls'], '`tls` is for targets that speak it', {
      part: 'key',
      hint: 'write target: tls://host:port',
    });
  }
  if (target.kind === 'embedded')
    return { ...target, faults: input.serverFaults?.filter((fault) => fault !== undefined) ?? [] };
  if (input.serverFaults !== undefined && !problems.isOption(['target'])) {
    problems.report(['serverFaults'], '`serverFaults` are played by the embedded server', {
      part: 'key',
      hint: 'write target: embedded:echo, or start a server of your own with `swarm serve --fault`',
    });
  }
  if (target.kind !== 'unix') return target;
  const path = files.pathOf(target.path);
  const size = Buffer.byteLength(path);
  if (size <= longestSocketPath) return { ...target, path };
  return problems.report(
    ['target'],
    `the socket's path ${path} has ${size} bytes; at most ${longestSocketPath} can be connected to`,
    { hint: 'name a socket nearer to the root' },
  );
}

function parse(text: string, problems: ProblemList): ParsedTarget | undefined {
  try {
    return parseTarget(text);
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    return problems.report(['target'], error.message, { hint: error.hint });
  }
}
