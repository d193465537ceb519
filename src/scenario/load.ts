import { basename, extname } from 'node:path';
import { asSentence, countMistakes, type Problem, SwarmError } from '../errors.js';
import { Protocol } from '../packets/index.js';
import { checkLocalAddresses } from './addresses.js';
import { blameOverrides } from './blame.js';
import { findScenario } from './bundled.js';
import { bytesReader } from './bytes.js';
import { type Collected, collect } from './collect.js';
import { compileTarget } from './compile-target.js';
import { dataFiles } from './data.js';
import { maxYamlBytes, type Path, ScenarioDocument } from './document.js';
import { checkTotalRates } from './every.js';
import { FileProblem, folderOf, readTextFile, ScenarioFiles } from './files.js';
import { foreseeSeries } from './foreseen.js';
import { compileKind } from './kinds.js';
import { compileLoad, plannedEndMs } from './load-plan.js';
import { type Override, type Overrides, overridesOf } from './overrides.js';
import type { ClientKindPlan, Plan } from './plan.js';
import { ProblemList, type ReportOptions } from './problem-list.js';
import { compileProtocol } from './protocol.js';
import { Root } from './root.js';
import { type ScenarioInput, scenarioSchema } from './schema.js';
import { compileThresholds } from './thresholds.js';
import type { EnvReads } from './typed-expressions.js';
import { wireFraming } from './wire-framing.js';

export type { Overrides } from './overrides.js';

export interface LoadOptions {
  readonly overrides?: Overrides;
  /** The environment that expressions may read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that must hold all files that the scenario names, links followed: by default its own. `/` allows all. */
  readonly root?: string | undefined;
}

export interface LoadedScenario {
  readonly plan: Plan;
  /** The path of the scenario file. */
  readonly file: string;
  /** The scenario as it stands there: without what options changed. */
  readonly text: string;
  /** Says of a place of the scenario what was found to be wrong with it later. */
  readonly problemAt: (path: Path, message: string, options?: ReportOptions) => Problem;
}

/**
 * Reads a scenario (a path, or the name of a bundled one) and the files that it names, and checks all of it.
 * @throws SwarmError `scenario-not-found`, `scenario-unreadable`, `root-invalid`, or `scenario-invalid` with every mistake in `problems`.
 */
export function loadScenario(nameOrPath: string, options: LoadOptions): LoadedScenario {
  const file = findScenario(nameOrPath);
  const text = readScenario(file);
  const overrides = overridesOf(options.overrides ?? {});
  const folder = folderOf(file);
  const source = { text, file, folder, root: Root.of(folder, options.root) };
  const attempt = (some: readonly Override[]): Attempt => attemptScenario(source, some, options.env);
  const { plan, problems, document } = attempt(overrides);
  if (problems.length > 0) {
    const blamed = blameOverrides(problems, overrides, (some) => attempt(some).problems);
    throw invalid(blamed, file);
  }
  if (plan === undefined) throw new Error(`${file}: no plan, and no problem`);
  return { plan, file, text, problemAt: (path, message, about = {}) => document.problem(path, message, about) };
}

/** What becomes of a scenario with some overrides: a plan where there are no problems. */
interface Attempt {
  readonly plan?: Plan | undefined;
  readonly problems: readonly Problem[];
  readonly document: ScenarioDocument;
}

/** A scenario as it was read, and where the files lie that it names. */
interface ScenarioSource {
  readonly text: string;
  readonly file: string;
  /** From which their paths count. */
  readonly folder: string;
  /** Which holds them. */
  readonly root: Root;
}

function attemptScenario(source: ScenarioSource, overrides: readonly Override[], env: LoadOptions['env']): Attempt {
  const { text, file } = source;
  const document = new ScenarioDocument(text, file);
  const syntax = document.syntaxProblems();
  if (syntax.length > 0) return { problems: syntax, document };
  const problems = new ProblemList(document);
  const plan = problems.during(() => {
    problems.add(overrides.flatMap(({ apply }) => apply(document) ?? []));
    // An override may have taken away what an alias stands for: then nothing more can be read.
    const unresolved = document.aliasProblems();
    problems.add(unresolved);
    const input = unresolved.length > 0 ? undefined : collect(scenarioSchema, document.read(), problems.report);
    return input && compilePlan(input, source, env, problems);
  });
  return { plan, problems: problems.sorted(), document };
}

