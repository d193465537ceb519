import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(root, 'node_modules');

/** A folder with a TypeScript project in it that has the built package installed, as a user has; gone when the test is over. */
export class UserProject implements Disposable {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'swarm-user-')));

  /** `types`: what of `@types` the project has. */
  constructor(types: readonly string[] = []) {
    mkdirSync(join(this.path, 'node_modules'));
    symlinkSync(root, join(this.path, 'node_modules/tcp-swarm'), 'dir');
    this.write('package.json', '{ "private": true, "type": "module" }');
    const compilerOptions = {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      rootDir: '.',
      outDir: 'out',
      typeRoots: [join(realpathSync(modules), '@types')],
      types,
    };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  /** Compiles every file into `out/`; what the compiler had to say, empty where all is well. */
  compile(): string {
    const { stdout, stderr } = spawnSync(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', this.path], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  }

  /** Where the JavaScript of `name` is, once compiled. */
  compiled(name: string): string {
    return join(this.path, 'out', name.replace(/\.ts$/, '.js'));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
