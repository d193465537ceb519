import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

interface Source {
  /** Relative to src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const sources: readonly Source[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8');
    return { path, text, imports: importsOf(text) };
  });

function importsOf(text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = text.matchAll(/import\('([^']+)'\)/g);
  return [
    ...[...statements].map((match) => ({ specifier: match[2] as string, typeOnly: match[1] !== undefined })),
    ...[...dynamic].map((match) => ({ specifier: match[1] as string, typeOnly: false })),
  ];
}

/** The room of a file: its folder below src/, or its own name where it stands in src/ itself. */
function roomOf(path: string): string {
  const [first = ''] = path.split('/');
  return first.replace(/\.tsx?$/, '');
}

function roomOfImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return roomOf(relative(src, resolve(src, dirname(from), specifier)).replace(/\.js$/, '.ts'));
}

/** Who may import whom. `types`: types alone. As drawn in src/README.md. */
const arrows: Readonly<Record<string, { readonly rooms: readonly string[]; readonly types?: readonly string[] }>> = {
  core: { rooms: [] },
  metrics: { rooms: ['nearest'] },
  load: { rooms: [] },
  packets: { rooms: ['core', 'nearest', 'text-file', 'within'] },
  generator: { rooms: ['packets', 'core'] },
  scenario: { rooms: ['packets', 'metrics', 'load', 'core', 'nearest', 'printable', 'text-file', 'within'] },
  client: { rooms: ['scenario', 'packets', 'core', 'metrics', 'load', 'printable'] },
  'user-code': { rooms: [] },
  bot: { rooms: ['user-code', 'client', 'scenario', 'packets', 'metrics', 'load', 'nearest'] },
  transform: { rooms: ['user-code', 'client', 'scenario', 'packets', 'core', 'metrics'] },
  faults: { rooms: ['client', 'scenario', 'packets', 'core', 'metrics', 'load'] },
  control: { rooms: [], types: ['core', 'metrics', 'scenario'] },
  worker: {
    rooms: [
      'user-code',
      'bot',
      'transform',
      'faults',
      'client',
      'control',
      'core',
      'metrics',
      'load',
      'packets',
      'resident-memory',
    ],
    types: ['scenario'],
  },
  targets: { rooms: ['control', 'core'], types: ['scenario'] },
  coordinator: { rooms: ['control', 'targets', 'metrics', 'load', 'core', 'resident-memory'], types: ['scenario'] },
  server: { rooms: ['core', 'packets', 'control', 'load'], types: ['scenario'] },
  statistics: { rooms: [] },
  report: {
    rooms: ['statistics', 'metrics', 'load', 'core', 'make-folder', 'paths', 'printable', 'text-file', 'nearest'],
    types: ['scenario', 'coordinator'],
  },
  compare: { rooms: ['report', 'statistics', 'metrics', 'nearest', 'printable'] },
  'command-line': { rooms: ['commands', 'completion', 'compare', 'control', 'report', 'scenario', 'version'] },
  completion: { rooms: [] },
  doctor: { rooms: ['coordinator', 'core', 'metrics', 'report', 'scenario'] },
  dashboard: { rooms: ['metrics', 'load', 'core', 'printable', 'ascii'] },
  export: { rooms: ['metrics', 'core'] },
};

/** Files outside the rooms that every room but core may use. */
const shared = ['errors', 'exit-codes'];

describe('imports point one way', () => {
  for (const [room, { rooms, types = [] }] of Object.entries(arrows)) {
    it(`${room} imports ${[...rooms, ...types.map((type) => `${type} (types)`)].join(', ') || 'no other room'}`, () => {
      const allowed = new Set([room, ...rooms, ...(room === 'core' ? [] : shared)]);
      const wrong: string[] = [];
      for (const { path, imports } of sources.filter((source) => roomOf(source.path) === room)) {
        for (const { specifier, typeOnly } of imports) {
          const target = roomOfImport(path, specifier);
          if (target === undefined || allowed.has(target) || (typeOnly && types.includes(target))) continue;
          wrong.push(`${path} imports ${specifier}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  }

  it('finds every room that there is', () => {
    const rooms = new Set(sources.filter(({ path }) => path.includes('/')).map(({ path }) => roomOf(path)));
    expect([...rooms].sort()).toEqual([...Object.keys(arrows), 'commands'].sort());
  });

  it('core depends on nothing but node:', () => {
    const outside = sources
      .filter(({ path }) => roomOf(path) === 'core')
      .flatMap(({ path, imports }) => imports.map(({ specifier }) => `${path}: ${specifier}`))
      .filter((line) => !/: (node:|\.\/)/.test(line));
    expect(outside).toEqual([]);
  });
});

/** Files whose text matches, but for those that may. */
function offenders(pattern: RegExp, allowed: (path: string) => boolean): string[] {
  return sources
    .filter(({ path, text }) => pattern.test(withoutComments(text)) && !allowed(path))
    .map(({ path }) => path);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

describe('what belongs to one place stays there', () => {
  const entries = ['cli.ts', 'worker/main.ts', 'server/main.ts'];

  it('only core opens sockets', () => {
    expect(offenders(/'node:(net|tls)'/, (path) => path.startsWith('core/'))).toEqual([]);
  });

  it('only core’s clock sets timers', () => {
    const pattern = /(?<![.\w])(setTimeout|setInterval|setImmediate)\(/;
    // The virtual clock sets none either: it has methods of these names.
    expect(offenders(pattern, (path) => ['core/clock.ts', 'worker/virtual-clock.ts'].includes(path))).toEqual([]);
  });

  it('only core’s clock reads the time', () => {
    const pattern = /\b(performance\.now|process\.hrtime|Date\.now)\b/;
    expect(offenders(pattern, (path) => path === 'core/clock.ts')).toEqual([]);
  });

  it('nothing draws from Math.random', () => {
    expect(offenders(/\bMath\.random\b/, () => false)).toEqual([]);
  });

  it('only the command line prints', () => {
    expect(offenders(/\bconsole\./, (path) => path === 'cli.ts' || path.startsWith('commands/'))).toEqual([]);
  });

  it('only the entry files end the process', () => {
    expect(offenders(/\bprocess\.exit\(/, (path) => entries.includes(path))).toEqual([]);
  });

  it('no text is run as code', () => {
    expect(offenders(/\beval\(|new Function\(|node:vm/, () => false)).toEqual([]);
  });
});
