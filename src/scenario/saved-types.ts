import { answersOf } from './answers.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { compileMatches, longForm, type PacketContext } from './expectations.js';
import type { Report } from './problem-list.js';
import { replyShape } from './reply-shape.js';
import type { ClientKindInput } from './schema.js';
import type { CelType } from './scope.js';
import type { ExpectInput, StepInput } from './step-schema.js';
import { type Columns, type EnvReads, TypedExpressions } from './typed-expressions.js';
import { ValueCompiler } from './values.js';

/** Saved values, by name, with the type of what saved them; `dyn` where that shows only when it runs. */
export type SavedTypes = ReadonlyMap<string, CelType | 'dyn'>;

interface Save {
  readonly name: string;
  readonly value: string | number | bigint | boolean;
  readonly expect: Collected<ExpectInput>;
  readonly path: Path;
}

/** How far types are handed on from what is saved to what is saved with it: beyond, they show only when they are read. */
const mostRounds = 10;

const silent: Report = () => undefined;

/**
 * The types of all that a kind of client saves. What is saved may be read by what is saved elsewhere, so the types are worked out
 * in rounds, until nothing new is learned, and only for the names that have none yet; a name that is saved with two types is reported.
 */
export function inferSavedTypes(
  kind: Collected<ClientKindInput>,
  columns: Columns,
  context: PacketContext,
  path: Path,
  report: Report,
): SavedTypes {
  const saves = savesOf(kind, path);
  const env: EnvReads = { values: everyVariable, read: new Map() };
  let types = new Map<string, CelType | 'dyn'>(saves.map(({ name }) => [name, 'dyn']));
  for (let round = 0; round < mostRounds; round++) {
    const values = new ValueCompiler(new TypedExpressions(columns, types, env, false), context.readFile, silent);
    const learned = new Map(types);
    for (const save of round === 0 ? saves : saves.filter(({ name }) => types.get(name) === 'dyn')) {
      const type = typeOf(save, context, values);
      const known = learned.get(save.name);
      if (type === undefined || type === 'dyn' || type === known) continue;
      if (known === 'dyn') learned.set(save.name, type);
      else if (round === 0)
        report(save.path, `\`${save.name}\` is saved as ${type} here and as ${known} elsewhere`, {
          part: 'key',
          hint: 'give one of them another name',
        });
    }
    const isSettled = [...learned].every(([name, type]) => types.get(name) === type);
    types = learned;
    if (isSettled) break;
  }
  return types;
}

/** Whether a variable of the environment is set is reported where the expression is checked for good. */
const everyVariable = new Proxy<Record<string, string>>({}, { get: () => '' });

function typeOf(
  { value, expect, path }: Save,
  context: PacketContext,
  values: ValueCompiler,
): CelType | 'dyn' | undefined {
  const matches = compileMatches(expect, context, path, silent);
  if (matches === undefined) return undefined;
  const reply = replyShape(context.packets, matches);
  return values.free(value, path, { send: false, reply, fieldsRead: new Set() })?.type;
}

function savesOf(kind: Collected<ClientKindInput>, path: Path): readonly Save[] {
  const lists: [readonly (Collected<StepInput> | undefined)[] | undefined, Path][] = [
    [kind.start, [...path, 'start']],
    [kind.loop, [...path, 'loop']],
    ...answersOf(kind.on, [...path, 'on']).map(({ steps, path: at }): [typeof steps, Path] => [steps, at]),
  ];
  const every = (kind.every ?? []).flatMap((entry, i) => savesIn(entry?.expect, [...path, 'every', i, 'expect']));
  return [...lists.flatMap(([steps, at]) => savesOfSteps(steps, at)), ...every];
}

function savesOfSteps(steps: readonly (Collected<StepInput> | undefined)[] | undefined, path: Path): readonly Save[] {
  return (steps ?? []).flatMap((step, i) => {
    if (step === undefined) return [];
    if ('repeat' in step) return savesOfSteps(step.repeat?.steps, [...path, i, 'repeat', 'steps']);
    return 'expect' in step ? savesIn(step.expect, [...path, i, 'expect']) : [];
  });
}

function savesIn(expect: Collected<ExpectInput> | undefined, path: Path): readonly Save[] {
  const long = expect === undefined ? null : longForm(expect);
  if (expect === undefined || long === null) return [];
  return Object.entries(long.save ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value, expect, path: [...path, 'save', name] }],
  );
}
