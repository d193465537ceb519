import type { INamespace } from 'protobufjs';
import type { FieldDefinition, PacketDefinition, Side } from '../packets/index.js';
import type { ProtoPacketSet } from '../packets/proto-codec.js';
import { isRival, messageOfType, type ProtoField, packetMessage, pathOfType } from '../packets/proto-messages.js';
import { wireTypeOf } from '../packets/proto-wire.js';
import type { HeaderCode } from './header-code.js';
import { protoFunctionNames, protoFunctions } from './proto-functions.js';
import { scalarCode } from './proto-scalar-code.js';
import { checkTypeNames } from './type-names.js';
import type { PacketCode } from './typescript.js';

/** A message, or the entry of a map, which is one on the wire. */
interface MessageType {
  readonly type: string;
  readonly owner: string;
  readonly isEntry: boolean;
  /** By their numbers, in which order they are written. */
  readonly fields: readonly TypedField[];
}

/** A field with the names that its types have in the generated file. */
interface TypedField {
  readonly name: string;
  readonly field: ProtoField;
  readonly kind: 'single' | 'repeated' | 'map';
  /** Of the message, enum or map's entry; null for what is none of these. */
  readonly typeName: string | null;
  /** In TypeScript, of one value. */
  readonly tsType: string;
  /** The fields of which only one can be there, this one left out. */
  readonly rivals: readonly string[];
}

interface EnumType {
  readonly type: string;
  readonly owner: string;
  readonly names: Readonly<Record<string, number>>;
}

/**
 * The code for the messages of a .proto that are packets, and for those that they hold. Fields without presence are always there;
 * an optional field, a message, and a field of a oneof may be undefined; whole numbers of 64 bits are bigints, maps are Maps.
 * @throws SwarmError `packets-ungeneratable` for names that cannot be types.
 */
export function protoCode({ packets, root }: ProtoPacketSet, header: HeaderCode): PacketCode {
  const types = new TypeCollector(root);
  const messages = packets.map((packet) => types.packet(packet.name));
  checkTypeNames([...types.messages.values(), ...types.enums.values()], new Set(protoFunctionNames));
  const all = [...types.messages.values()];
  const inner = all.filter((message) => !messages.includes(message));
  return {
    body: 'protobuf',
    packets: packets.map(({ id, direction }, i) => ({ type: messages[i]!.type, id, receivers: receivers[direction] })),
    declarations: [
      ...[...types.enums.values()].map(enumCode),
      ...inner.map((message) => interfaceOf(message)),
      ...packets.flatMap((packet, i) => packetCode(packet, messages[i]!)),
    ],
    functions: [
      ...all.flatMap((message) => [writer(message), reader(message)]),
      ...protoFunctions(new Set(all.flatMap(({ fields }) => fields.flatMap(functionsOf))), header),
    ],
  };
}

const receivers: Readonly<Record<PacketDefinition['direction'], readonly Side[]>> = {
  toServer: ['server'],
  toClient: ['client'],
  both: ['server', 'client'],
};

/** Follows the types of fields, and gives each a name. */
class TypeCollector {
  readonly messages = new Map<string, MessageType>();
  readonly enums = new Map<string, EnumType>();
  readonly #root: INamespace;

  constructor(root: INamespace) {
    this.#root = root;
  }

  packet(name: string): MessageType {
    const { fullName, fields } = packetMessage(this.#root, name);
    return this.#add(fullName, this.#nameOf(fullName), fields, false);
  }

  message(fullName: string): MessageType {
    const known = this.messages.get(fullName);
    return known ?? this.#add(fullName, this.#nameOf(fullName), messageOfType(this.#root, fullName).fields, false);
  }

  #add(fullName: string, type: string, fields: readonly ProtoField[], isEntry: boolean): MessageType {
    const known = this.messages.get(fullName);
    if (known !== undefined) return known;
    const typed: TypedField[] = [];
    const message: MessageType = { type, owner: fullName, isEntry, fields: typed };
    // Before its fields, which may hold it again.
    this.messages.set(fullName, message);
    for (const field of fields.toSorted((a, b) => a.number - b.number)) {
      typed.push(this.#typed(field, fields, fullName, type));
    }
    return message;
  }

  #typed(field: ProtoField, siblings: readonly ProtoField[], owner: string, ownerType: string): TypedField {
    const { name } = field.definition;
    const rivals = siblings.filter((other) => isRival(other, field)).map((other) => other.definition.name);
    if (field.type === 'message' && field.typeName === null) {
      const entry = `${ownerType}_${name.charAt(0).toUpperCase()}${name.slice(1)}Entry`;
      const { fields } = this.#add(`${owner}.${name}`, entry, field.fields, true);
      const tsType = `${fields[0]!.tsType}, ${fields[1]!.tsType}`;
      return { name, field, kind: 'map', typeName: entry, tsType, rivals };
    }
    const kind = field.repeated ? 'repeated' : 'single';
    const typeName = this.#typeOf(field);
    const tsType = typeName ?? scalarCode(field.type as Exclude<ProtoField['type'], 'message'>).tsType;
    return { name, field, kind, typeName, tsType, rivals };
  }

