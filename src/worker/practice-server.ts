import { type Clock, PacketSession } from '../core/index.js';
import {
  type EncodableValue,
  type FieldDefinition,
  type FieldRecord,
  type PacketDecoder,
  type PacketDefinition,
  type PacketEncoder,
  type Protocol,
  textPacket,
} from '../packets/index.js';
import type { Match, Plan, SendStep, Step } from '../scenario/plan.js';

/** A packet that the server sends, and where its values come from. */
interface Answer {
  readonly encoder: PacketEncoder;
  /** For each field, what it holds unless `sources` says better. */
  readonly values: readonly EncodableValue[];
  /** For each field, the field of the packet heard that it is copied from; undefined where there is none like it. */
  readonly sources: readonly (string | undefined)[];
}

/** What is sent back for one packet: to its sender, and to everyone. */
interface Answers {
  readonly decoder: PacketDecoder;
  readonly replies: Map<string, Answer>;
  readonly broadcasts: Map<string, Answer>;
}

const nothingHeard: FieldRecord = {};
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
  /** By the id of what was sent; lines of text have the id −1. */
  readonly #answers = new Map<number, Answers>();
  /** What clients answer of their own accord, or wait for without having asked. */
  readonly #prompts: readonly Answer[];

  constructor(plan: Plan, protocol: Protocol, clock: Clock) {
    this.plan = plan;
    this.#clock = clock;
    this.#protocol = protocol;
    const sends = plan.kinds.flatMap(({ start, loop, every, on }) => [
      ...[...start, ...loop, ...on.flatMap(({ steps }) => steps)].flatMap(sendsIn),
      ...every.map(({ send }) => send),
    ]);
    for (const send of sends) this.#learn(send);
    const prompts = plan.kinds.flatMap(({ start, loop, on }) => [
      ...on.map(({ match }) => match),
      ...[...start, ...loop].flatMap((step) => (step.verb === 'expect' ? step.expect.matches : [])),
    ]);
    this.#prompts = prompts.map((match) => this.#answer(wordOf(match), null));
  }

  join(session: PracticeSession): void {
    this.sessions.add(session);
    this.#prompt(session);
  }

  /** Says unasked what clients answer or wait for, again and again. */
  #prompt(session: PracticeSession): void {
    if (this.#prompts.length === 0 || !this.sessions.has(session)) return;
    for (const prompt of this.#prompts) session.say(prompt, nothingHeard);
    this.#clock.setTimer(promptEveryMs, () => this.#prompt(session));
  }

  hear(session: PracticeSession, id: number, buffer: Uint8Array, start: number, end: number): void {
    this.packets++;
    const answers = this.#answers.get(id);
    if (answers === undefined) return;
    const heard = answers.decoder.decode(buffer, start, end);
    for (const reply of answers.replies.values()) session.say(reply, heard);
    for (const broadcast of answers.broadcasts.values()) {
      for (const other of this.sessions) other.say(broadcast, heard);
    }
  }

  #learn({ packet, expect, broadcast }: SendStep): void {
    const name = this.#protocol.format === 'text' ? textPacket.name : packet;
    const { id, definition } = this.#protocol.encoder(name, 'client');
    let answers = this.#answers.get(id);
    if (answers === undefined) {
      const decoder = this.#protocol.decoder(name, 'all', 'server');
      answers = { decoder, replies: new Map(), broadcasts: new Map() };
      this.#answers.set(id, answers);
    }
    const reply = expect?.matches[0];
    if (reply !== undefined) answers.replies.set(wordOf(reply), this.#answer(wordOf(reply), definition));
    if (broadcast !== null) {
      answers.broadcasts.set(broadcast.packet, this.#answer(broadcast.packet, definition));
    }
  }

  /** `word`: the packet's name, or the line. `heard`: what it answers; null where it answers nothing. */
  #answer(word: string, heard: PacketDefinition | null): Answer {
    if (this.#protocol.format === 'text') {
      const encoder = this.#protocol.encoder(textPacket.name, 'server');
      return { encoder, values: [word], sources: [undefined] };
    }
    const encoder = this.#protocol.encoder(word, 'server');
    const { fields } = encoder.definition;
    const values = fields.map(plainValue);
    return { encoder, values, sources: fields.map((field) => sourceOf(field, heard?.fields ?? [])) };
  }
}

/** The server's side of one connection. */
export class PracticeSession extends PacketSession {
  readonly #server: PracticeServer;

  constructor(server: PracticeServer) {
    const { send, receive } = server.plan.protocol;
    super({ framing: { send: receive, receive: send }, onQueueFull: 'drop' });
    this.#server = server;
  }

  say({ encoder, values, sources }: Answer, heard: FieldRecord): void {
    const filled = values.map((value, i) => (sources[i] === undefined ? value : (heard[sources[i]] as EncodableValue)));
    const frame = new Uint8Array(encoder.frameSize(filled));
    encoder.write(filled, frame, 0);
    this.send(frame);
    this.#server.packets++;
  }

  protected override onConnected(): void {
    this.#server.join(this);
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

/** The name of the packet that is waited for, or a line; what a pattern would match is anybody's guess. */
function wordOf(match: Match): string {
  if (match.kind === 'packet') return match.packet;
  return match.kind === 'line' ? match.text : '';
}

const plainValues: Readonly<Record<FieldDefinition['type'], EncodableValue>> = {
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
  list: [],
  array: [],
  struct: undefined,
};

/** What can be left out is left out: of a oneof's fields only one may be there. */
function plainValue(field: FieldDefinition): EncodableValue {
  return isOptional(field) ? undefined : plainValues[field.type];
}

function isOptional(field: FieldDefinition): boolean {
  return 'optional' in field && field.optional === true;
}

/** The field of the same name, or else the first of the same type, so that keys and stamps come back wherever they stand. */
function sourceOf(wanted: FieldDefinition, heard: readonly FieldDefinition[]): string | undefined {
  const { name, type } = wanted;
  if (type === 'list' || type === 'array' || type === 'struct' || isOptional(wanted)) return undefined;
  const alike = heard.filter((field) => field.type === type && !isOptional(field));
  return (alike.find((field) => field.name === name) ?? alike[0])?.name;
}
