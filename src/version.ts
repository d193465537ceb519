import { readFileSync } from 'node:fs';

interface PackageJson {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { version, engines, dependencies, optionalDependencies }: PackageJson = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** The version of this package, as package.json has it. */
export const toolVersion = version;

/** The packages that this one uses, those that it can do without too. */
export const usedPackages: readonly string[] = Object.keys({ ...dependencies, ...optionalDependencies });

/** The oldest version of Node.js that it runs on: `20.19.0`. */
export const leastNodeVersion = engines.node.replace(/^>=/, '');
