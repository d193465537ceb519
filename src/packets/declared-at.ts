import { extname } from 'node:path';
import type { Problem } from '../errors.js';
import { readTextFile } from '../text-file.js';
import { FoundProblems } from './found-problems.js';
import { readPdlTree } from './pdl-tree.js';
import { ProtoSource } from './proto-source.js';
import { SourceText, type Span } from './source-text.js';

/** More than any file of definitions that was read before. */
const maxFileBytes = 4 * 1024 * 1024;

/**
 * Where a PDL file or a .proto, which was read before, declares what `path` names, as in `game.Chat.Line`, or else what holds it;
 * nothing where it does not, as for what it imports.
 * @throws FileProblem where it cannot be read again.
 */
export function declaredAt(file: string, path: string): Pick<Problem, 'place' | 'sourceLine'> {
  const text = readTextFile(file, maxFileBytes);
  const source = extname(file) === '.proto' ? new ProtoSource(text, file) : new SourceText(text, file);
  const find = source instanceof ProtoSource ? (name: string) => source.declarationOf(name) : packetsOf(source);
  for (const name of path.split('.').toReversed()) {
    const span = find(name);
    if (span === undefined || span.end === span.start) continue;
    const { place, sourceLine } = source.problem(span, '', '');
    return { ...(place && { place }), ...(sourceLine !== undefined && { sourceLine }) };
  }
  return {};
}

function packetsOf(source: SourceText): (name: string) => Span | undefined {
  const problems = new FoundProblems();
  const root = problems.during(() => readPdlTree(source, problems));
  const names = (root?.children ?? []).flatMap(({ attributes }) =>
    attributes.filter((attribute) => attribute.name === 'name'),
  );
  return (name) => names.find(({ value }) => value === name)?.valueSpan;
}
