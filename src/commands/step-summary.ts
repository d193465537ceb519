import { appendFile } from 'node:fs/promises';

/** Adds Markdown to the page of a GitHub Actions job, where this is one. */
export async function appendStepSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    await appendFile(file, `${markdown}\n`);
  } catch (error) {
    console.error(`warning: the step summary cannot be written: ${(error as Error).message}`);
  }
}