function readScenario(file: string): string {
  try {
    return readTextFile(file, maxYamlBytes, { pipes: true });
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new SwarmError(
      'scenario-unreadable',
      `The scenario ${file} ${error.message}.`,
      error.hint === undefined ? {} : { hint: asSentence(error.hint) },
    );
  }
}

function invalid(problems: readonly Problem[], file: string): SwarmError {
  const flags = new Set(problems.flatMap(({ flag }) => flag ?? []));
  const wrong = [...(problems.some(({ flag }) => flag === undefined) ? [`The scenario ${file}`] : []), ...flags];
  const sentence = `${wrong.join(' and ')} ${wrong.length === 1 ? 'has' : 'have'} ${countMistakes(problems)}; nothing was started.`;
  return new SwarmError('scenario-invalid', sentence, { problems });
}

function compilePlan(
  input: Collected<ScenarioInput>,
  { file, folder, root }: ScenarioSource,
  environment: LoadOptions['env'],
  problems: ProblemList,
): Plan | undefined {
  const files = new ScenarioFiles(folder, root, problems);
  const target = compileTarget(input, files, problems);
  const { framings, preamble, transform, packets } = compileProtocol(input.protocol, target, files, problems);
  const load = input.load && compileLoad(input.load, problems);
  if (load !== undefined && target !== undefined) checkLocalAddresses(load.localAddresses, target, problems);
  const env: EnvReads = { values: environment, read: new Map() };
  const readFile = bytesReader(files);
  const readData = dataFiles();
  const wire = framings && transform !== undefined ? wireFraming(framings.send, transform?.covers ?? null) : undefined;
  const protocol = framings && packets && new Protocol({ ...framings, packets });
  const endMs = load && plannedEndMs(load, problems);
  const kinds = Object.entries(input.clients ?? {}).map(([name, kind]) =>
    kind === undefined
      ? undefined
      : compileKind(name, kind, {
          files,
          readFile,
          readData,
          packets,
          protocol,
          wire,
          kinds: input.clients ?? {},
          env,
          endMs,
          problems,
        }),
  );
  if (input.clients !== undefined && kinds.length === 0) {
    problems.report(['clients'], 'there is no kind of client', {
      part: 'key',
      hint: 'add one: talker: { every: [ … ] }',
    });
  }
  if (load !== undefined) checkTotalRates(kinds, load, problems);
  const foreseen = foreseeSeries({
    target,
    packets,
    transformed: transform === undefined ? undefined : transform !== null,
    kinds: readableKinds(input, kinds, problems),
  });
  const thresholds = compileThresholds(input.thresholds ?? {}, foreseen, problems);
  if (preamble === undefined || transform === undefined) return undefined;
  if (target === undefined || framings === undefined || packets === undefined || load === undefined) return undefined;
  if (input.seed === undefined || !kinds.every((kind) => kind !== undefined)) return undefined;
  return {
    name: input.name ?? basename(file, extname(file)),
    target,
    protocol: { ...framings, preamble, transform, packets },
    load,
    seed: input.seed,
    kinds,
    thresholds,
    env: Object.fromEntries(env.read),
  };
}

/** The kinds by name; undefined for those in which something is wrong, as what was meant there is not known. */
function readableKinds(
  input: Collected<ScenarioInput>,
  kinds: readonly (ClientKindPlan | undefined)[],
  problems: ProblemList,
): ReadonlyMap<string, ClientKindPlan | undefined> {
  const names = Object.keys(input.clients ?? {});
  return new Map(names.map((name, i) => [name, problems.has(['clients', name]) ? undefined : kinds[i]]));
}
