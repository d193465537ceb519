import { readdirSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawnProblems } from './scenario-files.js';

/** Relative, as a user would write it: the messages show the path. */
const folder = relative('', fileURLToPath(new URL('bad', import.meta.url)));
/** Devices lie in no scenario's folder. */
const rootOf = (scenario: string) => (scenario.startsWith('devices') ? '/' : undefined);
const scenarios = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

describe('the mistakes of a scenario, all at once and drawn, are those in the text file beside it:', () => {
  it.each(scenarios)('%s', async (scenario) => {
    // Where this repository lies differs.
    const drawn = drawnProblems(`${folder}/${scenario}`, rootOf(scenario)).replaceAll(process.cwd(), '/home/me/swarm');
    expect(drawn).not.toContain('Invalid input');
    await expect(drawn).toMatchFileSnapshot(`bad/${scenario.replace('.yaml', '.txt')}`);
  });
});
