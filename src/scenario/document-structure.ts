import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  visit,
  type YAMLMap,
} from 'yaml';

/** Aliases that may be used in one file: more is not a scenario but a bomb. */
export const maxAliasCount = 100;
/** Values that all aliases of a file stand for: a list of 200 steps for each of 100 kinds of client. Each is read wherever it is used. */
const maxAliasValues = 20_000;
export const maxDepth = 50;
export const depthCure = 'close every bracket, and write it with fewer levels';

export const aliasCure = 'write out what the alias stands for';
/** Written out it would be as much: there is too much of it. */
const fewerCure = 'repeat less: use fewer aliases, and none of what is made of aliases itself';
/** What begins with the mark of an alias, and may have been meant as text. */
export const markCure = 'put text that begins with * or & in quotes';

/** Notes a mistake at a node: sentences without full stops. */
type ReportAt = (node: Node, message: string, hint?: string) => void;

/** Reports what is well-formed YAML, and cannot be read as plain values, or not in bounded time and memory. */
export function checkStructure(document: Document, report: ReportAt): void {
  const aliases = new Aliases(report);
  visit(document, {
    Alias: (_, node, ancestors) => (aliases.isBearable(node, ancestors) ? undefined : visit.BREAK),
    Scalar: (_, node) => aliases.noteAnchor(node),
    Collection(_, node, ancestors) {
      aliases.noteAnchor(node);
      if (isMap(node)) checkKeys(node, report);
      if (ancestors.filter(isCollection).length < maxDepth) return undefined;
      report(node, `this is nested more than ${maxDepth} levels deep`, depthCure);
      return visit.BREAK;
    },
  });
}

/** The aliases of a document, met in its order, and what they stand for: the library would look through all of it for each. */
class Aliases {
  readonly #report: ReportAt;
  readonly #anchored = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  readonly #sizes = new Map<Node, number>();
  #count = 0;
  #values = 0;

  constructor(report: ReportAt) {
    this.#report = report;
  }

  noteAnchor(node: Node & { readonly anchor?: string | undefined }): void {
    if (node.anchor !== undefined) this.#anchored.set(node.anchor, node);
  }

  /** Checks the next alias; false, and reported, where there are too many, or they stand for too much. */
  isBearable(alias: Alias, ancestors: readonly unknown[]): boolean {
    if (++this.#count > maxAliasCount) {
      this.#report(alias, `a file has at most ${maxAliasCount} aliases`, fewerCure);
      return false;
    }
    const target = this.#anchored.get(alias.source);
    if (target === undefined) this.#report(alias, `no anchor \`&${alias.source}\` stands before this alias`, markCure);
    else if (ancestors.includes(target))
      this.#report(alias, 'this alias stands for what it is part of, without end', aliasCure);
    else {
      this.#targets.set(alias, target);
      this.#values += this.#sizeOf(target);
    }
    if (this.#values <= maxAliasValues) return true;
    this.#report(alias, `the aliases up to here stand for more than ${maxAliasValues} values`, fewerCure);
    return false;
  }

  /** How many values a node is, with all that is in it and all that aliases in it stand for. */
  #sizeOf(node: unknown): number {
    if (isPair(node)) return this.#sizeOf(node.value);
    if (isAlias(node)) return this.#sizeOf(this.#targets.get(node));
    if (!isCollection(node)) return 1;
    let size = this.#sizes.get(node);
    if (size === undefined) {
      size = 1;
      for (const item of node.items) size += this.#sizeOf(item);
      this.#sizes.set(node, size);
    }
    return size;
  }
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
