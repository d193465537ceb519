import type { FieldDefinition, PacketSet } from '../packets/index.js';
import { textPacket } from '../packets/text.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { didYouMean } from './hints.js';
import type { BroadcastPlan, ValueTemplate } from './plan.js';
import type { Report } from './problem-list.js';
import type { BroadcastInput } from './step-schema.js';

const defaults = { timeout: 2000, guard: 500, echo: true };

/** Where the values of a step hold a stamp; undefined where they do not. */
interface StampPlace {
  /** The whole-number field that is the stamp; null: it stands in a string. */
  readonly field: string | null;
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
  const { packet, timeout, guard, echo } =
    typeof input === 'string' ? { packet: input, ...defaults } : { ...input, packet: input.packet };
  if (packet === undefined || timeout === undefined || guard === undefined || echo === undefined) return undefined;
  const bringing = broadcastFields(packet, packets, typeof input === 'string' ? at : [...at, 'packet'], report);
  if (bringing === undefined) return undefined;
  if (stamp.field !== null && !bringing.some(({ name, type }) => name === stamp.field && isWholeNumber(type))) {
    return report(at, `\`${packet}\` has no field \`${stamp.field}\` of type int or long to bring the stamp back in`, {
      hint: 'put ${stamp} into a string: it is found wherever the server puts it',
    });
  }
  return { packet, field: stamp.field, timeoutMs: timeout, guardMs: guard, echo };
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
  if (value.kind === 'text') return value.parts.some((part) => typeof part !== 'string' && 'stamp' in part);
  return value.kind === 'list' && value.items.some((item) => item.some(holdsStamp));
}

function broadcastFields(
  name: string,
  packets: PacketSet,
  path: Path,
  report: Report,
): readonly FieldDefinition[] | undefined {
  if (packets.format === 'text') {
    if (name === textPacket.name) return textPacket.fields;
    return report(path, 'a text protocol has no packets to name', { hint: `write broadcast: ${textPacket.name}` });
  }
  const receivable = packets.packets.filter(({ direction }) => direction !== 'toServer');
  const packet = receivable.find((candidate) => candidate.name === name);
  if (packet !== undefined) return packet.fields;
  const names = receivable.map((candidate) => candidate.name);
  return report(path, `no packet \`${name}\` comes from the server`, { hint: didYouMean(name, names, 'it sends') });
}

function isWholeNumber(type: FieldDefinition['type']): boolean {
  return type === 'int' || type === 'long';
}
