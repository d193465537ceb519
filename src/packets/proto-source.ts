import type { Problem } from '../errors.js';
import { SourceText, type Span } from './source-text.js';

/** The text of one .proto, and where in it things are declared: protobufjs tells the line of a syntax error, and no more. */
export class ProtoSource {
  readonly #source: SourceText;
  /** The text with blanks for comments and strings, so that what is found is what was declared. */
  readonly #code: string;

  constructor(text: string, file: string) {
    this.#source = new SourceText(text, file);
    const blank = (found: string) => found.replace(/[^\r\n]/g, ' ');
    this.#code = text.replace(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'/g, blank);
  }

  get text(): string {
    return this.#source.text;
  }

  get file(): string {
    return this.#source.file;
  }

  problem(span: Span, message: string, hint: string): Problem {
    return this.#source.problem(span, message, hint);
  }

  /** The name of a message, a group or an enum where it is declared; the file's beginning where it is not. */
  declarationOf(name: string): Span {
    return this.#find(new RegExp(`\\b(?:message|group|enum)\\s+(${name})\\b`), 0);
  }

  /** The name of a field where its message declares it. */
  fieldOf(message: string, field: string, number: number): Span {
    return this.#find(new RegExp(`\\b(${field})\\s*=\\s*${number}\\b`), this.declarationOf(message).end);
  }

  /** The type of a field where its message declares it, and not the field's name. */
  typeOf(message: string, type: string, field: string, number: number): Span {
    const written = type.replaceAll('.', '\\.');
    const pattern = new RegExp(`(?<![\\w.])(${written})\\s*(?:>\\s*|\\s)${field}\\s*=\\s*${number}\\b`);
    return this.#find(pattern, this.declarationOf(message).end);
  }

  /** Where a pair of braces holds more than `most` fields or values; null where none does. */
  crowdedBlock(most: number): Span | null {
    const open: { readonly start: number; count: number }[] = [];
    for (const { 0: mark, index } of this.#code.matchAll(/[{}=]/g)) {
      if (mark === '{') open.push({ start: index, count: 0 });
      else if (mark === '}') open.pop();
      const block = mark === '=' ? open.at(-1) : undefined;
      if (block !== undefined && ++block.count > most) return { start: block.start, end: block.start + 1 };
    }
    return null;
  }

  importOf(target: string): Span {
    const at = Math.max(0, this.text.search(/^\s*import\b/m));
    const start = this.text.indexOf(target, at);
    return start === -1 ? { start: 0, end: 0 } : { start, end: start + target.length };
  }

  /** `token` in a line, counted from 1; the line's code where it is not there. */
  tokenIn(lineNumber: number, token: string | undefined): Span {
    let start = 0;
    for (let line = 1; line < lineNumber; line++) {
      const next = this.text.indexOf('\n', start);
      if (next === -1) break;
      start = next + 1;
    }
    const line = /^[^\r\n]*/.exec(this.text.slice(start))![0];
    const indent = line.length - line.trimStart().length;
    const at = token === undefined ? -1 : line.indexOf(token);
    return at === -1
      ? { start: start + indent, end: start + Math.max(line.trimEnd().length, indent) }
      : { start: start + at, end: start + at + token!.length };
  }

  #find(pattern: RegExp, from: number): Span {
    const match = pattern.exec(this.#code.slice(from));
    if (match === null) return { start: from, end: from };
    const start = from + match.index + match[0].indexOf(match[1]!);
    return { start, end: start + match[1]!.length };
  }
}
