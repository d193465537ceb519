import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Field, Root, Type } from 'protobufjs';
import type { Problem } from '../errors.js';
import { FileProblem, readTextFile } from '../text-file.js';
import { isWithin } from '../within.js';
import { FoundProblems } from './found-problems.js';
import { parseProto, protobufjs, wellKnownProto } from './proto-library.js';
import { ProtoSource } from './proto-source.js';
import type { Span } from './source-text.js';

const maxFileBytes = 1024 * 1024;
/** Of a file and all that it imports: some ten thousand messages. */
const maxTotalChars = 2 * maxFileBytes;
const totalCure = 'leave out what the packets of this server do not need';
/** protobufjs takes time that grows with the square of the fields of a message. */
const mostFields = 1000;

/** Reads a .proto and what it imports into one root; `problems` says what was wrong with any of them. */
export class ProtoFiles {
  readonly problems = new FoundProblems();
  readonly root: Root;
  readonly main: ProtoSource;
  readonly #folder: string;
  readonly #checkImport: (file: string) => void;
  readonly #sources = new Map<string, ProtoSource>();
  readonly #wellKnown = new Set<string>();
  #totalChars = 0;

  /**
   * @param checkImport throws a FileProblem for a file that may not be imported.
   * @throws FileProblem where `file` itself cannot be read.
   */
  constructor(file: string, checkImport = staysIn(dirname(file))) {
    const { Root } = protobufjs();
    this.root = new Root();
    this.#folder = dirname(file);
    this.#checkImport = checkImport;
    this.main = this.#open(file);
  }

  /** Parses the file and what it imports. Whoever calls this, or reports, does so within `problems.during`. */
  parse(): void {
    this.#parse(this.main);
  }

  /** Reports a problem where a message or a field is declared; null is the file as a whole. */
  report(declared: Type | Field | null, message: string, hint: string): void {
    const source = this.#sourceOf(declared);
    this.problems.add(source.problem(spanOf(source, declared), message, hint));
  }

  /** Reports a problem where a field names its type. */
  reportType(field: Field, message: string, hint: string): void {
    const source = this.#sourceOf(field);
    const span = source.typeOf(field.parent?.name ?? '', field.type, field.name, field.id);
    this.problems.add(source.problem(span, message, hint));
  }

  #sourceOf(declared: Type | Field | null): ProtoSource {
    return this.#sources.get(declared?.filename ?? '') ?? this.main;
  }

  #open(file: string): ProtoSource {
    const source = new ProtoSource(readTextFile(file, maxFileBytes), file);
    this.#sources.set(file, source);
    this.#totalChars += source.text.length;
    return source;
  }

  #parse(source: ProtoSource): void {
    const crowded = source.crowdedBlock(mostFields);
    if (crowded !== null) {
      const hint = 'put some of the fields into a message of their own';
      this.problems.add(source.problem(crowded, `this has more than ${mostFields} fields or values`, hint));
      return;
    }
    for (const target of parseInto(this.root, source, this.problems)) this.#import(source, target);
  }

  #import(importing: ProtoSource, target: string): void {
    if (this.#importWellKnown(target)) return;
    const report = (message: string, hint: string) =>
      this.problems.add(importing.problem(importing.importOf(target), message, hint));
    const folders = isAbsolute(target) ? ['/'] : [...new Set([dirname(importing.file), this.#folder])];
    const path = folders.map((folder) => join(folder, target)).find((candidate) => existsSync(candidate));
    if (path === undefined) {
      report(`there is no file \`${target}\` to import`, `it is looked for in ${folders.map(shown).join(' and ')}`);
    } else if (!this.#sources.has(path)) {
      try {
        this.#checkImport(path);
        const source = this.#open(path);
        if (this.#totalChars <= maxTotalChars) this.#parse(source);
        else throw new FileProblem(`is too much: all files have more than ${maxTotalChars} characters`, totalCure);
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error;
        report(`the import \`${target}\` ${error.message}`, error.hint ?? 'imports are .proto files');
      }
    }
  }

  #importWellKnown(target: string): boolean {
    const descriptor = wellKnownProto(target);
    if (descriptor === null) return false;
    if (!this.#wellKnown.has(target)) this.root.addJSON(descriptor.nested ?? {});
    this.#wellKnown.add(target);
    return true;
  }
}

/** Lets files be imported that lie in `folder` or below it, by their paths alone. */
function staysIn(folder: string): (file: string) => void {
  return (file) => {
    if (isWithin(folder, file)) return;
    throw new FileProblem('leads out of the file’s folder', 'put the file beside the one that imports it');
  };
}

function spanOf(source: ProtoSource, declared: Type | Field | null): Span {
  if (declared === null) return { start: 0, end: 0 };
  if (!(declared instanceof protobufjs().Field)) return source.declarationOf(declared.name);
  return source.fieldOf(declared.parent?.name ?? '', declared.name, declared.id);
}

function shown(folder: string): string {
  return `\`${folder}\``;
}

/** Adds what the text declares to `root`, and returns what it imports; nothing where it is not protobuf, which is reported. */
function parseInto(root: Root, source: ProtoSource, problems: FoundProblems): readonly string[] {
  try {
    return parseProto(source.text, source.file, root);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.add(syntaxProblem(source, error.message));
    return [];
  }
}

function syntaxProblem(source: ProtoSource, complaint: string): Problem {
  const [, what = complaint, line] = /^(.*) \((?:.*, )?line (\d+)\)$/s.exec(complaint) ?? [];
  const [, token, expected] = /'([^']*)'(?:, '([^']*)' expected)?/.exec(what) ?? [];
  const isEnd = token === 'null';
  const message = isEnd ? 'the file ends too soon' : `this is not protobuf as protobufjs reads it: ${what}`;
  const at = line === undefined ? placeOf(source, complaint) : source.tokenIn(Number(line), isEnd ? undefined : token);
  if (expected !== undefined) return source.problem(at, message, `write \`${expected}\` before it`);
  return source.problem(
    at,
    message,
    isEnd ? 'close what is open with `}`' : 'see protobuf.dev/reference/protobuf/proto3-spec',
  );
}

/**
 * The place of what protobufjs complains of without a line: a number or a name that is given twice in a message, an enum or the file, or
 * that is reserved there. The file's first line where the mistake shows only together with another file.
 */
function placeOf(source: ProtoSource, complaint: string): Span {
  if (complaint === 'max depth exceeded') return source.deepestBlock();
  const [, twice, kind, what, within] =
    /^(duplicate )?(id|name) '?([^' ]+)'?(?: is reserved)? in (?:Type|Enum) (?:.*\.)?(\w+)$/.exec(complaint) ??
    /^(duplicate )(name) '([^']+)' in (?:Root|Namespace)/.exec(complaint) ??
    [];
  const ordinal = twice === undefined ? 1 : 2;
  const found =
    kind === 'id'
      ? source.numberIn(within ?? null, Number(what), ordinal)
      : kind === 'name' && source.nameIn(within ?? null, what!, ordinal);
  return found || source.tokenIn(1, undefined);
}
