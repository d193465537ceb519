import type { Problem } from '../errors.js';
import { flagProblem, type Path, readValue, type ScenarioDocument } from './document.js';
import { didYouMean } from './hints.js';

/** What the command line changes in a scenario, as it is written there. */
export interface Overrides {
  readonly target?: string;
  /** With stages in the scenario, `clients` or `duration` takes their place. */
  readonly clients?: string;
  readonly duration?: string;
  readonly connectRate?: string;
  readonly seed?: string;
  /** `path=value`, the value in YAML: `load.warmup=5s`, `clients.talker.every[0].interval=1s`. */
  readonly set?: readonly string[];
}

const flags = [
  { key: 'target', flag: '--target', path: ['target'] },
  { key: 'clients', flag: '--clients', path: ['load', 'clients'] },
  { key: 'duration', flag: '--duration', path: ['load', 'duration'] },
  { key: 'connectRate', flag: '--connect-rate', path: ['load', 'connectRate'] },
  { key: 'seed', flag: '--seed', path: ['seed'] },
] as const;

/** One thing that the command line changes. */
export interface Override {
  /** As it is written there: `--duration 1s`. */
  readonly option: string;
  /** Writes it into the document; says what is wrong where it cannot be. */
  readonly apply: (document: ScenarioDocument) => Problem | undefined;
}

/** The overrides in the order in which they are applied: the flags after `--set`. */
export function overridesOf(overrides: Overrides): readonly Override[] {
  const settings = (overrides.set ?? []).map((setting) => ({
    option: `--set ${setting}`,
    apply: (document: ScenarioDocument) => applySetting(document, setting),
  }));
  const flagged = flags.flatMap(({ key, flag, path }) => {
    const text = overrides[key];
    if (text === undefined) return [];
    const option = `${flag} ${text}`;
    const value = key === 'clients' || key === 'seed' ? numberOr(text) : text;
    return { option, apply: (document: ScenarioDocument) => applyValue(document, path, value, option) };
  });
  return [...settings, ...flagged];
}

function numberOr(text: string): number | string {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

function applySetting(document: ScenarioDocument, setting: string): Problem | undefined {
  const option = `--set ${setting}`;
  const equals = setting.indexOf('=');
  const path = equals === -1 ? undefined : parsePath(setting.slice(0, equals));
  if (path === undefined) {
    const hint = 'write load.warmup=5s, or clients.talker.every[0].interval=1s';
    return flagProblem(option, 'this is not path=value', hint);
  }
  const read = readValue(setting.slice(equals + 1));
  if (read === undefined) {
    return flagProblem(option, 'the value is not valid YAML', 'put text with :, # or * in quotes');
  }
  const [room, kind] = path;
  const kinds = document.keysOf(['clients']);
  // Within a kind that is not there, all would be made for a name that was mistyped.
  if (room === 'clients' && path.length > 2 && kinds.length > 0 && !kinds.includes(String(kind))) {
    const hint = didYouMean(String(kind), kinds, 'there are');
    return flagProblem(option, `there is no kind of client \`${kind}\``, hint);
  }
  return applyValue(document, path, read.value, option);
}

function applyValue(document: ScenarioDocument, path: Path, value: unknown, option: string): Problem | undefined {
  const message = document.override(path, value, option);
  return message === undefined ? undefined : flagProblem(option, message);
}

/** `a.b[0].c`: names separated by dots, list indices in brackets. Undefined for what is none. */
function parsePath(text: string): Path | undefined {
  if (!/^[^.[\]]+(\.[^.[\]]+|\[\d+\])*$/.test(text)) return undefined;
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  );
}
