import { createRequire } from 'node:module';
import type { INamespace, Root } from 'protobufjs';

const require = createRequire(import.meta.url);

/** protobufjs, which parses and describes; loaded by the first .proto alone. Its own codecs, which it makes of text, are never used. */
export function protobufjs(): typeof import('protobufjs') {
  return require('protobufjs') as typeof import('protobufjs');
}

/**
 * Adds what a .proto declares to `root`, each thing under the file's name; fields are called as they are in the file.
 * @returns what it imports.
 * @throws Error with protobufjs's own words, most often with `(file, line 7)` at their end.
 */
export function parseProto(text: string, file: string, root: Root): readonly string[] {
  // Declared nowhere, and the only way to have names of files on what is parsed.
  const parse = protobufjs().parse as typeof import('protobufjs').parse & { filename: string | null };
  parse.filename = file;
  try {
    const { imports = [], weakImports = [] } = parse(text, root, { keepCase: true });
    return [...imports, ...weakImports];
  } finally {
    parse.filename = null;
  }
}

/** The well-known file that everyone may import and nobody has beside their own (`google/protobuf/timestamp.proto`); null for others. */
export function wellKnownProto(name: string): INamespace | null {
  // For message options of one's own. protobufjs has it too, but not among those that it loads of itself.
  if (name === 'google/protobuf/descriptor.proto')
    return require('protobufjs/google/protobuf/descriptor.json') as INamespace;
  return protobufjs().common.get(name);
}
