import type { Framing } from '../core/index.js';
import type { Backoff } from '../load/backoff.js';
import type { PacketSet, Protocol } from '../packets/index.js';
import { compileAnswers } from './answers.js';
import { compileBot } from './bot.js';
import { refuseBroadcast } from './broadcast.js';
import type { ReadFile } from './bytes.js';
import type { Collected } from './collect.js';
import { readData } from './data.js';
import type { Path } from './document.js';
import { compileEvery } from './every.js';
import { compileFaults } from './faults.js';
import { FileProblem, pathFrom } from './files.js';
import type { ClientKindPlan, DataPlan, Range } from './plan.js';
import type { ProblemList } from './problem-list.js';
import { formatDuration } from './quantities.js';
import { inferSavedTypes } from './saved-types.js';
import type { ClientKindInput } from './schema.js';
import { StepsCompiler } from './steps.js';
import { type EnvReads, TypedExpressions } from './typed-expressions.js';
import { ValueCompiler } from './values.js';

type KindInput = Collected<ClientKindInput>;

export interface KindContext {
  readonly scenarioFile: string;
  /** For files of bytes. */
  readonly readFile: ReadFile;
  /** Undefined where they are wrong: then nothing can be said about steps. */
  readonly packets: PacketSet | undefined;
  /** Undefined where the packets or their framing are wrong. */
  readonly protocol: Protocol | undefined;
  /** How what clients send shows on the wire; undefined where that is wrong. */
  readonly wire: Framing | undefined;
  readonly env: EnvReads;
  /** When the run ends, where the scenario decides that. */
  readonly endMs: number | undefined;
  readonly problems: ProblemList;
}

/** How clients with faults come back where nothing is said: what they do wrong is to go on, however often they are thrown out. */
const comesBack: Backoff = { afterMs: 1000, maxMs: 1000 };

/** One kind of client. Reports what is wrong with it; undefined where something is. */
export function compileKind(name: string, input: KindInput, context: KindContext): ClientKindPlan | undefined {
  const { scenarioFile, readFile, packets, protocol, wire, env, endMs, problems } = context;
  const path: Path = ['clients', name];
  if (!/^[A-Za-z][\w-]*$/.test(name)) {
    problems.report(path, `\`${name}\` is not a name for a kind of client`, {
      part: 'key',
      hint: 'use letters, digits, - and _',
    });
  }
  const data = compileData(input.data, [...path, 'data'], context);
  const lifetimeMs = compileLifetime(input.lifetime, [...path, 'lifetime'], problems);
  const bot = compileBot(input, path, packets, scenarioFile, problems);
  if (packets === undefined) return undefined;
  // Where the file could not be read, its columns are not known: what reads them is not to blame.
  const columns = data === undefined ? 'any' : (data?.columns ?? null);
  const described = { packets, protocol, readFile };
  const saved = inferSavedTypes(input, columns, described, path, problems.report);
  const values = new ValueCompiler(new TypedExpressions(columns, saved, env), readFile, problems.report);
  const faults = compileFaults(input.faults ?? [], [...path, 'faults'], { wire, packets, endMs, problems });
  const compiler = new StepsCompiler(described, values, problems.report, input.faults !== undefined);
  const start = compiler.steps(input.start ?? [], [...path, 'start']);
  const loop = compiler.steps(input.loop ?? [], [...path, 'loop']);
  const every = compileEvery(input.every ?? [], [...path, 'every'], compiler, problems);
  const on = compileAnswers(input.on, [...path, 'on'], compiler, described, problems.report);
  const given = compileReconnect(input.reconnect, [...path, 'reconnect'], problems);
  const reconnect = given ?? (faults.length === 0 ? null : comesBack);
  if (input.faults !== undefined && input.broadcasts !== undefined) {
    refuseBroadcast([...path, 'broadcasts'], problems.report);
  }
  if (input.weight === undefined || data === undefined || bot === undefined) return undefined;
  return { name, weight: input.weight, data, bot, start, loop, every, on, lifetimeMs, reconnect, faults };
}

function compileData(
  file: string | undefined,
  path: Path,
  { scenarioFile, problems }: KindContext,
): DataPlan | null | undefined {
  if (file === undefined) return problems.has(path) ? undefined : null;
  const found = pathFrom(scenarioFile, file);
  try {
    return readData(found);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return problems.report(path, `the data file ${found} ${error.message}`, { hint: error.hint });
  }
}

function compileLifetime(lifetime: Range | undefined, path: Path, problems: ProblemList): Range | null {
  if (lifetime?.min === 0) problems.report(path, 'a client cannot stay for no time');
  return lifetime ?? null;
}

function compileReconnect(
  reconnect: KindInput['reconnect'],
  path: Path,
  problems: ProblemList,
): ClientKindPlan['reconnect'] {
  const { after, max } = reconnect ?? {};
  if (after === undefined || max === undefined) return null;
  if (after === 0)
    problems.report([...path, 'after'], 'a client that does not wait would reconnect in an endless loop', {
      hint: 'write a time above 0: 1s',
    });
  if (max < after) {
    problems.report([...path, 'max'], '`max` is less than `after`', {
      hint: `write max: ${formatDuration(after)} or more`,
    });
  }
  return { afterMs: after, maxMs: max };
}