  #typeOf({ type, typeName, definition }: ProtoField): string | null {
    if (typeName === null) return null;
    if (type === 'message') return this.message(typeName).type;
    const name = this.#nameOf(typeName);
    this.enums.set(typeName, { type: name, owner: typeName, names: namesIn(definition) });
    return name;
  }

  /** `Chat_Line` for the message `Line` within `Chat`, whatever their package. */
  #nameOf(fullName: string): string {
    return pathOfType(this.#root, fullName).replaceAll('.', '_');
  }
}

function namesIn(definition: FieldDefinition): Readonly<Record<string, number>> {
  const scalar = definition.type === 'array' ? definition.of : definition;
  return ('names' in scalar ? scalar.names : undefined) ?? {};
}

function enumCode({ type, names }: EnumType): string {
  const values = Object.entries(names).map(([name, number]) => `  ${name}: ${number},`);
  return `\
export const ${type} = {
${values.join('\n')}
} as const;

/** Any number may come: a peer can know more of them. */
export type ${type} = number;`;
}

function interfaceOf({ type, isEntry, fields }: MessageType, comment = ''): string {
  const keyword = isEntry ? 'interface' : 'export interface';
  if (fields.length === 0) return `${comment}export type ${type} = Readonly<Record<string, never>>;`;
  const members = fields.map((typed) => `  readonly ${typed.name}${memberType(typed)};`);
  return `${comment}${keyword} ${type} {\n${members.join('\n')}\n}`;
}

function memberType({ kind, tsType, field }: TypedField): string {
  if (kind === 'map') return `: ReadonlyMap<${tsType}>`;
  if (kind === 'repeated') return `: readonly ${tsType}[]`;
  return mayBeAbsent(field) ? `?: ${tsType} | undefined` : `: ${tsType}`;
}

/** Messages are told apart from none even where `presence` says nothing of it. */
function mayBeAbsent({ type, presence, required }: ProtoField): boolean {
  return (presence || type === 'message') && !required;
}

function packetCode({ id, direction }: PacketDefinition, message: MessageType): readonly string[] {
  const { type } = message;
  const way = { toServer: 'to the server', toClient: 'to the client', both: 'both ways' }[direction];
  return [
    interfaceOf(message, `/** Packet ${id}, ${way}. */\n`),
    `\
/** @throws RangeError for a value that its field cannot hold. */
export function encode${type}(packet: ${type}${message.fields.length === 0 ? ' = {}' : ''}): Uint8Array {
  beginPacket();
  write${type}(packet);
  return endPacket(packetIds.${type}, '${type}');
}`,
    `\
/** Reads the packet from \`packetStart\` to \`packetEnd\`, header included. @throws ProtocolError for malformed bytes. */
export function decode${type}(buffer: Uint8Array, packetStart = 0, packetEnd = buffer.length): ${type} {
  openPacket(buffer, packetStart, packetEnd, '${type}');
  return readPacket(read${type});
}`,
  ];
}

function tagOf({ field, kind }: TypedField): number {
  const wireType = kind === 'repeated' && field.packed ? 2 : wireTypeOf(field.type);
  return ((field.number << 3) | wireType) >>> 0;
}

function writer({ type, owner, fields }: MessageType): string {
  if (fields.length === 0) return `function write${type}(_message: ${type}): void {}`;
  const oneofs = new Map(
    fields.filter(({ rivals }) => rivals.length > 0).map((typed) => [typed.field.definition.oneof!, typed]),
  );
  const checks = [...oneofs.values()].map(({ name, rivals, field }) => {
    const members = fields.filter(({ name: other }) => other === name || rivals.includes(other));
    return `  checkOneof([${members.map((member) => `message.${member.name}`).join(', ')}], '${owner}.${field.definition.oneof}');\n`;
  });
  const writes = fields.toReversed().map((typed) => `  ${writeOf(typed, `'${owner}.${typed.name}'`)}\n`);
  return `function write${type}(message: ${type}): void {\n${checks.join('')}${writes.join('')}}`;
}

