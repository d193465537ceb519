import type { Enum, Root, Type } from 'protobufjs';
import { nearest } from '../nearest.js';
import type { Direction, PacketDefinition } from './definition.js';
import { invalidPackets, optionProblem } from './invalid-packets.js';
import { checkPacketIds } from './packet-ids.js';
import type { ProtoPacketSet } from './proto-codec.js';
import { ProtoFiles } from './proto-files.js';
import { protobufjs } from './proto-library.js';
import { declaredNames, messagesByName, protoFields } from './proto-messages.js';

export interface ProtoOptions {
  /** Ids by packet name, before all others. */
  readonly ids?: Readonly<Record<string, number>> | undefined;
  /** The enum whose values are the ids: `MsgId` unless said otherwise, which then need not be there. */
  readonly idEnum?: string | undefined;
  /** The message option that holds an id, without brackets: `msg_id` unless said otherwise. */
  readonly idOption?: string | undefined;
  /** Throws a FileProblem for a path that may not be imported; by default for one that leads out of the file's own folder. */
  readonly checkImport?: ((file: string) => void) | undefined;
}

/**
 * Reads the packet definitions of a .proto and the files that it imports. A message is a packet if it has an id: by hand,
 * by an option (`option (msg_id) = 7;`), or from the value of the ids' enum that is called as it is, ignoring case and
 * underscores, with or without the enum's own name before (`MSG_ID_CHAT` for `Chat`).
 * @throws FileProblem where the file itself cannot be read; SwarmError `packets-invalid` with every problem found.
 */
export function readProto(file: string, options: ProtoOptions = {}): ProtoPacketSet {
  const files = new ProtoFiles(file, options.checkImport);
  const { problems, root } = files;
  const packets = problems.during(() => {
    files.parse();
    // What could not be read would be missed everywhere else.
    if (problems.all.length === 0) checkTypes(files);
    return problems.all.length === 0 ? readPackets(files, options) : [];
  });
  if (packets !== undefined && problems.all.length === 0) return { format: 'proto', packets, root: root.toJSON() };
  throw invalidPackets(file, problems.all);
}

/** Finds what is not defined, and what cannot be written, then resolves every type. */
function checkTypes(files: ProtoFiles): void {
  const { Type, Enum, types } = protobufjs();
  const messages = messagesByName(files.root);
  const names = [...messages.keys()];
  const declared = declaredNames(files.root);
  for (const message of messages.values()) {
    if ('group' in message && message.group === true) {
      files.report(message, 'groups are not supported', 'declare a message of its own, and a field of its type');
    }
    for (const field of message.fieldsArray) {
      if (!isFieldNumber(field.id)) {
        const hint = `numbers are 1 to ${largestFieldNumber}, but for 19000 to 19999, which are protobuf’s own`;
        files.report(field, `${field.id} cannot be the number of a field`, hint);
      }
      if (field.declaringField !== null || field.type in types.basic) continue;
      // What is nowhere would be looked for everywhere.
      const isDeclared = field.type.split('.').every((name) => name === '' || declared.has(name));
      if (isDeclared && message.lookup(field.type, [Type, Enum]) !== null) continue;
      const close = nearest(field.type, names);
      const hint = close === undefined ? 'define it, or import the file that does' : `did you mean \`${close}\`?`;
      files.reportType(field, `there is no message or enum \`${field.type}\``, hint);
    }
  }
  if (files.problems.all.length > 0) return;
  try {
    files.root.resolveAll();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    files.report(null, error.message, 'define it, or import the file that does');
    return;
  }
  for (const field of [...messages.values()].flatMap(({ fieldsArray }) => fieldsArray)) {
    if (field.delimited) files.report(field, 'a message with tags around it is not supported', 'leave out DELIMITED');
  }
}

const largestFieldNumber = 2 ** 29 - 1;

/** By protobuf's specification; protobufjs takes any, and tags of those beyond 29 bits would be another field's. */
function isFieldNumber(number: number): boolean {
  return number >= 1 && number <= largestFieldNumber && (number < 19_000 || number > 19_999);
}

