import { SwarmError } from '../errors.js';

/** The packages that an option needs and that are not installed with swarm, as package.json has them among its optional peers. */
export const optionalPackages = {
  '--prometheus': ['prom-client'],
  '--otlp': [
    '@opentelemetry/api',
    '@opentelemetry/exporter-metrics-otlp-http',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-metrics',
  ],
} as const;

/**
 * Loads a module that imports such packages.
 * @throws SwarmError `package-missing` where one is not installed.
 */
export async function loadOptional<Module>(
  option: keyof typeof optionalPackages,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === undefined) throw error;
    throw new SwarmError('package-missing', `${option} needs the package ${missing}, which is not installed.`, {
      hint: `Run: npm install ${optionalPackages[option].join(' ')} (with -g where swarm was installed so).`,
      cause: error,
    });
  }
}

/** What Node did not find, unless it is a file: `Cannot find package 'prom-client' imported from …`. */
function missingPackage(error: unknown): string | undefined {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return undefined;
  return /^Cannot find (?:package|module) '([^'./][^']*)'/.exec(message ?? '')?.[1];
}
