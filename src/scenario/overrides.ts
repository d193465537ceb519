import { parse, YAMLParseError } from 'yaml';
import type { Problem } from '../errors.js';
import { flagProblem, type Path, type ScenarioDocument } from './document.js';

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

/** Writes the overrides into the document, the flags after `--set`. Returns what could not be written. */
export function applyOverrides(document: ScenarioDocument, overrides: Overrides): readonly Problem[] {
  const problems: Problem[] = [];
  for (const setting of overrides.set ?? []) {
    const problem = applySetting(document, setting);
    if (problem !== undefined) problems.push(problem);
  }
  for (const { key, flag, path } of flags) {
    const text = overrides[key];
    if (text === undefined) continue;
    const value = key === 'clients' || key === 'seed' ? numberOr(text) : text;
    const message = document.override(path, value, `${flag} ${text}`);
    if (message !== undefined) problems.push(flagProblem(`${flag} ${text}`, message));
  }
  return problems;
}

function numberOr(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function applySetting(document: ScenarioDocument, setting: string): Problem | undefined {
  const option = `--set ${setting}`;
  const equals = setting.indexOf('=');
  const path = equals === -1 ? undefined : parsePath(setting.slice(0, equals));
  if (path === undefined) {
    const hint = 'write load.warmup=5s, or clients.talker.every[0].interval=1s';
    return flagProblem(option, 'this is not path=value', hint);
  }
  try {
    const message = document.override(path, parse(setting.slice(equals + 1)), option);
    return message === undefined ? undefined : flagProblem(option, message);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    return flagProblem(option, 'the value is not valid YAML', 'put text with : or # in quotes');
  }
}

/** `a.b[0].c`: names separated by dots, list indices in brackets. Undefined for what is none. */
function parsePath(text: string): Path | undefined {
  if (!/^[^.[\]]+(\.[^.[\]]+|\[\d+\])*$/.test(text)) return undefined;
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  );
}
