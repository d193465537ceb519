import { type Alias, type Document, isCollection, isMap, isScalar, type Node, visit, type YAMLMap } from 'yaml';

/** Aliases that may be used in one file: more is not a scenario but a bomb. */
export const maxAliasCount = 100;
export const maxDepth = 50;
export const depthCure = 'close every bracket, and write it with fewer levels';

export const aliasCure = 'write out what the alias stands for';
/** What begins with the mark of an alias, and may have been meant as text. */
export const markCure = 'put text that begins with * or & in quotes';

/** Notes a mistake at a node: sentences without full stops. */
type ReportAt = (node: Node, message: string, hint?: string) => void;

/** Reports what is well-formed YAML, and cannot be read as plain values, or not in bounded time and memory. */
export function checkStructure(document: Document, report: ReportAt): void {
  let aliases = 0;
  visit(document, {
    Alias(_, node, ancestors) {
      if (++aliases > maxAliasCount) {
        report(node, `a file has at most ${maxAliasCount} aliases`, aliasCure);
        return visit.BREAK;
      }
      checkAlias(node, document, ancestors, report);
      return undefined;
    },
    Collection(_, node, ancestors) {
      if (isMap(node)) checkKeys(node, report);
      if (ancestors.filter(isCollection).length < maxDepth) return undefined;
      report(node, `this is nested more than ${maxDepth} levels deep`, depthCure);
      return visit.BREAK;
    },
  });
}

function checkAlias(alias: Alias, document: Document, ancestors: readonly unknown[], report: ReportAt): void {
  const target = alias.resolve(document);
  if (target === undefined) report(alias, `no anchor \`&${alias.source}\` stands before this alias`, markCure);
  else if (ancestors.includes(target))
    report(alias, 'this alias stands for what it is part of, without end', aliasCure);
}

/** The parser could tell of keys that stand twice, in time that grows with the square of their number. */
function checkKeys({ items }: YAMLMap, report: ReportAt): void {
  const known = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) {
      if (key !== null) report(key as Node, 'a key must be text', 'a mapping or a list cannot be a key');
      continue;
    }
    const name = String(key.value);
    if (known.has(name)) report(key, `\`${name}\` stands here twice`, 'keep one of the two');
    known.add(name);
  }
}
