import type { Problem } from '../errors.js';
import { nearest } from '../nearest.js';
import type { Direction, FieldDefinition, ListField, PacketDefinition, PacketSet } from './definition.js';
import { FoundProblems } from './found-problems.js';
import { invalidPackets, optionProblem } from './invalid-packets.js';
import { checkPacketIds } from './packet-ids.js';
import { pdlTypes } from './pdl-field.js';
import { type PdlAttribute, type PdlElement, readPdlTree } from './pdl-tree.js';
import { SourceText, type Span } from './source-text.js';

export interface PdlOptions {
  /**
   * `strict` (the default) refuses what the original generator misreads. `original` reads it as that generator does, for a
   * server that was built that way: fields of unknown type are dropped, and `<packet name="X"/>` swallows the next packet.
   */
  readonly reading?: 'strict' | 'original' | undefined;
  /** Ids by packet name; the other packets keep their number in document order, counted from 1. */
  readonly ids?: Readonly<Record<string, number>> | undefined;
}

/**
 * Reads the packet definitions of a PDL.xml: `<PDL><packet name="C_Chat"><string name="chat"/></packet>…</PDL>`, ids
 * counted from 1 in document order, tags in any case. `file` is the name under which problems are reported.
 * @throws SwarmError `packets-invalid` with every problem found, in the order of the file.
 */
export function parsePdl(text: string, file: string, options: PdlOptions = {}): PacketSet {
  const source = new SourceText(text.replace(/^\uFEFF/, ''), file);
  const problems = new FoundProblems();
  const packets = problems.during(() => {
    const root = readPdlTree(source, problems);
    return root === null ? [] : new PdlReader(source, options, problems).read(root);
  });
  if (packets !== undefined && problems.all.length === 0) return { format: 'pdl', packets };
  throw invalidPackets(file, problems.all.toSorted(byPlace));
}

/** In the order of the file; problems without a place, which are about options, come last. */
function byPlace(a: Problem, b: Problem): number {
  if (a.place === undefined || b.place === undefined)
    return Number(a.place === undefined) - Number(b.place === undefined);
  return a.place.line - b.place.line || a.place.column - b.place.column;
}

const fieldTags: readonly string[] = [...pdlTypes, 'list'];
const originalReadingHint = 'If the server was built from this very file, write `reading: original` under `protocol`.';

/** Turns the tree into definitions, and collects what is wrong with it: the result counts only if nothing is. */
class PdlReader {
  readonly #problems: FoundProblems;
  readonly #source: SourceText;
  readonly #reading: 'strict' | 'original';
  readonly #ids: Readonly<Record<string, number>>;
  /** Where the name of each packet stands. */
  readonly #packetNames = new Map<string, Span>();

  constructor(source: SourceText, { reading = 'strict', ids = {} }: PdlOptions, problems: FoundProblems) {
    this.#source = source;
    this.#problems = problems;
    this.#reading = reading;
    this.#ids = ids;
  }

