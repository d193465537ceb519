import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  types: [],
  noEmit: true,
  skipLibCheck: true,
};

/** What tsc says of this code, which finds the package as a user's does: by its name, in node_modules. */
function typeErrors(bot: { readonly path: string } | { readonly source: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-types-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    symlinkSync(root, join(folder, 'node_modules/tcp-swarm'));
    const file = join(folder, 'bot.ts');
    if ('path' in bot) symlinkSync(bot.path, file);
    else writeFileSync(file, bot.source);
    const options = { ...compilerOptions, preserveSymlinks: true };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['bot.ts'] }));
    return spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it.each(['bots/wanderer.ts', 'ciphers/rolling-xor.ts'])(
  'the bundled %s type-checks under strict with the types of the package',
  (path) => {
    expect(typeErrors({ path: join(root, 'scenarios', path) })).toBe('');
  },
);

it('a packet that is not declared, and a field that does not fit, are errors of the types', () => {
  const source = `import { Bot } from 'tcp-swarm';
interface Packets { C_Say: { text: string }; C_Bye: object; S_Said: { text: string } }
export default class extends Bot<Packets> {
  override async onPlay(): Promise<void> {
    this.send('C_Bye');
    this.send('C_Say', { text: 'a' });
    const { text } = await this.request('C_Say', { text: 'a' }, 'S_Said', { where: { text: 'a' } });
    this.log(text);
    this.send('C_Sya', { text: 'a' });
    this.send('C_Say', { text: 1 });
    this.send('C_Say');
  }
}
`;
  const lines = [...typeErrors({ source }).matchAll(/^bot\.ts\((\d+),/gm)].map(([, line]) => Number(line));
  expect(lines).toEqual([9, 10, 11]);
});
