import { frameMatcher } from '../client/compile.js';
import { type Clock, type FrameParser, PacketSession } from '../core/index.js';
import type {
  EncodableValue,
  FieldDefinition,
  FieldRecord,
  FieldValues,
  PacketDecoder,
  PacketDefinition,
  PacketEncoder,
  Protocol,
  ScalarField,
} from '../packets/index.js';
import { jsonText } from '../packets/json-text.js';
import type { Match, Plan, SendStep, Step } from '../scenario/plan.js';

/** A packet that the server sends. */
interface Answer {
  readonly encoder: PacketEncoder;
  /** What it holds in answer to the packet heard; null where it answers nothing. */
  values(heard: FieldRecord | null): FieldValues;
}

/** What is sent back for one packet: to its sender, and to everyone. */
interface Answers {
  readonly decoder: PacketDecoder;
  readonly replies: Map<string, Answer>;
  readonly broadcasts: Map<string, Answer>;
}

/** Sooner than practice’s clients lose patience. */
const promptEveryMs = 0.5;

/** Plays the server of a plan for practice: each packet is answered as the plan expects, with the values that it brought itself. */
export class PracticeServer {
  readonly plan: Plan;
  /** Packets that went either way. */
  packets = 0;
  readonly sessions = new Set<PracticeSession>();
  readonly #protocol: Protocol;
  readonly #clock: Clock;
  readonly #readMatch: FrameParser['readMatch'];
  /** By the id of what was sent; frames that have no names have the id −1. */
  readonly #answers = new Map<number, Answers>();
  /** What clients answer of their own accord, or wait for without having asked. */
  readonly #prompts: readonly Answer[];

  constructor(plan: Plan, protocol: Protocol, clock: Clock) {
    this.plan = plan;
    this.#clock = clock;
    this.#protocol = protocol;
    this.#readMatch = protocol.matchReader('server');
    const sends = plan.kinds.flatMap(({ start, loop, every, on }) => [
      ...[...start, ...loop, ...on.flatMap(({ steps }) => steps)].flatMap(sendsIn),
      ...every.map(({ send }) => send),
    ]);
    for (const send of sends) this.#learn(send);
    const prompts = plan.kinds.flatMap(({ start, loop, on }) => [
      ...on,
      ...[...start, ...loop].flatMap((step) =>
        step.verb === 'expect' ? step.expect.matches.map((match) => ({ match, fields: step.expect.fields })) : [],
      ),
    ]);
    this.#prompts = prompts.map(({ match, fields }) => this.#answer(match, fields, null));
  }

  join(session: PracticeSession): void {
    this.sessions.add(session);
    this.#prompt(session);
  }

  /** Says unasked what clients answer or wait for, again and again. */
  #prompt(session: PracticeSession): void {
    if (this.#prompts.length === 0 || !this.sessions.has(session)) return;
    for (const prompt of this.#prompts) session.say(prompt, null);
    this.#clock.setTimer(promptEveryMs, () => this.#prompt(session));
  }

  hear(session: PracticeSession, id: number, buffer: Uint8Array, start: number, end: number): void {
    this.packets++;
    const answers = this.#answers.get(id);
    if (answers === undefined) return;
    const heard = answers.decoder.decode(buffer, start, end);
    const number = this.#readMatch?.(buffer, start) ?? 0;
    for (const reply of answers.replies.values()) session.say(reply, heard, number);
    for (const broadcast of answers.broadcasts.values()) {
      for (const other of this.sessions) other.say(broadcast, heard);
    }
  }

  #learn({ packet, expect, broadcast }: SendStep): void {
    const { sole } = this.#protocol;
    const name = sole?.name ?? packet;
    const { id, definition } = this.#protocol.encoder(name, 'client');
    let answers = this.#answers.get(id);
    if (answers === undefined) {
      const decoder = this.#protocol.decoder(name, 'all', 'server');
      answers = { decoder, replies: new Map(), broadcasts: new Map() };
      this.#answers.set(id, answers);
    }
    const reply = expect?.matches[0];
    if (reply !== undefined) {
      answers.replies.set(jsonText(reply), this.#answer(reply, expect?.fields ?? [], definition));
    }
    if (broadcast === null) return;
    answers.broadcasts.set(broadcast.packet, sole === null ? this.#packet(broadcast.packet, definition) : this.#echo());
  }

  /** A packet that `match` takes, of which `read` is read. `heard`: what it answers; null where it answers nothing. */
  #answer(match: Match, read: readonly string[], heard: PacketDefinition | null): Answer {
    if (match.kind === 'packet') return this.#packet(match.packet, heard);
    const frame = frameMatcher(match);
    return { encoder: this.#soleEncoder(), values: (given) => frame.example(given, read) };
  }

  #packet(name: string, heard: PacketDefinition | null): Answer {
    const encoder = this.#protocol.encoder(name, 'server');
    const { fields } = encoder.definition;
    // Of a oneof's fields only one may be there, and messages may hold themselves: what can be left out is.
    const isLeftOut = ({ optional }: FieldDefinition) => optional === true && this.#protocol.freelyOptional;
    const values = fields.map((field) => plainValue(field, isLeftOut));
    const sources = fields.map((field) => (isLeftOut(field) ? undefined : sourceOf(field, heard?.fields ?? [])));
    return {
      encoder,
      values: (given) =>
        values.map((value, i) => {
          const source = sources[i];
          return source === undefined || given === null ? value : (given[source] as EncodableValue);
        }),
    };
  }

  /** What has no name is handed on as it came. */
  #echo(): Answer {
    const encoder = this.#soleEncoder();
    return { encoder, values: (given) => this.#protocol.toValues(encoder.definition, given ?? {}) };
  }

  #soleEncoder(): PacketEncoder {
    return this.#protocol.encoder(this.#protocol.sole!.name, 'server');
  }
}