function readPackets(files: ProtoFiles, options: ProtoOptions): readonly PacketDefinition[] {
  const { ids = {}, idOption = 'msg_id' } = options;
  const messages = messagesByName(files.root);
  const enumIds = readIdEnum(files, options.idEnum);
  const packets: PacketDefinition[] = [];
  for (const [name, message] of messages) {
    const id = Object.hasOwn(ids, name) ? ids[name] : (optionOf(message, idOption) ?? enumIds.get(plain(name)));
    if (id === undefined) continue;
    const fields = protoFields(message).map(({ definition }) => definition);
    packets.push({ name, id, direction: directionOf(message.name), fields });
  }
  checkPacketIds(packets, { given: ids, names: [...messages.keys()] }, (packet, given, message, hint) => {
    if (given !== null) files.problems.add(optionProblem(['ids', given], message, hint));
    else files.report(messages.get(packet!.name)!, message, hint);
  });
  if (packets.length === 0 && files.problems.all.length === 0) reportNoPackets(files, options.idEnum, idOption);
  return packets;
}

function reportNoPackets(files: ProtoFiles, idEnum: string | undefined, idOption: string): void {
  if (idEnum !== undefined) {
    const message = `no value of the enum \`${idEnum}\` is called as a message is, so none of them is a packet`;
    files.problems.add(optionProblem(['idEnum'], message, `the file has ${listOf(enumsIn(files.root))}`));
    return;
  }
  const hint = `add enum MsgId { … } with a value for each message, write option (${idOption}) = 1; in each, or give ids by hand: ids: { Chat: 1 } in a scenario, --id Chat=1 for swarm packets`;
  files.report(null, 'no message has an id, so none of them is a packet', hint);
}

/** Ids by the plain names of their messages. */
function readIdEnum(files: ProtoFiles, wanted: string | undefined): ReadonlyMap<string, number> {
  const enums = enumsIn(files.root);
  const name = wanted ?? 'MsgId';
  const found = enums.find((candidate) => candidate.name === name || candidate.fullName === `.${name}`);
  const ids = new Map<string, number>();
  if (found === undefined) {
    if (wanted === undefined) return ids;
    const close = nearest(
      wanted,
      enums.map((candidate) => candidate.name),
    );
    const hint = close === undefined ? `the file has ${listOf(enums)}` : `did you mean \`${close}\`?`;
    files.problems.add(optionProblem(['idEnum'], `there is no enum \`${wanted}\` in ${files.main.file}`, hint));
    return ids;
  }
  const prefix = plain(found.name);
  // Whole names go before those that the enum's own name was taken off of.
  const values = Object.entries(found.values).map(([value, id]) => [plain(value), id] as const);
  const shortened = values
    .filter(([value]) => value.startsWith(prefix))
    .map(([value, id]) => [value.slice(prefix.length), id] as const);
  for (const [value, id] of [...shortened, ...values]) ids.set(value, id);
  return ids;
}

function listOf(enums: readonly Enum[]): string {
  return enums.length === 0 ? 'no enum at all' : `these: ${enums.map(({ name }) => name).join(', ')}`;
}

function enumsIn(namespace: Root | Type): readonly Enum[] {
  const { Enum, Namespace } = protobufjs();
  return namespace.nestedArray.flatMap((inner) => {
    if (inner instanceof Enum) return [inner];
    return inner instanceof Namespace && inner.fullName !== '.google.protobuf' ? enumsIn(inner as Type) : [];
  });
}

/** The number that a message has under `option (name)`, with or without the package of the option's declaration. */
function optionOf({ options }: Type, name: string): number | undefined {
  const key = Object.keys(options ?? {}).find((option) => option === `(${name})` || option.endsWith(`.${name})`));
  const value: unknown = key === undefined ? undefined : options![key];
  return typeof value === 'number' ? value : undefined;
}

function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
}

function directionOf(name: string): Direction {
  if (/^(s_|sc_|s2c)/i.test(name)) return 'toClient';
  return /^(c_|cs_|c2s)/i.test(name) ? 'toServer' : 'both';
}
