import type { INamespace } from 'protobufjs';
import type { FieldDefinition, PacketDefinition, PacketSet } from '../packets/index.js';
import { messageOfType, type ProtoField, type ProtoMessage, packetMessage } from '../packets/proto-messages.js';

/** One field as `swarm packets --list --json` gives it. */
export interface ListedField {
  readonly name: string;
  /** As the definition has it; `list` for elements with fields, `struct` for fields that stand together. */
  readonly type: string;
  /** The number that its tags have: protobuf's. */
  readonly number?: number;
  /** `optional`, `required`, `repeated`, or `oneof` and its name. */
  readonly rule?: string;
  /** What lies within. Of a message that was listed before in the same packet only its type is told. */
  readonly fields?: readonly ListedField[];
}

/** The fields of a packet of the set. */
export function listedFields(packet: PacketDefinition, set: PacketSet): readonly ListedField[] {
  if (set.format !== 'proto') return packet.fields.map(listField);
  return listMessage(packetMessage(set.root, packet.name), set.root, new Set());
}

function listField(field: FieldDefinition): ListedField {
  const rule = field.optional ? { rule: 'optional' } : {};
  switch (field.type) {
    case 'list':
    case 'struct':
      return { name: field.name, type: field.type, ...rule, fields: field.fields.map(listField) };
    case 'array':
      return { name: field.name, type: `${field.of.typeName ?? field.of.type}[]`, ...rule };
    default:
      return { name: field.name, type: field.typeName ?? field.type, ...rule };
  }
}

function listMessage(message: ProtoMessage, root: INamespace, listed: Set<string>): readonly ListedField[] {
  listed.add(message.fullName);
  return message.fields.map((field) => {
    const value = field.definition.type === 'list' && field.typeName === null ? field.fields[1]! : field;
    const inner = value.type === 'message' && value.typeName !== null ? messageOfType(root, value.typeName) : null;
    const rule = ruleOf(field);
    return {
      name: field.definition.name,
      type: typeText(field),
      number: field.number,
      ...(rule !== undefined && { rule }),
      ...(inner !== null && !listed.has(inner.fullName) && { fields: listMessage(inner, root, listed) }),
    };
  });
}

/** `string`, `Colour`, `map<string, Point>`. */
function typeText({ type, typeName, fields: [key, value] }: ProtoField): string {
  if (typeName !== null) return typeName;
  return type === 'message' ? `map<${typeText(key!)}, ${typeText(value!)}>` : type;
}

function ruleOf({
  type,
  typeName,
  repeated,
  required,
  presence,
  definition: { oneof },
}: ProtoField): string | undefined {
  if (type === 'message' && typeName === null) return undefined;
  if (repeated) return 'repeated';
  if (required) return 'required';
  if (oneof !== undefined) return `oneof ${oneof}`;
  return presence && type !== 'message' ? 'optional' : undefined;
}
