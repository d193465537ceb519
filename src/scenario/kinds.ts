import type { Framing } from '../core/index.js';
import type { Backoff } from '../load/backoff.js';
import { nearest } from '../nearest.js';
import type { PacketSet, Protocol } from '../packets/index.js';
import { compileAnswers } from './answers.js';
import { compileBot } from './bot.js';
import { refuseBroadcast } from './broadcast.js';
import type { ReadFile } from './bytes.js';
import type { Collected } from './collect.js';
import type { ReadData } from './data.js';
import type { Path } from './document.js';
import { compileEvery } from './every.js';
import { compileFaults } from './faults.js';
import { FileProblem, type ScenarioFiles } from './files.js';
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
  readonly files: ScenarioFiles;
  /** For files of bytes. */
  readonly readFile: ReadFile;
  readonly readData: ReadData;
  /** Undefined where they are wrong: then nothing can be said about steps. */
  readonly packets: PacketSet | undefined;
  /** Undefined where the packets or their framing are wrong. */
  readonly protocol: Protocol | undefined;
  /** How what clients send shows on the wire; undefined where that is wrong. */
  readonly wire: Framing | undefined;
  /** All kinds of the scenario, by name. */
  readonly kinds: Readonly<Record<string, KindInput | undefined>>;
  readonly env: EnvReads;
  /** When the run ends, where the scenario decides that. */
  readonly endMs: number | undefined;
  readonly problems: ProblemList;
}

/** How clients with faults come back where nothing is said: what they do wrong is to go on, however often they are thrown out. */
const comesBack: Backoff = { afterMs: 1000, maxMs: 1000 };

/** One kind of client. Reports what is wrong with it; undefined where something is. */
export function compileKind(name: string, input: KindInput, context: KindContext): ClientKindPlan | undefined {
  const { files, readFile, packets, protocol, wire, env, endMs, problems } = context;
  const path: Path = ['clients', name];
  if (!/^[A-Za-z][\w-]*$/.test(name)) {
    problems.report(path, `\`${name}\` is not a name for a kind of client`, {
      part: 'key',
      hint: 'use letters, digits, - and _',
    });
  }
  const data = compileData(input.data, [...path, 'data'], context);
  const lifetimeMs = compileLifetime(input.lifetime, [...path, 'lifetime'], problems);
  const bot = compileBot(input, path, packets, files, problems);
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
  checkOccupied(name, input, context);
  if (input.weight === undefined || data === undefined || bot === undefined) return undefined;
  return { name, weight: input.weight, data, bot, start, loop, every, on, lifetimeMs, reconnect, faults };
}

/** What clients can have to do, if only to come and go. An empty list is a statement: these stay connected, and no more. */
const occupations = ['start', 'loop', 'every', 'on', 'lifetime', 'bot', 'faults'] as const;

function isOccupied(input: KindInput | undefined): boolean {
  return input === undefined || occupations.some((key) => input[key] !== undefined);
}

/** A kind that says nothing of what it does takes its share of the load and does nothing with it: most often its name is another's, mistyped. */
function checkOccupied(name: string, input: KindInput, { kinds, problems }: KindContext): void {
  if (isOccupied(input) || problems.has(['clients', name])) return;
  const others = Object.keys(kinds).filter((other) => other !== name && isOccupied(kinds[other]));
  const close = nearest(name, others);
  const idle = `${name}: { loop: [] }`;
  problems.report(['clients', name], `\`${name}\` says nothing of what its clients do`, {
    part: 'key',
    hint:
      close === undefined
        ? `give it start, loop, every, on or a bot, or write ${idle} for clients that only stay connected`
        : `did you mean \`${close}\`? Clients that only stay connected are ${idle}`,
  });
}

function compileData(
  named: string | undefined,
  path: Path,
  { files, readData, problems }: KindContext,
): DataPlan | null | undefined {
  if (named === undefined) return problems.has(path) ? undefined : null;
  const file = files.locate(named, path);
  if (file === undefined) return undefined;
  try {
    return readData(file);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return problems.report(path, `the data file ${file} ${error.message}`, { hint: error.hint });
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
