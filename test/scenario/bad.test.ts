import { readdirSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawnProblems } from './scenario-files.js';

/** Relative, as a user would write it: the messages show the path. */
const folder = relative('', fileURLToPath(new URL('bad', import.meta.url)));
const scenarios = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

describe('the mistakes of a scenario, all at once and drawn, are those in the text file beside it:', () => {
  it.each(scenarios)('%s', async (scenario) => {
    const drawn = drawnProblems(`${folder}/${scenario}`);
    expect(drawn).not.toContain('Invalid input');
    await expect(drawn).toMatchFileSnapshot(`bad/${scenario.replace('.yaml', '.txt')}`);
  });
});
