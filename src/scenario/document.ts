import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Problem } from '../errors.js';
import { FoundProblems } from '../packets/found-problems.js';
import { SourceText, type Span } from '../packets/source-text.js';
import { aliasCure, checkStructure, depthCure, markCure, maxAliasCount, maxDepth } from './document-structure.js';
import { asClause } from './hints.js';

/** Where a value stands in the scenario: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/** What a problem points at: the value at its path, or the key before it. */
export type Part = 'key' | 'value';

/** Larger files are not read: the parser takes a microsecond or two for each byte. */
export const maxYamlBytes = 256 * 1024;
/**
 * Brackets, commas, colons and line ends: each makes a value, or a mistake, which is what the parser takes its time for. A scenario
 * that is written as tersely as it can be has one in four characters, and so fewer than this in a file of the largest size.
 */
const maxMarks = 100_000;
const marksCure = 'check that it is the file you meant, and leave out of it what is not needed';

/** One slip in YAML makes many errors: those that come first say what it was. */
const maxSyntaxErrors = 20;

/** The cures for what people slip in most, by the parser's code, and for all else. */
const syntaxCures: Readonly<Record<string, string>> = {
  BAD_INDENT: 'close every bracket and quote, and indent alike what belongs together',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  BAD_ALIAS: markCure,
  MULTIPLE_DOCS: 'keep one of them in this file',
  TAG_RESOLVE_FAILED: 'take the tag away, or put text that begins with ! in quotes',
};
/** In place of the parser's own words, where those are for programmers. */
const syntaxWords: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here, and a file is read as one',
  TAG_RESOLVE_FAILED: 'this tag has no meaning here',
};
const syntaxCure = 'look for a bracket or a quote that is not closed, and put text with : or # in quotes';

/** The parser recurses: text that opens more brackets, or more lists in one line, than this would exhaust its stack. */
const maxOpen = 500;

interface Located {
  readonly key: Node | null;
  readonly value: Node | null;
}

/** A scenario's YAML with the place of everything in it. Overrides change it before it is read. */
export class ScenarioDocument {
  readonly #source: SourceText;
  /** Why the text is not parsed at all. */
  readonly #unparsed: Unparsed | undefined;
  readonly #document: ReturnType<typeof parseDocument>;
  /** What an option of the command line set: problems there name the option, not a place. */
  readonly #overrides: { readonly path: Path; readonly option: string }[] = [];

