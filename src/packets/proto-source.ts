import type { Problem } from '../errors.js';
import { SourceText, type Span } from './source-text.js';

/** What opens and closes blocks, and gives fields their numbers. */
const blockMarks = /\b(oneof|extend)\b[^{};=]*\{|[{}=]/g;

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

  /**
   * The name of the `ordinal`-th field or value with this number of a message or an enum, of which there may be several with this
   * name; undefined where none of them has so many.
   */
  numberIn(block: string | null, number: number, ordinal: number): Span | undefined {
    return this.#findIn(block, new RegExp(`(\\w+)\\s*=\\s*${number}\\b`, 'g'), ordinal);
  }

  /** The `ordinal`-th thing that is declared with this name in a message or an enum, or, for null, in the file itself. */
  nameIn(block: string | null, name: string, ordinal: number): Span | undefined {
    return this.#findIn(block, new RegExp(`\\b(${name})\\s*[={]`, 'g'), ordinal);
  }

  /**
   * Where a pair of braces holds more than `most` fields or values, those of a oneof being its message's, or where all extensions of the
   * file have more; null where nothing does.
   */
  crowdedBlock(most: number): Span | null {
    const extensions = { start: 0, count: 0 };
    const open: { readonly start: number; count: number }[] = [];
    for (const { 0: mark, 1: word, index } of this.#code.matchAll(blockMarks)) {
      const end = index + mark.length;
      if (word === 'oneof' && open.length > 0) open.push(open.at(-1)!);
      else if (word === 'extend') open.push(extensions);
      else if (mark === '{') open.push({ start: index, count: 0 });
      else if (mark === '}') open.pop();
      const block = mark === '=' ? open.at(-1) : undefined;
      if (block !== undefined && ++block.count > most) {
        const start = block === extensions ? end - 1 : block.start;
        return { start, end: start + 1 };
      }
    }
    return null;
  }

  /** The brace at which the most blocks are open. */
  deepestBlock(): Span {
    let open = 0;
    let deepest = { open: 0, start: 0 };
    for (const { 0: mark, index } of this.#code.matchAll(/[{}]/g)) {
      open += mark === '{' ? 1 : -1;
      if (open > deepest.open) deepest = { open, start: index };
    }
    return { start: deepest.start, end: deepest.start + 1 };
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

  /** The `ordinal`-th match of `pattern`, by its group, in the code of a block (null: the file) without the blocks within. */
  #findIn(block: string | null, pattern: RegExp, ordinal: number): Span | undefined {
    const starts =
      block === null
        ? [0]
        : [...this.#code.matchAll(new RegExp(`\\b(?:message|group|enum)\\s+${block}\\b[^{;]*\\{`, 'g'))].map(
            ({ 0: { length }, index }) => index + length,
          );
    for (const start of starts) {
      const match = [...shallowCode(this.#code, start).matchAll(pattern)][ordinal - 1];
      if (match === undefined) continue;
      const at = start + match.index + match[0].indexOf(match[1]!);
      return { start: at, end: at + match[1]!.length };
    }
    return undefined;
  }

  #find(pattern: RegExp, from: number): Span {
    const match = pattern.exec(this.#code.slice(from));
    if (match === null) return { start: from, end: from };
    const start = from + match.index + match[0].indexOf(match[1]!);
    return { start, end: start + match[1]!.length };
  }
}

/** Code from `start` to the end of the block in which that stands, with blanks for the blocks within that are no oneofs. */
function shallowCode(code: string, start: number): string {
  const open: boolean[] = [];
  let shallow = '';
  let from = start;
  blockMarks.lastIndex = start;
  for (let match = blockMarks.exec(code); match !== null; match = blockMarks.exec(code)) {
    const [mark, word] = match;
    if (mark === '=') continue;
    const isHidden = open.includes(true);
    const end = mark === '}' ? match.index : match.index + mark.length;
    shallow += isHidden ? ' '.repeat(end - from) : code.slice(from, end);
    from = end;
    if (mark !== '}') open.push(word !== 'oneof');
    else if (open.pop() === undefined) break;
  }
  blockMarks.lastIndex = 0;
  return shallow;
}
