import { SwarmError } from '../errors.js';
import {
  EncodeError,
  type FieldDefinition,
  formatOf,
  isComparable,
  namedPackets,
  type PacketDefinition,
  packetNamed,
} from '../packets/index.js';
import { compileBroadcast, refuseBroadcast } from './broadcast.js';
import { type Collected, show } from './collect.js';
import { constantFrame } from './constant-frame.js';
import { type Path, showPath } from './document.js';
import { compileMatches, directionCure, longForm, type PacketContext } from './expectations.js';
import { frameSpeech } from './frames/index.js';
import type { FrameSpeech } from './frames/speech.js';
import { asClause, didYouMean } from './hints.js';
import type { Expectation, SendStep, Step, ValueTemplate } from './plan.js';
import type { Report } from './problem-list.js';
import { type ReplyShape, replyShape } from './reply-shape.js';
import type { EveryInput } from './schema.js';
import type { ExpectInput, SentInput, StepInput } from './step-schema.js';
import type { ExpressionPlace } from './typed-expressions.js';
import { article, type ValueCompiler } from './values.js';

type SendInput = Pick<Collected<EveryInput>, 'send' | 'with' | 'expect' | 'broadcast'>;
type LongExpectInput = NonNullable<ReturnType<typeof longForm>>;

/** The packet that an `on` list answers, and which of its fields the list's expressions read. */
export interface Answered {
  readonly reply: ReplyShape;
  readonly fieldsRead: Set<string>;
}

/** What a step sends: the packet's tag, its values, and the fields that they are of. */
interface Sent {
  readonly packet: string;
  readonly values: readonly ValueTemplate[];
  readonly fields: readonly FieldDefinition[];
}

const defaultTimeoutMs = 5000;

/** Turns the steps of one kind of client into those of the plan, and reports what is wrong with them. */
export class StepsCompiler {
  readonly #context: PacketContext;
  /** The packets that steps name, or how they speak of frames that have no names. */
  readonly #named: readonly PacketDefinition[] | null;
  readonly #speech: FrameSpeech | null;
  readonly #values: ValueCompiler;
  readonly #report: Report;
  readonly #hasFaults: boolean;

