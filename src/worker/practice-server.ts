import { PacketSession } from '../core/index.js';
import type { EncodableValue, FieldDefinition, PacketDecoder, Protocol } from '../packets/index.js';
import { textPacket } from '../packets/index.js';
import type { Match, Plan, SendStep, Step } from '../scenario/plan.js';

/** What is sent back for one packet: to its sender, and to everyone. */
interface Answers {
  readonly decoder: PacketDecoder;
  readonly replies: readonly string[];
  readonly broadcasts: readonly string[];
}

/** Plays the server of a plan for practice: each packet is answered as the plan expects, with what it brought itself. */
export class PracticeServer {
  readonly protocol: Protocol;
  readonly plan: Plan;
  /** Packets that went either way. */
  packets = 0;
  readonly sessions = new Set<PracticeSession>();
  /** By the id of what was sent; lines of text have the id −1. */
  readonly #answers = new Map<number, Answers>();
  /** What clients answer of their own accord, or wait for without having asked. */
  readonly #prompts: readonly string[];

  constructor(plan: Plan, protocol: Protocol) {
    this.plan = plan;
    this.protocol = protocol;
    const sends = plan.kinds.flatMap(({ start, loop, every, on }) => [
      ...[...start, ...loop, ...on.flatMap(({ steps }) => steps)].flatMap(sendsIn),
      ...every.map(({ send }) => send),
    ]);
    for (const send of sends) this.#learn(send);
    this.#prompts = plan.kinds.flatMap(({ start, loop, on }) => [
      ...on.map(({ match }) => answerTo(match)),
      ...[...start, ...loop].flatMap((step) => (step.verb === 'expect' ? step.expect.matches.map(answerTo) : [])),
    ]);
  }

  join(session: PracticeSession): void {
    this.sessions.add(session);
    for (const prompt of this.#prompts) session.say(prompt, {});
  }

  hear(session: PracticeSession, id: number, buffer: Uint8Array, start: number, end: number): void {
    this.packets++;
    const answers = this.#answers.get(id);
    if (answers === undefined) return;
    const heard = answers.decoder.decode(buffer, start, end);
    for (const reply of answers.replies) session.say(reply, heard);
    for (const broadcast of answers.broadcasts) for (const other of this.sessions) other.say(broadcast, heard);
  }

  #learn({ packet, expect, broadcast }: SendStep): void {
    const name = this.protocol.format === 'text' ? textPacket.name : packet;
    const { id } = this.protocol.encoder(name, 'client');
    const known = this.#answers.get(id);
    const replies = new Set(known?.replies);
    const broadcasts = new Set(known?.broadcasts);
    if (expect?.matches[0] !== undefined) replies.add(answerTo(expect.matches[0]));
    if (broadcast !== null) broadcasts.add(broadcast.packet);
    const decoder = known?.decoder ?? this.protocol.decoder(name, 'all', 'server');
    this.#answers.set(id, { decoder, replies: [...replies], broadcasts: [...broadcasts] });
  }
}

type Heard = ReturnType<PacketDecoder['decode']>;

/** The server's side of one connection. */
export class PracticeSession extends PacketSession {
  readonly #server: PracticeServer;

  constructor(server: PracticeServer) {
    const { send, receive } = server.plan.protocol;
    super({ framing: { send: receive, receive: send }, onQueueFull: 'drop' });
    this.#server = server;
  }

  /** Sends a packet, or a line, whose fields are those of what was heard, as far as it has such. */
  say(name: string, heard: Heard): void {
    const { protocol } = this.#server;
    const isText = protocol.format === 'text';
    const encoder = protocol.encoder(isText ? textPacket.name : name, 'server');
    const values = isText ? [name] : encoder.definition.fields.map((field) => fieldValue(field, heard));
    const frame = new Uint8Array(encoder.frameSize(values));
    encoder.write(values, frame, 0);
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
function answerTo(match: Match): string {
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
  float: 0,
  long: 0n,
  double: 0,
  string: '',
  list: [],
};

/** The value of the same name, or else the first of the same kind, so that a stamp comes back wherever it stands. */
function fieldValue({ name, type }: FieldDefinition, heard: Heard): EncodableValue {
  const plain = plainValues[type];
  const candidates = [heard[name], ...Object.values(heard)];
  const found = candidates.find((value) => typeof value === typeof plain && typeof value !== 'object');
  return type === 'int' || type === 'long' || type === 'string'
    ? ((found as EncodableValue | undefined) ?? plain)
    : plain;
}
