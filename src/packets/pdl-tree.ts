import { createRequire } from 'node:module';
import type { FoundProblems } from './found-problems.js';
import type { SourceText, Span } from './source-text.js';

export interface PdlAttribute {
  readonly name: string;
  readonly value: string;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
}

/** PDL is elements and attributes; comments and white space mean nothing. */
export interface PdlElement {
  readonly tag: string;
  readonly tagSpan: Span;
  readonly attributes: readonly PdlAttribute[];
  readonly children: readonly PdlElement[];
  /** Written as `<tag/>`, which the original generator takes for something else than `<tag></tag>`. */
  readonly selfClosing: boolean;
}

/** Loaded with the first file that is read: its tables of characters take longer than all else that a worker loads, which reads none. */
function createParser() {
  const { SaxesParser } = createRequire(import.meta.url)('saxes') as typeof import('saxes');
  return new SaxesParser({ position: true });
}

/** Thousands of packets, and read within a second even where every one of them is a mistake. */
const maxChars = 1_000_000;
/** Lists in lists: deeper nesting would only make decoders recurse. */
const maxDepth = 32;

/**
 * Reads the XML of a PDL file into a tree. Entities other than XML's own five are errors, and a DOCTYPE is one, so nothing
 * in a file can expand or be fetched. After the first thing that is not well-formed XML, the rest is not looked at: what
 * follows such a mistake cannot be judged.
 */
export function readPdlTree(source: SourceText, problems: FoundProblems): PdlElement | null {
  if (source.text.length <= maxChars) return new TreeBuilder(source, problems).build();
  const message = `the file has ${source.text.length} characters; at most ${maxChars} are read`;
  problems.add(source.problem({ start: 0, end: 1 }, message));
  return null;
}

const wellFormedHints: Readonly<Record<string, string>> = {
  'undefined entity': 'XML has &lt; &gt; &amp; &quot; and &apos;; write any other character itself.',
  'incorrect syntax': 'A packet definition file begins with <PDL>.',
};

interface OpenElement {
  readonly tag: string;
  readonly tagSpan: Span;
  readonly attributes: PdlAttribute[];
  readonly children: PdlElement[];
}

/** Ends the reading at what is not well-formed. */
class NotWellFormed extends Error {}

class TreeBuilder {
  readonly #source: SourceText;
  readonly #parser = createParser();
  readonly #problems: FoundProblems;
  readonly #open: OpenElement[] = [];
  #lastClosed: OpenElement | undefined;
  #root: PdlElement | null = null;

  constructor(source: SourceText, problems: FoundProblems) {
    this.#source = source;
    this.#problems = problems;
    const parser = this.#parser;
    parser.on('opentagstart', ({ name }) => this.#onOpenTagStart(name));
    parser.on('attribute', ({ name, value }) => this.#onAttribute(name, value));
    parser.on('closetag', ({ isSelfClosing }) => this.#onCloseTag(isSelfClosing));
    parser.on('text', (text) => this.#onText(text));
    parser.on('cdata', () => this.#onCdata());
    parser.on('doctype', () => this.#onDoctype());
    parser.on('error', (error) => this.#onXmlError(error));
  }

  build(): PdlElement | null {
    try {
      this.#parser.write(this.#source.text).close();
      return this.#root;
    } catch (error) {
      if (error instanceof NotWellFormed) return null;
      throw error;
    }
  }

  #onOpenTagStart(tag: string): void {
    const start = this.#source.text.lastIndexOf('<', this.#parser.position - 1) + 1;
    const tagSpan = { start, end: start + tag.length };
    this.#open.push({ tag, tagSpan, attributes: [], children: [] });
    if (this.#open.length > maxDepth) this.#break(tagSpan, `elements are nested more than ${maxDepth} deep`);
  }

  /** Called when the closing quote has been read. */
  #onAttribute(name: string, value: string): void {
    const { text } = this.#source;
    const end = this.#parser.position - 1;
    const start = text.lastIndexOf(text[end]!, end - 1) + 1;
    const nameStart = text.lastIndexOf(name, start - name.length);
    this.#open.at(-1)!.attributes.push({
      name,
      value,
      nameSpan: { start: nameStart, end: nameStart + name.length },
      valueSpan: { start, end },
    });
  }

  #onCloseTag(selfClosing: boolean): void {
    const element = this.#open.pop()!;
    this.#lastClosed = element;
    const closed = { ...element, selfClosing };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = closed;
    else parent.children.push(closed);
  }

  /** Called when the `<` behind the text has been read; the problem points to the text's last word. */
  #onText(text: string): void {
    if (text.trim() === '') return;
    const source = this.#source.text;
    let end = this.#parser.position - 1;
    while (/\s/.test(source.charAt(end - 1))) end--;
    let start = end - 1;
    while (/[^\s>]/.test(source.charAt(start - 1))) start--;
    this.#reportText({ start, end });
  }

  #onCdata(): void {
    this.#reportText(this.#lastMarkup('<![CDATA['));
  }

  #reportText(span: Span): void {
    const hint = 'Remove it, or make it a comment: <!-- … -->.';
    this.#problems.add(this.#source.problem(span, 'text has no meaning here', hint));
  }

  #onDoctype(): void {
    this.#break(this.#lastMarkup('<!DOCTYPE'), 'a DOCTYPE has no place in a PDL file', 'Remove it.');
  }

  #onXmlError(error: Error): void {
    // `line:column: reason.`
    const reason = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    const message = `this is not well-formed XML: ${reason}`;
    const unclosed = this.#unclosedElement(reason);
    const hint =
      unclosed && `<${unclosed.tag}> of line ${this.#source.lineOf(unclosed.tagSpan)} needs </${unclosed.tag}> first.`;
    this.#break(this.#here(), message, hint ?? this.#emptyHint() ?? wellFormedHints[reason]);
  }

  /** The cure where nothing stands in the file that could be wrong. */
  #emptyHint(): string | undefined {
    return this.#source.text.trim() === ''
      ? 'The file is empty: write <PDL><packet name="C_Chat"><string name="chat"/></packet></PDL>.'
      : undefined;
  }

  /** saxes closes the element on top before it reports that the closing tag is another's. */
  #unclosedElement(reason: string): OpenElement | undefined {
    if (reason === 'unexpected close tag') return this.#lastClosed;
    return reason.startsWith('unclosed tag') ? this.#open.at(-1) : undefined;
  }

  #break(span: Span, message: string, hint?: string): never {
    this.#problems.add(this.#source.problem(span, message, hint));
    throw new NotWellFormed();
  }

  #lastMarkup(opening: string): Span {
    const start = this.#source.text.lastIndexOf(opening, this.#parser.position);
    return { start, end: start + opening.length };
  }

  /** The character read last; saxes counts the end of the file as one more. */
  #here(): Span {
    const end = Math.max(1, Math.min(this.#parser.position, this.#source.text.length));
    return { start: end - 1, end };
  }
}
