import { basename } from 'node:path';

/**
 * The words that call swarm again, from whichever folder: what npm started is found by `npx` alone, and a clone's own file by its path.
 * `script`: the file that Node was called with; `env`: where npm says that it did.
 */
export function calledAs(script: string, env: NodeJS.ProcessEnv): string {
  if (env.npm_command !== undefined || /[\\/]node_modules[\\/]\.bin[\\/]/.test(script)) return 'npx swarm';
  return basename(script) === 'swarm' ? 'swarm' : `node ${/\s/.test(script) ? `'${script}'` : script}`;
}