  read(root: PdlElement): readonly PacketDefinition[] {
    if (root.tag.toLowerCase() !== 'pdl') {
      this.#report(root.tagSpan, `the root element is <${root.tag}>`, 'A packet definition file begins with <PDL>.');
      return [];
    }
    for (const { name, nameSpan } of root.attributes) this.#report(nameSpan, `<${root.tag}> has no attribute ${name}`);
    if (root.children.length === 0) {
      this.#report(root.tagSpan, 'no packets are defined', 'Add <packet name="C_Chat"><string name="chat"/></packet>.');
    }
    const packets: PacketDefinition[] = [];
    for (let i = 0; i < root.children.length; i++) {
      const element = root.children[i]!;
      if (element.tag.toLowerCase() === 'packet') packets.push(this.#readPacket(element, packets.length + 1));
      else this.#report(element.tagSpan, `<${element.tag}> is unknown here`, '<PDL> holds <packet> elements only.');
      if (!element.selfClosing) continue;
      if (this.#reading === 'original') i++;
      else this.#reportSelfClosing(element);
    }
    this.#checkIds(packets);
    return packets;
  }

  #readPacket(element: PdlElement, number: number): PacketDefinition {
    const named = this.#readName(element);
    const name = named?.value ?? '';
    if (named !== null) this.#claim(this.#packetNames, name, named.valueSpan, 'packet');
    const id = Object.hasOwn(this.#ids, name) ? this.#ids[name]! : number;
    return { name, id, direction: directionOf(name), fields: this.#readFields(element) };
  }

  #readFields(parent: PdlElement): readonly FieldDefinition[] {
    const claimed = new Map<string, Span>();
    const fields: FieldDefinition[] = [];
    for (const element of parent.children) {
      const named = this.#readName(element);
      const field = this.#readField(element, named?.value ?? '');
      if (field === null) continue;
      if (named !== null) this.#claim(claimed, field.name, named.valueSpan, 'field');
      fields.push(field);
    }
    return fields;
  }

  /** Null for a field of unknown type, which is reported unless the original's reading was asked for. */
  #readField(element: PdlElement, name: string): FieldDefinition | null {
    const tag = element.tag.toLowerCase();
    if (tag === 'list') return this.#readList(element, name);
    const type = pdlTypes.find((scalar) => scalar === tag);
    if (type === undefined && (this.#reading === 'strict' || element.children.length > 0)) this.#reportType(element);
    if (type === undefined) return null;
    for (const child of element.children) {
      this.#report(child.tagSpan, `<${element.tag}> cannot hold <${child.tag}>`, 'Only packets and lists hold fields.');
    }
    return { name, type };
  }

  /** A self-closing list is without fields too, and the original generator would let it swallow what follows. */
  #readList(element: PdlElement, item: string): ListField {
    const fields = this.#readFields(element);
    if (fields.length === 0) {
      const hint = 'Write what each element holds: <list name="skill"><int name="id"/></list>.';
      this.#report(element.tagSpan, 'a list needs at least one field', hint);
    }
    return { name: `${item.charAt(0).toLowerCase()}${item.slice(1)}s`, type: 'list', item, fields };
  }

  /** The element's name; null where there is none, or none that is valid, which is reported. */
  #readName({ tag, tagSpan, attributes }: PdlElement): PdlAttribute | null {
    for (const { name, nameSpan } of attributes) {
      if (name === 'name') continue;
      const hint = nearest(name, ['name']) === undefined ? 'Its only attribute is name.' : 'Did you mean `name`?';
      this.#report(nameSpan, `<${tag}> has no attribute ${name}`, hint);
    }
    const named = attributes.find((attribute) => attribute.name === 'name');
    if (named === undefined) {
      // An attribute that is not `name` was most likely meant to be it: one problem is enough.
      if (attributes.length === 0) this.#report(tagSpan, `this <${tag}> has no name`, `Write <${tag} name="…">.`);
      return null;
    }
    if (isIdentifier(named.value)) return named;
    const hint = 'A name is letters, digits and underscores, and does not begin with a digit.';
    this.#report(named.valueSpan, `${JSON.stringify(named.value)} cannot be a name`, hint);
    return null;
  }

  #claim(claimed: Map<string, Span>, name: string, span: Span, what: 'packet' | 'field'): void {
    const first = claimed.get(name);
    if (first === undefined) claimed.set(name, span);
    else
      this.#report(span, `the ${what} ${name} is defined twice`, `The first is in line ${this.#source.lineOf(first)}.`);
  }

  #reportType({ tag, tagSpan }: PdlElement): void {
    const message =
      `<${tag}> is not a type: the original generator silently drops such a field, ` +
      "so the server's bytes differ from what this file says";
    const close = nearest(tag, fieldTags);
    const cure = close === undefined ? `The types are ${fieldTags.join(', ')}.` : `Did you mean \`<${close}>\`?`;
    this.#report(tagSpan, message, `${cure} ${originalReadingHint}`);
  }

  #reportSelfClosing({ tag, tagSpan, attributes }: PdlElement): void {
    const name = attributes.find((attribute) => attribute.name === 'name')?.value ?? '…';
    const message =
      'the original generator lets a self-closing packet swallow the next one, ' +
      'so the server knows fewer packets than this file says';
    this.#report(tagSpan, message, `Write <${tag} name="${name}"></${tag}>. ${originalReadingHint}`);
  }

  /** Ids given by hand may collide with each other and with the counted ones. A packet defined twice is a mistake already. */
  #checkIds(packets: readonly PacketDefinition[]): void {
    const byName = new Map(packets.map((packet) => [packet.name, packet]));
    const named = [...this.#packetNames.keys()].map((name) => byName.get(name)!);
    checkPacketIds(named, { given: this.#ids, names: [...byName.keys()] }, (packet, given, message, hint) => {
      if (given !== null) this.#problems.add(optionProblem(['ids', given], message, hint));
      else this.#report(this.#packetNames.get(packet!.name)!, message, hint);
    });
  }

  #report(span: Span, message: string, hint?: string): void {
    this.#problems.add(this.#source.problem(span, message, hint));
  }
}

/** As the original generator tells them apart, but for names with neither prefix, which it lets only the server receive. */
function directionOf(name: string): Direction {
  if (/^s_/i.test(name)) return 'toClient';
  return /^c_/i.test(name) ? 'toServer' : 'both';
}

/** C#'s identifiers, which the original makes of names; `__proto__` could not be a field of a JavaScript object. */
function isIdentifier(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(name) && name !== '__proto__';
}
