import {
  type FieldDefinition,
  formatOf,
  type PacketDefinition,
  type PacketSet,
  packetNamed,
} from '../packets/index.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { frameSpeech } from './frames/index.js';
import { didYouMean } from './hints.js';
import type { BroadcastPlan, ValueTemplate } from './plan.js';
import type { Report } from './problem-list.js';
import type { BotBroadcastInput, BroadcastInput } from './step-schema.js';

const defaults = { timeout: 2000, guard: 500, echo: true };

/** Where the values of a step hold a stamp; undefined where they do not. */
interface StampPlace {
  /** The whole-number field that is the stamp; null: it stands in a string. */
  readonly field: string | null;
}

/** Where clients have faults, what becomes of their packets is not known: nobody can be expected to hear them. */
export function refuseBroadcast(at: Path, report: Report): undefined {
  return report(at, 'clients with faults cannot start a broadcast that is measured', {
    part: 'key',
    hint: 'leave it out, and the ${stamp} too: what becomes of their packets is not known',
  });
}

/** Turns `broadcast` of a step that sends `values` into its plan; null where the step has none, undefined where it is wrong. */
export function compileBroadcast(
  input: Collected<BroadcastInput> | undefined,
  values: readonly ValueTemplate[],
  fields: readonly FieldDefinition[],
  packets: PacketSet,
  path: Path,
  report: Report,
): BroadcastPlan | null | undefined {
  const stamp = findStamp(values, fields);
  if (input === undefined) {
    if (stamp === undefined) return null;
    return report(path, 'a `${stamp}` is sent, but the step does not say which packet brings it back', {
      part: 'key',
      hint: 'add broadcast: S_Chat, the packet in which everyone hears it',
    });
  }
  const at = [...path, 'broadcast'];
  if (stamp === undefined) {
    return report(at, 'without a `${stamp}` in what is sent, its copies cannot be told from others', {
      part: 'key',
      hint: "put ${stamp} into a string, as in with: { chat: 'hello ${stamp}' }",
    });
  }
  return planBroadcast(input, stamp.field, packets, at, report);
}

/** A broadcast that a bot may start; undefined where it is wrong. */
export function compileBotBroadcast(
  input: Collected<BotBroadcastInput>,
  packets: PacketSet,
  path: Path,
  report: Report,
): BroadcastPlan | undefined {
  const field = typeof input === 'string' ? null : (input.field ?? null);
  return planBroadcast(input, field, packets, path, report);
}

/** `field`: the one that holds the stamp as a whole number; null where it stands in a string. */
function planBroadcast(
  input: Collected<BroadcastInput>,
  field: string | null,
  packets: PacketSet,
  at: Path,
  report: Report,
): BroadcastPlan | undefined {
  const { packet, timeout, guard, echo } =
    typeof input === 'string' ? { packet: input, ...defaults } : { ...input, packet: input.packet };
  if (packet === undefined || timeout === undefined || guard === undefined || echo === undefined) return undefined;
  const bringing = broadcastPacket(packet, packets, typeof input === 'string' ? at : [...at, 'packet'], report);
  if (bringing === undefined) return undefined;
  if (field !== null && !bringing.fields.some((other) => other.name === field && canBeStamp(other))) {
    return report(at, `\`${packet}\` has no field \`${field}\` of 32 bits or more to bring the stamp back in`, {
      hint: 'put ${stamp} into a string: it is found wherever the server puts it',
    });
  }
  if (field === null && formatOf(packets).stampWidth(bringing) === null) {
    return report(at, `the strings of \`${packet}\` have different encodings, or one in which stamps are not found`, {
      hint: 'stamps are found in UTF-8 and Latin-1, or in UTF-16LE; or put ${stamp} into a whole number of 32 bits or more',
    });
  }
  return { packet, field, timeoutMs: timeout, guardMs: guard, echo };
}

function findStamp(values: readonly ValueTemplate[], fields: readonly FieldDefinition[]): StampPlace | undefined {
  let found: StampPlace | undefined;
  values.forEach((value, i) => {
    if (value.kind === 'stamp') found ??= { field: fields[i]?.name ?? null };
    else if (holdsStamp(value)) found = { field: null };
  });
  return found;
}

function holdsStamp(value: ValueTemplate): boolean {
  if (value.kind === 'text' || value.kind === 'json') {
    return value.parts.some((part) => typeof part !== 'string' && 'stamp' in part);
  }
  switch (value.kind) {
    case 'list':
      return value.items.some((item) => item.some(holdsStamp));
    case 'array':
      return value.items.some(holdsStamp);
    case 'struct':
      return value.values.some(holdsStamp);
    default:
      return false;
  }
}

function broadcastPacket(name: string, packets: PacketSet, path: Path, report: Report): PacketDefinition | undefined {
  const { sole } = formatOf(packets);
  if (sole !== null) {
    if (name === sole.name) return sole;
    const { protocol } = frameSpeech(packets);
    return report(path, `${protocol} has no packets to name`, { hint: `write broadcast: ${sole.name}` });
  }
  const named = formatOf(packets).packets(packets);
  const packet = packetNamed(named, name);
  if (packet !== undefined && packet.direction !== 'toServer') return packet;
  const names = named.filter(({ direction }) => direction !== 'toServer').map((candidate) => candidate.name);
  return report(path, `no packet \`${name}\` comes from the server`, { hint: didYouMean(name, names, 'it sends') });
}

/** Whether a field holds a stamp as a whole number: one of fewer than 32 bits would not be told from others. */
export function canBeStamp(field: FieldDefinition): boolean {
  const isWide = field.type === 'int' || field.type === 'uint' || field.type === 'long' || field.type === 'ulong';
  return isWide && field.limits === undefined && field.names === undefined;
}