function writeOf(typed: TypedField, path: string): string {
  const { name, field, kind, typeName } = typed;
  const tag = tagOf(typed);
  const value = `message.${name}`;
  if (kind === 'map') return `putMessages(${tag}, write${typeName}, entriesOf(${value}), ${path});`;
  if (field.type === 'message') {
    if (kind === 'repeated') return `putMessages(${tag}, write${typeName}, ${value}, ${path});`;
    const put = `putMessage(${tag}, write${typeName}, ${value}, ${path});`;
    return mayBeAbsent(field) ? `if (${value} !== undefined) ${put}` : put;
  }
  const { suffix, isSet } = scalarCode(field.type);
  if (kind === 'repeated') return `put${field.packed ? 'Packed' : 'Each'}(${tag}, put${suffix}, ${value}, ${path});`;
  const put = `putField(${tag}, put${suffix}, ${value}, ${path});`;
  if (field.required) return put;
  return mayBeAbsent(field) ? `if (${value} !== undefined) ${put}` : `if (${isSet(value)}) ${put}`;
}

function reader({ type, owner, fields }: MessageType): string {
  if (fields.length === 0) {
    return `\
function read${type}(): ${type} {
  while (position < end) skip(takeTag('${owner}'), '${owner}');
  return {};
}`;
  }
  const missing = fields.flatMap((typed) => {
    const zero = zeroOf(typed);
    return zero === null ? [] : [`    ${typed.name}: ${zero},\n`];
  });
  const cases = fields.map(
    (typed) => `      case ${typed.field.number}:\n${readOf(typed, `'${owner}.${typed.name}'`)}        break;\n`,
  );
  return `\
function read${type}(
  message: Mutable<${type}> = ${missing.length === 0 ? '{}' : `{\n${missing.join('')}  }`},
): ${type} {
  while (position < end) {
    const tag = takeTag('${owner}');
    switch (tag >>> 3) {
${cases.join('')}      default:
        skip(tag, '${owner}');
    }
  }
  return message;
}`;
}

/** What a field is that did not come; null where it is not there then. */
function zeroOf({ field, kind, typeName }: TypedField): string | null {
  if (kind === 'map') return 'new Map()';
  if (kind === 'repeated') return '[]';
  if (mayBeAbsent(field)) return null;
  if (field.type !== 'message') return scalarCode(field.type).zero;
  return `emptyMessage(read${typeName})`;
}

function readOf({ name, field, kind, typeName, rivals }: TypedField, path: string): string {
  const forget = rivals.map((rival) => `        message.${rival} = undefined;\n`).join('');
  const target = `message.${name}`;
  if (kind === 'map') return `        takeEntry(tag, read${typeName}, ${target}, ${path});\n`;
  if (field.type === 'message') {
    if (kind === 'repeated') return `        ${target}.push(takeMessage(tag, read${typeName}, undefined, ${path}));\n`;
    return `${forget}        ${target} = takeMessage(tag, read${typeName}, ${target}, ${path});\n`;
  }
  const { suffix } = scalarCode(field.type);
  if (kind === 'repeated') {
    return `        takeRepeated(tag, take${suffix}, ${wireTypeOf(field.type)}, ${target}, ${path});\n`;
  }
  return `${forget}        ${target} = take${suffix}(tag, ${path});\n`;
}

/** The functions that writing and reading the field call. */
function functionsOf({ field, kind, rivals }: TypedField): readonly string[] {
  const always = rivals.length > 0 ? ['Mutable', 'checkOneof'] : ['Mutable'];
  if (kind === 'map') return [...always, 'putMessages', 'entriesOf', 'takeEntry'];
  if (field.type === 'message') {
    const empty = kind === 'single' && !mayBeAbsent(field) ? ['emptyMessage'] : [];
    return [...always, ...empty, kind === 'repeated' ? 'putMessages' : 'putMessage', 'takeMessage'];
  }
  const { suffix } = scalarCode(field.type);
  const scalar = [...always, `put${suffix}`, `take${suffix}`];
  if (kind === 'single') return [...scalar, 'putField'];
  return [...scalar, field.packed ? 'putPacked' : 'putEach', 'takeRepeated'];
}
