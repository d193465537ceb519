import { readFileSync } from 'node:fs';

interface PackageJson {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const { version, engines, dependencies, peerDependencies }: PackageJson = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** The version of this package, as package.json has it. */
export const toolVersion = version;

/** The packages that this one is installed with. */
export const usedPackages: readonly string[] = Object.keys(dependencies ?? {});

/** Those that its users install themselves where they want live export. */
export const optionalPackages: readonly string[] = Object.keys(peerDependencies ?? {});

/** The oldest version of Node.js that it runs on: `20.19.0`. */
export const leastNodeVersion = engines.node.replace(/^>=/, '');
