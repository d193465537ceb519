import type { Recorder } from '../metrics/recorder.js';
import {
  bytesFrames,
  compilePattern,
  type FrameMatcher,
  jsonFrames,
  lineFrames,
  literalLine,
  type PacketDecoder,
  type PacketSet,
  type Protocol,
} from '../packets/index.js';
import { type ReplyShape, replyShape } from '../scenario/expressions.js';
import type { BroadcastPlan, Expectation as ExpectationPlan, Match, SendStep, Step } from '../scenario/plan.js';
import type { Instruction, Program } from './cursor.js';
import { type Awaited, Expectation } from './expectation.js';
import type { KindSurroundings } from './kind.js';
import { type Arrival, RequestMeters } from './meters.js';
import { Request } from './request.js';
import { Disconnect } from './steps/disconnect.js';
import { Expect } from './steps/expect.js';
import { Hold } from './steps/hold.js';
import { Pause } from './steps/pause.js';
import { RepeatHead, RepeatTail } from './steps/repeat.js';
import { RoundHead } from './steps/round.js';
import { Send } from './steps/send.js';

/** Compiles the steps of one client kind, and remembers what it met: how many requests, and what is waited for. */
export class StepCompiler {
  /** Every expectation compiled so far; the kind's routes are made from them. */
  readonly expectations: Expectation[] = [];
  requests = 0;
  readonly #client: string;
  readonly #protocol: Protocol;
  readonly #packets: PacketSet;
  readonly #broadcasts: readonly BroadcastPlan[];
  readonly #recorder: Recorder;
  readonly #allowanceUs: number;

  constructor(client: string, { protocol, packets, broadcasts, recorder, allowanceUs }: KindSurroundings) {
    this.#client = client;
    this.#protocol = protocol;
    this.#packets = packets;
    this.#broadcasts = broadcasts;
    this.#recorder = recorder;
    this.#allowanceUs = allowanceUs;
  }

  /** `reply`: what an `on` list's expressions may read of the packet that it answers. */
  program(role: Program['role'], steps: readonly Step[], reply: ReplyShape | null = null): Program {
    // What a client sends on connecting, or when the server asks, is due whatever was answered before: only a loop is closed.
    const arrival = role === 'loop' ? 'closed' : 'open';
    const instructions: Instruction[] = [];
    let counters = 0;
    const append = (list: readonly Step[]): void => {
      for (const step of list) {
        if (step.verb === 'repeat') {
          const head = new RepeatHead(counters++, step.times);
          const headAt = instructions.push(head) - 1;
          append(step.steps);
          instructions.push(new RepeatTail(headAt));
          head.behind = instructions.length;
        } else {
          if (role === 'loop' && step.verb === 'send') instructions.push(new Hold());
          instructions.push(this.#instruction(step, arrival, reply));
        }
      }
    };
    if (role === 'loop') instructions.push(new RoundHead());
    append(steps);
    if (role === 'loop') instructions.push(new RepeatTail(0));
    return { role, instructions, counters };
  }

  request(step: SendStep, arrival: Arrival, reply: ReplyShape | null = null): Request {
    const packet = this.#protocol.sole?.name ?? step.packet;
    return new Request({
      step: step.path,
      encoder: this.#protocol.encoder(packet, 'client'),
      values: step.values,
      reply,
      slot: this.requests++,
      meters: new RequestMeters(this.#recorder, this.#client, step.packet, step.path, arrival, this.#allowanceUs),
      expectation: step.expect === null ? null : this.#expectation(step.expect, step.path, step.packet),
      broadcast: this.#broadcast(step.broadcast),
    });
  }

  #broadcast(plan: BroadcastPlan | null) {
    if (plan === null) return null;
    return { book: this.#broadcasts.findIndex(({ packet }) => packet === plan.packet), echo: plan.echo };
  }

  /** What the expressions of an `on` list read of the packet that `match` names. */
  replyTo(match: Match): ReplyShape {
    return replyShape(this.#packets, [match]);
  }

  /** `packet`: the one sent whose reply it is; absent where a step only waits. */
  #expectation(plan: ExpectationPlan, path: string, packet?: string): Expectation {
    const tags = { client: this.#client, step: path, ...(packet !== undefined && { packet }) };
    const expectation = new Expectation({
      plan,
      awaited: this.#awaited(plan),
      reply: replyShape(this.#packets, plan.matches),
      path,
      // What nothing was sent for has no number.
      numbered: packet !== undefined && this.#protocol.matchReader('client') !== null,
      timeouts: this.#recorder.counter('timeouts', tags),
      lostReplies: this.#recorder.counter('lost_replies', tags),
      rateOf: (check) => this.#recorder.rate('checks', { check, client: this.#client, step: path }),
    });
    this.expectations.push(expectation);
    return expectation;
  }

  #instruction(step: Exclude<Step, { verb: 'repeat' }>, arrival: Arrival, reply: ReplyShape | null): Instruction {
    switch (step.verb) {
      case 'send':
        return new Send(this.request(step, arrival, reply));
      case 'expect':
        return new Expect(this.#expectation(step.expect, step.path));
      case 'pause':
        return new Pause(step);
      case 'disconnect':
        return new Disconnect();
    }
  }

  #awaited(plan: ExpectationPlan): Awaited {
    const decoders = new Map<number, PacketDecoder | null>();
    const frames: FrameMatcher[] = [];
    for (const match of plan.matches) {
      if (match.kind === 'packet') {
        const decoder = plan.fields.length === 0 ? null : this.#protocol.decoder(match.packet, plan.fields, 'client');
        decoders.set(this.#idOf(match.packet), decoder);
      } else {
        frames.push(frameMatcher(match));
      }
    }
    if (decoders.size > 0) return { kind: 'packets', decoders };
    return { kind: 'frames', frames, description: JSON.stringify(plan.matches) };
  }

  #idOf(packet: string): number {
    return this.#protocol.packetsTo('client').find(({ name }) => name === packet)!.id;
  }
}

/** Tells the frames that a step waits for, or answers, from others. */
export function frameMatcher(match: Exclude<Match, { kind: 'packet' }>): FrameMatcher {
  switch (match.kind) {
    case 'line':
      return lineFrames(literalLine(match.text), match.text);
    case 'pattern':
      return lineFrames(compilePattern(match.pattern), '');
    case 'json':
      return jsonFrames(match.members);
    case 'bytes':
      return bytesFrames(match.pattern);
  }
}
