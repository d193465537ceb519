import type { FieldDefinition, FieldRecord, PacketSet } from '../packets/definition.js';
import { namedPackets, packetNamed } from '../packets/formats.js';
import { commonFields } from './common-fields.js';
import { frameSpeech } from './frames/index.js';
import type { Match } from './plan.js';

/** What `reply` is in an expression. */
export interface ReplyShape {
  readonly fields: readonly ReplyField[];
  /** What can be asked of it beside its fields. */
  readonly methods: readonly ReplyMethod[];
}
export type ReplyField = FieldDefinition | GroupsField;

/** The named groups of the patterns that a line matched: text, each of them. */
export interface GroupsField {
  readonly name: 'groups';
  readonly type: 'groups';
  readonly fields: readonly FieldDefinition[];
}

/** A function of the reply: `reply.at("/id")`. Its arguments and its result are as CEL has them. */
export interface ReplyMethod {
  /** As CEL declares it: `at(string): dyn`. */
  readonly signature: string;
  readonly call: (reply: FieldRecord, ...args: never[]) => unknown;
  /** Why a text cannot be its argument; undefined where it can. */
  readonly misfit?: (argument: string) => Misfit | undefined;
}

/** What is wrong with a part of a scenario, and the cure: sentences without full stops. */
export interface Misfit {
  readonly message: string;
  readonly hint: string;
}

const known = new WeakMap<PacketSet, Map<string, ReplyShape>>();

/**
 * What a reply to `matches` certainly has: of several packets, the fields that all of them have, with one type. One shape for all
 * that wait for the same, because each has an environment of its own for its expressions, which costs more than they do.
 */
export function replyShape(packets: PacketSet, matches: readonly Match[]): ReplyShape {
  const shapes = known.get(packets) ?? new Map<string, ReplyShape>();
  known.set(packets, shapes);
  const key = JSON.stringify(matches.map(decisivePart));
  const shape = shapes.get(key) ?? shapeOf(packets, matches);
  shapes.set(key, shape);
  return shape;
}

/** What of a match decides the shape: which values JSON has, and which bytes there are, does not. */
function decisivePart(match: Match): string {
  if (match.kind === 'packet') return `packet ${match.packet}`;
  return match.kind === 'pattern' ? `pattern ${match.pattern}` : match.kind;
}

function shapeOf(packets: PacketSet, matches: readonly Match[]): ReplyShape {
  const named = namedPackets(packets);
  if (named === null) return frameSpeech(packets).reply(matches);
  const shapes = matches.map((match) =>
    match.kind === 'packet' ? (packetNamed(named, match.packet)?.fields ?? []) : [],
  );
  return { fields: commonFields(shapes), methods: [] };
}