  /** What was read, until an override changes it. */
  #content: { readonly value: unknown } | undefined;
  /** The pairs of a mapping by their keys, once they were looked for: a mapping may have thousands, and as many mistakes. */
  #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(text: string, file: string) {
    this.#source = new SourceText(text, file);
    this.#unparsed = unparsedPart(text);
    this.#document = parseExactly(this.#unparsed === undefined ? text : '');
  }

  /** What is wrong with the file as YAML; where there is anything, nothing else of the file is worth reading. */
  syntaxProblems(): readonly Problem[] {
    if (this.#unparsed !== undefined) {
      const { at, message, cure } = this.#unparsed;
      return [this.#source.problem({ start: at, end: at + 1 }, message, cure)];
    }
    const errors = [...this.#document.errors, ...this.#document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
    if (errors.length === 0) return this.#structureProblems();
    const problems = errors
      .slice(0, maxSyntaxErrors)
      .map(({ code, message, pos: [start, end] }) =>
        this.#source.problem(
          this.#onOneLine({ start, end }),
          syntaxWords[code] ?? `this is not valid YAML: ${asClause(message)}`,
          syntaxCures[code] ?? syntaxCure,
        ),
      );
    // What comes behind the first on its line is what the parser made of it.
    return problems.filter(({ place }, i) => i === 0 || place?.line !== problems[i - 1]!.place?.line);
  }

  /** The file's content as plain values, overrides included. */
  read(): unknown {
    // How much the aliases stand for was checked with the structure.
    this.#content ??= { value: this.#document.toJS({ maxAliasCount: -1 }) };
    return this.#content.value;
  }

  /**
   * Sets the value at `path` in the name of `option`; mappings that are not there yet are made.
   * @returns why that cannot be done, or undefined.
   */
  override(path: Path, value: unknown, option: string): string | undefined {
    let node: unknown = this.#document.contents;
    for (const [depth, segment] of path.entries()) {
      const name = showPath(path.slice(0, depth)) || 'the scenario';
      if (isAlias(node)) return `${name} is an alias in the file: set what it stands for`;
      if (node === undefined || (isScalar(node) && node.value === null)) break;
      if (!isCollection(node)) return `${name} is a single value, so ${segment} cannot be set in it`;
      if (isSeq(node) && (typeof segment !== 'number' || segment > node.items.length)) {
        return listRange(name, node.items.length);
      }
      if (isMap(node) && typeof segment === 'number') return `${name} is a mapping, not a list`;
      node = node.get(segment, true);
    }
    this.#removeEmpty(path);
    this.#document.setIn(path, this.#document.createNode(value));
    this.#overrides.push({ path, option });
    this.#pairs = new WeakMap();
    this.#content = undefined;
    return undefined;
  }

  /** The keys of the mapping at `path`; none where there is no mapping. */
  keysOf(path: Path): readonly string[] {
    const node = this.#document.getIn(path, true);
    const mapping = isAlias(node) ? node.resolve(this.#document) : node;
    // A key that an override set is no node.
    return isMap(mapping) ? mapping.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
  }

  /** The option that set the value at `path`, or something around it. */
  overrideOf(path: Path): string | undefined {
    return this.#overrides.findLast(({ path: set }) => set.every((segment, i) => segment === path[i]))?.option;
  }

  /**
   * A problem at `path`, or at the nearest place around it that is in the file. `within` narrows it to a stretch of the text,
   * in characters of the value (or key) as it is read.
   */
  problem(
    path: Path,
    message: string,
    options: { hint?: string | undefined; part?: Part; within?: Span } = {},
  ): Problem {
    const { hint, part = 'value', within } = options;
    const option = this.overrideOf(path);
    if (option !== undefined) return flagProblem(option, message, hint);
    const node = this.#nodeAt(path, part);
    const range = node?.range;
    if (node === null || !range) return this.#source.problem({ start: 0, end: 1 }, message, hint);
    const start = range[0];
    const end = Math.max(start + 1, range[1]);
    const base = within !== undefined && isScalar(node) ? this.#textStart(node, start, end) : undefined;
    const span = base === undefined ? { start, end } : { start: base + within!.start, end: base + within!.end };
    return this.#source.problem(this.#onOneLine(span), message, hint);
  }

  /** Where the text of a scalar begins, if it stands in the file letter for letter. */
  #textStart(node: Scalar, start: number, end: number): number | undefined {
    const raw = this.#source.text.slice(start, end);
    const value = String(node.value);
    if (raw === value) return start;
    return raw.slice(1, -1) === value ? start + 1 : undefined;
  }

  #nodeAt(path: Path, part: Part): Node | null {
    let located: Located = { key: null, value: this.#document.contents };
    let nearest: Node | null = located.value;
    for (const [depth, segment] of path.entries()) {
      const next = this.#child(located.value, segment);
      if (next === undefined) {
        // What is missing: the key of the mapping that lacks it says best where it belongs.
        return located.key ?? firstKey(nearest);
      }
      located = next;
      nearest = this.#visible(next, depth === path.length - 1 ? part : 'value') ?? nearest;
    }
    return path.length === 0 ? firstKey(nearest) : nearest;
  }

  #visible({ key, value }: Located, part: Part): Node | null {
    if (part === 'key' && key !== null) return key;
    const isEmpty = !value?.range || value.range[0] === value.range[1];
    return isEmpty ? (key ?? value) : value;
  }

  #child(node: Node | null, segment: string | number): Located | undefined {
    const parent = isAlias(node) ? node.resolve(this.#document) : node;
    if (isMap(parent)) {
      const pair = this.#pairsOf(parent).get(String(segment));
      return pair && { key: pair.key as Node, value: pair.value as Node | null };
    }
    if (isSeq(parent) && typeof segment === 'number' && segment < parent.items.length) {
      return { key: null, value: parent.items[segment] as Node };
    }
    return undefined;
  }

  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    let pairs = this.#pairs.get(map);
    if (pairs === undefined) {
      pairs = new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])));
      this.#pairs.set(map, pairs);
    }
    return pairs;
  }

  /** An empty value (`load:`) has no room for keys: it is taken away before something is set in it. */
  #removeEmpty(path: Path): void {
    for (let depth = 1; depth < path.length; depth++) {
      const head = path.slice(0, depth);
      const node = this.#document.getIn(head, true);
      if (isScalar(node) && node.value === null) this.#document.deleteIn(head);
    }
  }

  #structureProblems(): readonly Problem[] {
    const problems = new FoundProblems();
    problems.during(() =>
      checkStructure(this.#document, (node, message, hint) => {
        const [start = 0, end = 1] = node.range ?? [];
        problems.add(this.#source.problem(this.#onOneLine({ start, end }), message, hint));
      }),
    );
    return problems.all;
  }

  /** An alias of nothing, of which an override took away what it stood for: then the file cannot be read. */
  aliasProblems(): readonly Problem[] {
    try {
      this.read();
      return [];
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      const message = `the aliases of this file cannot be resolved: ${asClause(error.message)}`;
      return [this.#source.problem({ start: 0, end: 1 }, message, aliasCure)];
    }
  }

  #onOneLine({ start, end }: Span): Span {
    const lineEnd = this.#source.text.slice(start, end).search(/[\r\n]/);
    return { start, end: Math.max(start + 1, lineEnd === -1 ? end : start + lineEnd) };
  }
}

