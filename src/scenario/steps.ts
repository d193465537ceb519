import { type FieldDefinition, namedPackets, type PacketDefinition, type PacketSet } from '../packets/index.js';
import { compileBroadcast } from './broadcast.js';
import type { Collected } from './collect.js';
import { type Path, showPath } from './document.js';
import { compileMatches } from './expectations.js';
import { didYouMean } from './hints.js';
import type { Expectation, SendStep, Step, ValueTemplate } from './plan.js';
import type { Report } from './problem-list.js';
import { isComparable, lineField, type ReplyShape, replyShape } from './reply-shape.js';
import type { EveryInput } from './schema.js';
import type { ExpectInput, StepInput } from './step-schema.js';
import type { ExpressionPlace } from './typed-expressions.js';
import { article, type ValueCompiler } from './values.js';

type SendInput = Pick<Collected<EveryInput>, 'send' | 'with' | 'expect' | 'broadcast'>;
type LongExpectInput = Exclude<Collected<ExpectInput>, string | readonly unknown[]>;

/** The packet that an `on` list answers, and which of its fields the list's expressions read. */
export interface Answered {
  readonly reply: ReplyShape;
  readonly fieldsRead: Set<string>;
}

const defaultTimeoutMs = 5000;

/** Turns the steps of one kind of client into those of the plan, and reports what is wrong with them. */
export class StepsCompiler {
  readonly #packets: PacketSet;
  /** Null where steps speak of lines. */
  readonly #named: readonly PacketDefinition[] | null;
  readonly #values: ValueCompiler;
  readonly #report: Report;

  constructor(packets: PacketSet, values: ValueCompiler, report: Report) {
    this.#packets = packets;
    this.#named = namedPackets(packets);
    this.#values = values;
    this.#report = report;
  }

