import { appendFile } from 'node:fs/promises';
import { sayAside } from './terminal.js';

/**
 * Adds Markdown to the summary of a step on GitHub, where there is one: the file that `GITHUB_STEP_SUMMARY` names. A summary that cannot
 * be written is a warning: the result is elsewhere too.
 */
export async function appendStepSummary(env: NodeJS.ProcessEnv, markdown: () => string): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    await appendFile(file, `${markdown()}\n`);
  } catch (error) {
    sayAside(`warning: the step summary ${file} cannot be written: ${(error as Error).message}`);
  }
}
