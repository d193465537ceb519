import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { nearest } from './nearest.js';
import { bundledScenarios } from './scenario/bundled.js';

/**
 * What commander does not see behind one of its own errors, as a line in the form of its suggestions; empty where it is nothing.
 * It takes `--client=5` whole for the name of an option, and who leaves out `run` for somebody who mistyped a command.
 */
export function usageHint(command: Command, error: string): string {
  if (error.includes('(Did you mean')) return '';
  const [, option] = /^error: unknown option '(--?[^=']+)/.exec(error) ?? [];
  if (option !== undefined) {
    const known = command.createHelp().visibleOptions(command);
    const near = nearest(
      option.replace(/^-+/, ''),
      known.flatMap(({ long }) => long?.slice(2) ?? []),
    );
    return near === undefined ? '' : `(Did you mean --${near}?)\n`;
  }
  const [, word] = /^error: unknown command '([^']+)'/.exec(error) ?? [];
  if (word === undefined) return '';
  const isScenario = bundledScenarios().includes(word) || (/\.ya?ml$/.test(word) && existsSync(word));
  return isScenario ? `(Did you mean ${command.name()} run ${word}?)\n` : '';
}