  /** `answered`: for an `on` list, whose sends may read the packet that came. */
  steps(
    inputs: readonly (Collected<StepInput> | undefined)[],
    path: Path,
    answered: Answered | null = null,
  ): readonly Step[] {
    return inputs.flatMap((input, i) => (input && this.#step(input, [...path, i], answered)) ?? []);
  }

  #step(input: Collected<StepInput>, path: Path, answered: Answered | null): Step | undefined {
    if ('send' in input) return this.send(input, path, answered);
    if ('expect' in input) {
      const expect =
        input.expect === undefined ? undefined : this.#expectation(input.expect, false, [...path, 'expect']);
      return expect && { verb: 'expect', path: stepName(path), expect };
    }
    if ('pause' in input) return input.pause && { verb: 'pause', durationMs: input.pause };
    if ('repeat' in input) {
      const { times, steps } = input.repeat ?? {};
      if (times === undefined || steps === undefined) return undefined;
      return { verb: 'repeat', times, steps: this.steps(steps, [...path, 'repeat', 'steps'], answered) };
    }
    return { verb: 'disconnect' };
  }

  send(input: SendInput, path: Path, answered: Answered | null = null): SendStep | undefined {
    const place = { send: true, reply: answered?.reply ?? null, fieldsRead: answered?.fieldsRead ?? new Set<string>() };
    const values = input.send === undefined ? undefined : this.#sent(input.send, input.with ?? {}, path, place);
    const expect = input.expect === undefined ? null : this.#expectation(input.expect, true, [...path, 'expect']);
    if (input.send === undefined || values === undefined || expect === undefined) return undefined;
    const fields = this.#fieldsOf(input.send);
    const broadcast = compileBroadcast(input.broadcast, values, fields, this.#packets, path, this.#report);
    if (broadcast === undefined) return undefined;
    return { verb: 'send', path: stepName(path), packet: onOneLine(input.send), values, expect, broadcast };
  }

  #fieldsOf(packet: string): readonly FieldDefinition[] {
    if (this.#named === null) return [lineField];
    return this.#named.find(({ name }) => name === packet)?.fields ?? [];
  }

  #sent(
    packet: string,
    values: NonNullable<SendInput['with']>,
    path: Path,
    place: ExpressionPlace,
  ): readonly ValueTemplate[] | undefined {
    if (this.#named === null) {
      if (Object.keys(values).length > 0) {
        this.#report([...path, 'with'], 'a text protocol has no fields', {
          part: 'key',
          hint: 'write the whole line after `send`',
        });
      }
      const line = this.#values.forField(packet, lineField, 'the packet', [...path, 'send'], place);
      return line && [line];
    }
    const fields = this.#sendable(packet, this.#named, [...path, 'send']);
    return fields && this.#values.forFields(values, fields, packet, [...path, 'with'], place);
  }

  #sendable(name: string, packets: readonly PacketDefinition[], path: Path): readonly FieldDefinition[] | undefined {
    const packet = packets.find((candidate) => candidate.name === name);
    if (packet !== undefined && packet.direction !== 'toClient') return packet.fields;
    const sendable = packets.filter(({ direction }) => direction !== 'toClient').map((candidate) => candidate.name);
    const what =
      packet === undefined
        ? `there is no packet \`${name}\``
        : `\`${name}\` goes to the client: only the server sends it`;
    return this.#report(path, what, { hint: didYouMean(name, sendable, 'clients send') });
  }

  /** `sent`: whether a send of this step goes before, which `where` may read. */
  #expectation(input: Collected<ExpectInput>, sent: boolean, path: Path): Expectation | undefined {
    const matches = compileMatches(input, this.#packets, path, this.#report);
    const long = typeof input === 'object' && !Array.isArray(input) ? (input as LongExpectInput) : null;
    const reply = matches === undefined ? null : replyShape(this.#packets, matches);
    const fieldsRead = new Set<string>();
    const where = this.#where(long?.where, reply, sent, [...path, 'where']);
    for (const { field } of where) fieldsRead.add(field);
    const place: ExpressionPlace = { send: false, reply, fieldsRead };
    // Where the packet is not known, nothing can be said about its fields.
    const save = reply === null ? [] : this.#saves(long?.save, [...path, 'save'], place);
    const check = reply === null ? [] : this.#checks(long?.check, [...path, 'check'], place);
    if (matches === undefined) return undefined;
    const timeoutMs = long === null ? defaultTimeoutMs : long.timeout;
    if (timeoutMs === 0) return this.#report([...path, 'timeout'], 'no reply can come in no time');
    const onTimeout = long === null ? 'fail' : long.onTimeout;
    if (timeoutMs === undefined || onTimeout === undefined) return undefined;
    return { matches, timeoutMs, onTimeout, where, save, check, fields: [...fieldsRead] };
  }

  #where(input: LongExpectInput['where'], reply: ReplyShape | null, sent: boolean, path: Path): Expectation['where'] {
    if (input === undefined || reply === null) return [];
    if (this.#named === null) {
      this.#report(path, '`where` compares fields, and text has none', { part: 'key', hint: 'wait for a /pattern/' });
      return [];
    }
    const place: ExpressionPlace = { send: sent, reply: null, fieldsRead: new Set() };
    return Object.entries(input).flatMap(([name, value]) => {
      const at = [...path, name];
      const field = reply.find((candidate) => candidate.name === name);
      if (field === undefined || field.type === 'groups') {
        this.#report(at, `the reply has no field \`${name}\``, {
          part: 'key',
          hint: didYouMean(
            name,
            reply.map((known) => known.name),
            'its fields are',
          ),
        });
        return [];
      }
      if (!isComparable(field)) {
        this.#report(at, `\`${name}\` is ${article(field.type)}: replies are told apart by single values`, {
          part: 'key',
        });
        return [];
      }
      const template = value === undefined ? undefined : this.#values.forField(value, field, 'reply', at, place);
      return template === undefined ? [] : [{ field: name, value: template }];
    });
  }

  #saves(input: LongExpectInput['save'], path: Path, place: ExpressionPlace): Expectation['save'] {
    return Object.entries(input ?? {}).flatMap(([name, value]) => {
      const at = [...path, name];
      if (!isName(name)) {
        this.#report(at, `\`${name}\` cannot be read as saved.${name}`, {
          part: 'key',
          hint: 'use letters, digits and _',
        });
        return [];
      }
      const saved = value === undefined ? undefined : this.#values.free(value, at, place);
      return saved === undefined ? [] : [{ name, value: saved.template }];
    });
  }

  #checks(input: LongExpectInput['check'], path: Path, place: ExpressionPlace): Expectation['check'] {
    return Object.entries(input ?? {}).flatMap(([name, value]) => {
      const template = value === undefined ? undefined : this.#values.condition(value, [...path, name], place);
      return template === undefined ? [] : [{ name, value: template }];
    });
  }
}

/** A name that an expression can read after a dot. */
function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

/** The tag `step`: the path below `clients`. */
function stepName(path: Path): string {
  return showPath(path.slice(1));
}

/** A text with line breaks of its own, as the name of what is sent. */
function onOneLine(text: string): string {
  return text.trim().replace(/[\r\n]+/g, ' ');
}