/** The server's side of one connection. */
export class PracticeSession extends PacketSession {
  readonly #server: PracticeServer;
  /** Bytes of the preamble that have not come yet. */
  #preambleLeft: number;

  constructor(server: PracticeServer) {
    const { send, receive, preamble } = server.plan.protocol;
    super({ framing: { send: receive, receive: send }, onQueueFull: 'drop' });
    this.#server = server;
    this.#preambleLeft = preamble.length;
  }

  /** `number`: that of the packet that it answers, where it answers one. */
  say({ encoder, values }: Answer, heard: FieldRecord | null, number = 0): void {
    const filled = values(heard);
    const frame = new Uint8Array(encoder.frameSize(filled));
    encoder.write(filled, frame, 0);
    encoder.writeSequence?.(frame, 0, number);
    this.send(frame);
    this.#server.packets++;
  }

  protected override onConnected(): void {
    this.#server.join(this);
  }

  protected override onRecv(buffer: Uint8Array, start: number, end: number): number {
    const skipped = Math.min(this.#preambleLeft, end - start);
    this.#preambleLeft -= skipped;
    return skipped + super.onRecv(buffer, start + skipped, end);
  }

  protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
    this.#server.hear(this, id, buffer, start, end);
  }

  protected override onDisconnected(): void {
    this.#server.sessions.delete(this);
  }
}

function sendsIn(step: Step): readonly SendStep[] {
  if (step.verb === 'send') return [step];
  return step.verb === 'repeat' ? step.steps.flatMap(sendsIn) : [];
}

const plainValues: Readonly<Record<ScalarField['type'], EncodableValue>> = {
  byte: 0,
  sbyte: 0,
  bool: true,
  short: 0,
  ushort: 0,
  int: 0,
  uint: 0,
  float: 0,
  long: 0n,
  ulong: 0n,
  double: 0,
  string: '',
  bytes: new Uint8Array(0),
};

/** A value that the field takes, whatever else it may take. */
function plainValue(field: FieldDefinition, isLeftOut: (field: FieldDefinition) => boolean): EncodableValue {
  if (isLeftOut(field)) return null;
  const plain = (inner: FieldDefinition) => plainValue(inner, isLeftOut);
  switch (field.type) {
    case 'list':
      return repeated(field.count, field.fields.map(plain));
    case 'array':
      return repeated(field.count, plain(field.of));
    case 'struct':
      return field.fields.map(plain);
    default:
      if (field.derived) return null;
      if (field.type !== 'bytes' || field.limits?.kind !== 'size') return plainValues[field.type];
      return new Uint8Array(field.limits.minBytes);
  }
}

function repeated(count = 0, value: EncodableValue): EncodableValue {
  return Array.from({ length: count }, () => value);
}

/** The field of the same name, or else the first of the same type, so that keys and stamps come back wherever they stand. */
function sourceOf(wanted: FieldDefinition, heard: readonly FieldDefinition[]): string | undefined {
  if (wanted.derived || wanted.type === 'list' || wanted.type === 'array' || wanted.type === 'struct') return undefined;
  const alike = heard.filter((field) => holdsTheSame(field, wanted));
  return (alike.find((field) => field.name === wanted.name) ?? alike[0])?.name;
}

/** Whether what one holds can always go into the other. */
function holdsTheSame(heard: FieldDefinition, wanted: ScalarField): boolean {
  if (heard.type !== wanted.type || heard.optional) return false;
  return wanted.limits === undefined || JSON.stringify(wanted.limits) === JSON.stringify((heard as ScalarField).limits);
}