/** Parses YAML so that every digit of a whole number is kept: those that a number cannot hold exactly are bigints. */
function parseExactly(text: string): ReturnType<typeof parseDocument> {
  const document = withoutStacks(() =>
    parseDocument(text, {
      prettyErrors: false,
      version: '1.2',
      strict: true,
      intAsBigInt: true,
      resolveKnownTags: false,
      uniqueKeys: false,
    }),
  );
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'bigint' && Number.isSafeInteger(Number(node.value))) node.value = Number(node.value);
    },
  });
  return document;
}

/** One value in YAML, as it would be read in a scenario; undefined where it is none. */
export function readValue(text: string): { readonly value: unknown } | undefined {
  const document = parseExactly(text);
  if (document.errors.length > 0) return undefined;
  try {
    return { value: document.toJS({ maxAliasCount }) };
  } catch (error) {
    // An alias of nothing.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Plays work that may make an error for each character of a text, most of whose time would be spent on their stacks, which nobody reads. */
function withoutStacks<Result>(work: () => Result): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Why a text is not given to the parser, and where it shows: sentences without full stops. */
interface Unparsed {
  readonly at: number;
  readonly message: string;
  readonly cure: string;
}

/** Where a text opens more than `maxOpen` brackets, or as many lists in one line, or has too many marks; undefined where it does not. */
function unparsedPart(text: string): Unparsed | undefined {
  const tooDeep = (at: number): Unparsed => ({
    at,
    message: `this is nested more than ${maxDepth} levels deep`,
    cure: depthCure,
  });
  let open = 0;
  let marks = 0;
  for (const { 0: mark, index } of text.matchAll(/[[\]{},:\n]/g)) {
    if (mark === '[' || mark === '{') open++;
    else if ((mark === ']' || mark === '}') && open > 0) open--;
    if (open > maxOpen) return tooDeep(index);
    if (++marks > maxMarks) {
      const message = `up to here the file has more than ${maxMarks} brackets, commas, colons and line ends, and no more are read`;
      return { at: index, message, cure: marksCure };
    }
  }
  const dashes = text.search(new RegExp(`(?:[-?] ){${maxOpen}}`));
  return dashes === -1 ? undefined : tooDeep(dashes);
}

/** A problem with an option of the command line, which is named in place of a place. */
export function flagProblem(flag: string, message: string, hint?: string): Problem {
  return { message: `${flag}: ${message}`, ...(hint !== undefined && { hint }), flag };
}

/** Which indices a list takes: also the one behind its last, which makes it longer. */
function listRange(name: string, length: number): string {
  if (length === 0) return `${name} is an empty list: write [0] to append to it`;
  const there = length === 1 ? '[0]' : `[0] to [${length - 1}]`;
  return `${name} is a list of ${length}: write ${there}, or [${length}] to append to it`;
}

/** A path as `--set` takes it: `clients.talker.every[0].interval`. */
export function showPath(path: Path): string {
  return path
    .map((segment, i) => (typeof segment === 'number' ? `[${segment}]` : i === 0 ? segment : `.${segment}`))
    .join('');
}

function firstKey(node: Node | null): Node | null {
  return isMap(node) ? ((node.items[0]?.key as Node | undefined) ?? node) : node;
}