  /** `hasFaults`: the clients of the kind play faults. */
  constructor(context: PacketContext, values: ValueCompiler, report: Report, hasFaults: boolean) {
    this.#context = context;
    this.#named = namedPackets(context.packets);
    this.#speech = this.#named === null ? frameSpeech(context.packets) : null;
    this.#values = values;
    this.#report = report;
    this.#hasFaults = hasFaults;
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
    const sent = input.send === undefined ? undefined : this.#sent(input.send, input.with ?? {}, path, place);
    const expect = input.expect === undefined ? null : this.#expectation(input.expect, true, [...path, 'expect']);
    if (sent === undefined || expect === undefined) return undefined;
    const { packet, values, fields } = sent;
    const broadcast = compileBroadcast(input.broadcast, values, fields, this.#context.packets, path, this.#report);
    if (broadcast === undefined) return undefined;
    if (broadcast !== null && this.#hasFaults) return refuseBroadcast([...path, 'broadcast'], this.#report);
    this.#checkFrame(sent, path);
    return { verb: 'send', path: stepName(path), packet, values, expect, broadcast };
  }

  /** What has no expressions can be held against the framing now; all else shows when it is sent. */
  #checkFrame({ packet, values }: Sent, path: Path): void {
    const { protocol } = this.#context;
    if (protocol === undefined) return;
    try {
      constantFrame(protocol.encoder(protocol.sole?.name ?? packet, 'client'), values);
    } catch (error) {
      if (error instanceof EncodeError) this.#report([...path, 'send'], asClause(error.reason));
      // A framing that has no place for the packet was reported where it stands.
      else if (!(error instanceof SwarmError)) throw error;
    }
  }

  #sent(
    sent: Collected<SentInput>,
    values: NonNullable<SendInput['with']>,
    path: Path,
    place: ExpressionPlace,
  ): Sent | undefined {
    const at = [...path, 'send'];
    if (this.#speech !== null) return this.#sentFrame(this.#speech, sent, values, path, place);
    if (typeof sent !== 'string') {
      return this.#report(at, `${show(sent)} is not a packet name`, { hint: 'write the name of a packet' });
    }
    const fields = this.#sendable(sent, this.#named ?? [], at);
    const compiled = fields && this.#values.forFields(values, fields, sent, [...path, 'with'], place);
    return fields && compiled && { packet: sent, values: compiled, fields };
  }

  #sentFrame(
    speech: FrameSpeech,
    sent: Collected<SentInput>,
    values: NonNullable<SendInput['with']>,
    path: Path,
    place: ExpressionPlace,
  ): Sent | undefined {
    if (Object.keys(values).length > 0) {
      const hint = 'write all of it after `send`';
      this.#report([...path, 'with'], `${speech.protocol} has no fields`, { part: 'key', hint });
    }
    const value = speech.value(sent, [...path, 'send'], place, this.#values);
    const fields = formatOf(this.#context.packets).sole?.fields ?? [];
    return value && { packet: speech.tag(sent), values: [value], fields };
  }

  #sendable(name: string, packets: readonly PacketDefinition[], path: Path): readonly FieldDefinition[] | undefined {
    const packet = packetNamed(packets, name);
    if (packet !== undefined && packet.direction !== 'toClient') return packet.fields;
    const sendable = packets.filter(({ direction }) => direction !== 'toClient').map((candidate) => candidate.name);
    const others = didYouMean(name, sendable, 'clients send');
    if (packet === undefined) return this.#report(path, `there is no packet \`${name}\``, { hint: others });
    const hint = directionCure(packet, others);
    return this.#report(path, `\`${name}\` goes to the client: only the server sends it`, { hint });
  }

  /** `sent`: whether a send of this step goes before, which `where` may read. */
  #expectation(input: Collected<ExpectInput>, sent: boolean, path: Path): Expectation | undefined {
    const matches = compileMatches(input, this.#context, path, this.#report);
    const long = longForm(input);
    const reply = matches === undefined ? null : replyShape(this.#context.packets, matches);
    const fieldsRead = new Set<string>();
    const where = this.#where(long?.where, reply, sent, [...path, 'where']);
    for (const { field } of where) fieldsRead.add(field);
    const place: ExpressionPlace = { send: false, reply, fieldsRead };
    // Where the packet is not known, nothing can be said about its fields.
    const save = reply === null ? [] : this.#saves(long?.save, [...path, 'save'], place);
    const check = reply === null ? [] : this.#checks(long?.check, [...path, 'check'], place);
    if (matches === undefined) return undefined;
    const timeoutMs = long === null ? defaultTimeoutMs : long.timeout;
    if (timeoutMs === 0)
      return this.#report([...path, 'timeout'], 'no reply can come in no time', {
        hint: 'write a time above 0: 5s',
      });
    const onTimeout = long === null ? 'fail' : long.onTimeout;
    if (timeoutMs === undefined || onTimeout === undefined) return undefined;
    return { matches, timeoutMs, onTimeout, where, save, check, fields: [...fieldsRead] };
  }

  #where(input: LongExpectInput['where'], reply: ReplyShape | null, sent: boolean, path: Path): Expectation['where'] {
    if (input === undefined || reply === null) return [];
    const place: ExpressionPlace = { send: sent, reply: null, fieldsRead: new Set() };
    if (this.#speech !== null) return this.#whereOfFrames(this.#speech, input, path, place);
    return Object.entries(input).flatMap(([name, value]) => {
      const at = [...path, name];
      const field = reply.fields.find((candidate) => candidate.name === name);
      if (field === undefined || field.type === 'groups') {
        this.#report(at, `the reply has no field \`${name}\``, {
          part: 'key',
          hint: didYouMean(
            name,
            reply.fields.map((known) => known.name),
            'its fields are',
          ),
        });
        return [];
      }
      if (!isComparable(field)) {
        this.#report(at, `\`${name}\` is ${article(field.type)}: replies are told apart by single values`, {
          part: 'key',
          hint: 'name a field that holds one value',
        });
        return [];
      }
      const template = value === undefined ? undefined : this.#values.forField(value, field, 'reply', at, place);
      return template === undefined ? [] : [{ field: name, value: template }];
    });
  }

  #whereOfFrames(
    { whereMisfit }: FrameSpeech,
    input: NonNullable<LongExpectInput['where']>,
    path: Path,
    place: ExpressionPlace,
  ): Expectation['where'] {
    return Object.entries(input).flatMap(([name, value]) => {
      const at = [...path, name];
      const misfit = whereMisfit(name);
      if (misfit !== undefined) this.#report(at, misfit.message, { part: 'key', hint: misfit.hint });
      const free = value === undefined || misfit !== undefined ? undefined : this.#values.free(value, at, place);
      return free === undefined ? [] : [{ field: name, value: free.template }];
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
