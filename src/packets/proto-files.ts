import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Field, Root, Type } from 'protobufjs';
import type { Problem } from '../errors.js';
import { FileProblem, readTextFile } from '../text-file.js';
import { isWithin } from '../within.js';
import { parseProto, protobufjs, wellKnownProto } from './proto-library.js';
import { ProtoSource } from './proto-source.js';
import type { Span } from './source-text.js';

const maxFileBytes = 1024 * 1024;
/** protobufjs takes time that grows with the square of the fields of a message. */
const mostFields = 1000;
/** Enough to begin with, where the place of each has to be looked for. */
const mostProblems = 100;

/** Reads a .proto and what it imports into one root; `problems` says what was wrong with any of them. */
export class ProtoFiles {
  readonly problems: Problem[] = [];
  readonly root: Root;
  readonly main: ProtoSource;
  readonly #folder: string;
  readonly #checkImport: (file: string) => void;
  readonly #sources = new Map<string, ProtoSource>();
  readonly #wellKnown = new Set<string>();

  /**
   * @param checkImport throws a FileProblem for a file that may not be imported.
   * @throws FileProblem where `file` itself cannot be read.
   */
  constructor(file: string, checkImport = staysIn(dirname(file))) {
    const { Root } = protobufjs();
    this.root = new Root();
    this.#folder = dirname(file);
    this.#checkImport = checkImport;
    this.main = this.#read(file);
  }

  /** Whether there are so many problems that no more are looked for. */
  get isHopeless(): boolean {
    return this.problems.length >= mostProblems;
  }

  /** Reports a problem where a message or a field is declared; null is the file as a whole. */
  report(declared: Type | Field | null, message: string, hint: string): void {
    const source = this.#sourceOf(declared);
    this.problems.push(source.problem(spanOf(source, declared), message, hint));
  }

  /** Reports a problem where a field names its type. */
  reportType(field: Field, message: string, hint: string): void {
    const source = this.#sourceOf(field);
    const span = source.typeOf(field.parent?.name ?? '', field.type, field.name, field.id);
    this.problems.push(source.problem(span, message, hint));
  }

  #sourceOf(declared: Type | Field | null): ProtoSource {
    return this.#sources.get(declared?.filename ?? '') ?? this.main;
  }

  #read(file: string): ProtoSource {
    const source = new ProtoSource(readTextFile(file, maxFileBytes), file);
    this.#sources.set(file, source);
    const crowded = source.crowdedBlock(mostFields);
    if (crowded !== null) {
      const hint = 'put some of the fields into a message of their own';
      this.problems.push(source.problem(crowded, `this has more than ${mostFields} fields or values`, hint));
      return source;
    }
    for (const target of parseInto(this.root, source, this.problems)) this.#import(source, target);
    return source;
  }

  #import(importing: ProtoSource, target: string): void {
    if (this.#importWellKnown(target)) return;
    const report = (message: string, hint: string) =>
      this.problems.push(importing.problem(importing.importOf(target), message, hint));
    const folders = isAbsolute(target) ? ['/'] : [...new Set([dirname(importing.file), this.#folder])];
    const path = folders.map((folder) => join(folder, target)).find((candidate) => existsSync(candidate));
    if (path === undefined) {
      report(`there is no file \`${target}\` to import`, `it is looked for in ${folders.map(shown).join(' and ')}`);
    } else if (!this.#sources.has(path)) {
      try {
        this.#checkImport(path);
        this.#read(path);
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
function parseInto(root: Root, source: ProtoSource, problems: Problem[]): readonly string[] {
  try {
    return parseProto(source.text, source.file, root);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.push(syntaxProblem(source, error.message));
    return [];
  }
}

function syntaxProblem(source: ProtoSource, complaint: string): Problem {
  const [, what = complaint, line] = /^(.*) \((?:.*, )?line (\d+)\)$/s.exec(complaint) ?? [];
  const [, token, expected] = /'([^']*)'(?:, '([^']*)' expected)?/.exec(what) ?? [];
  const isEnd = token === 'null';
  const message = isEnd ? 'the file ends too soon' : `this is not protobuf as protobufjs reads it: ${what}`;
  const at = source.tokenIn(Number(line ?? lineOf(source, complaint)), isEnd ? undefined : token);
  if (expected !== undefined) return source.problem(at, message, `write \`${expected}\` before it`);
  return source.problem(
    at,
    message,
    isEnd ? 'close what is open with `}`' : 'see protobuf.dev/reference/protobuf/proto3-spec',
  );
}

/**
 * The line of a mistake that protobufjs names without one, such as a number given twice: the last of the shortest beginning
 * of the text that it complains of in the same words. The first where the mistake shows only together with another file.
 */
function lineOf({ text }: ProtoSource, complaint: string): number {
  const lines = text.split('\n');
  const complains = (count: number) => complaintOf(lines.slice(0, count).join('\n')) === complaint;
  if (!complains(lines.length)) return 1;
  let without = 0;
  let withIt = lines.length;
  while (withIt - without > 1) {
    const middle = (without + withIt) >>> 1;
    if (complains(middle)) withIt = middle;
    else without = middle;
  }
  return withIt;
}

function complaintOf(text: string): string | undefined {
  const { Root } = protobufjs();
  try {
    parseProto(text, '', new Root());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}
