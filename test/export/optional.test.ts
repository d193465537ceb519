import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadOptional, optionalPackages } from '../../src/export/optional.js';

describe('packages that are optional', () => {
  it('are those that package.json has among its optional peers', () => {
    const root = new URL('../../package.json', import.meta.url);
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync(root, 'utf8'));
    const named = Object.values(optionalPackages).flat().sort();
    expect(Object.keys(peerDependencies).sort()).toEqual(named);
    expect(peerDependenciesMeta).toEqual(Object.fromEntries(named.map((name) => [name, { optional: true }])));
  });

  it('are not what is missing where a file is', async () => {
    // By way of Node itself: the test runner has words of its own for what it does not find.
    const module: string = 'data:text/javascript,import "file:///no/such/file.js"';
    const load = () => import(/* @vite-ignore */ module);
    await expect(loadOptional('--otlp', load)).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
  });
});
