import type {
  Enum,
  Field,
  FieldBase,
  INamespace,
  MapField,
  NamespaceBase,
  ReflectionObject,
  Root,
  Type,
} from 'protobufjs';
import type { FieldDefinition, ScalarField, ScalarType } from './definition.js';
import { protobufjs } from './proto-library.js';

/** protobuf's scalar types, and what an expression or a codec's user sees of them. An enum travels as an int32. */
const scalarTypes = {
  double: 'double',
  float: 'float',
  int32: 'int',
  sint32: 'int',
  sfixed32: 'int',
  uint32: 'uint',
  fixed32: 'uint',
  int64: 'long',
  sint64: 'long',
  sfixed64: 'long',
  uint64: 'ulong',
  fixed64: 'ulong',
  bool: 'bool',
  string: 'string',
  bytes: 'bytes',
} as const satisfies Readonly<Record<string, ScalarType>>;

export type ProtoScalar = keyof typeof scalarTypes;

/** A field as it is defined, and as it travels. */
export interface ProtoField {
  readonly definition: FieldDefinition;
  readonly number: number;
  readonly type: ProtoScalar | 'message';
  /** The full name of the message or enum that it holds; null for scalars, and for maps, whose value has it. */
  readonly typeName: string | null;
  readonly repeated: boolean;
  /** Whether several scalars are written as one length and the bare values. */
  readonly packed: boolean;
  /** Whether zero is written, because it is told apart from nothing. */
  readonly presence: boolean;
  /** A message without it cannot be written: proto2's word, and true of both halves of a map's entry. */
  readonly required: boolean;
  /** The fields of the message within; of a map, its key and its value. Empty for scalars. */
  readonly fields: readonly ProtoField[];
  /** Of a message: those that it holds and that lie too deep to be read, by the numbers of their fields. */
  readonly beyond?: ReadonlyMap<number, Type>;
}

/** Messages may hold themselves, definitions end: this many messages within each other, and in all this many fields. */
const deepest = 8;
const mostFields = 10_000;

/**
 * The fields of a message, in the order of its file, without those of messages that lie too deep: beyond eight levels,
 * or fewer where messages hold each other in so many ways that the definition would not end. Extensions are left out.
 */
export function protoFields(message: Type): readonly ProtoField[] {
  let levels = deepest;
  while (levels > 0 && countFields(message, levels) > mostFields) levels--;
  return fieldsWithin(message, levels);
}

/** What was worked out of a message for each number of levels: many packets hold the same messages. */
const known = new WeakMap<Type, { readonly counts: number[]; readonly fields: (readonly ProtoField[])[] }>();

function knownOf(message: Type) {
  const found = known.get(message) ?? { counts: [], fields: [] };
  known.set(message, found);
  return found;
}

function countFields(message: Type, levels: number): number {
  const { counts } = knownOf(message);
  const counted = counts[levels];
  if (counted !== undefined) return counted;
  let count = 0;
  for (const field of ownFields(message)) {
    const inner = messageOf(field);
    if (inner === null) count++;
    else if (levels > 0) count += 1 + countFields(inner, levels - 1);
  }
  counts[levels] = count;
  return count;
}

function fieldsWithin(message: Type, levels: number): readonly ProtoField[] {
  const { fields } = knownOf(message);
  fields[levels] ??= ownFields(message)
    .filter((field) => levels > 0 || messageOf(field) === null)
    .map((field) => (field.map ? mapField(field as FieldBase as MapField, levels) : plainField(field, levels)));
  return fields[levels];
}

/** Of a message of which so many levels are read: what lies beyond them, where they end with it. */
function beyond(message: Type, levels: number): Pick<ProtoField, 'beyond'> {
  return levels > 0 ? {} : { beyond: messagesWithin(message) };
}

const within = new WeakMap<Type, ReadonlyMap<number, Type>>();

/** The messages that a message holds, by the numbers of their fields; those in maps are left out. */
export function messagesWithin(message: Type): ReadonlyMap<number, Type> {
  let held = within.get(message);
  if (held === undefined) {
    const fields = ownFields(message).filter((field) => !field.map);
    held = new Map(fields.flatMap((field) => (messageOf(field) === null ? [] : [[field.id, messageOf(field)!]])));
    within.set(message, held);
  }
  return held;
}

function ownFields(message: Type): readonly Field[] {
  // `__proto__` could not be a field of a JavaScript object.
  return message.fieldsArray.filter(({ name, declaringField }) => declaringField === null && name !== '__proto__');
}

/** Whether both are fields of one oneof. */
export function isRival(a: ProtoField, b: ProtoField): boolean {
  const { oneof } = a.definition;
  return a !== b && oneof !== undefined && oneof === b.definition.oneof;
}

function plainField(field: Field, levels: number): ProtoField {
  const { name, id, repeated, required } = field;
  const presence = field.hasPresence && !required;
  const siblings = field.partOf?.fieldsArray.length ?? 0;
  const wire = { number: id, repeated, required, presence: field.hasPresence };
  const oneof = siblings > 1 && { oneof: field.partOf!.name };
  const message = messageOf(field);
  if (message !== null) {
    const fields = fieldsWithin(message, levels - 1);
    const inner = fields.map(({ definition }) => definition);
    const definition: FieldDefinition = repeated
      ? { name, type: 'list', item: message.name, fields: inner, optional: true }
      : { name, type: 'struct', fields: inner, ...(!required && { optional: true }), ...oneof };
    const nested = { typeName: fullName(message), packed: false, fields, ...beyond(message, levels - 1) };
    return { ...wire, definition, type: 'message', ...nested };
  }
  const type = wireType(field);
  const names = enumNames(field);
  const scalar: ScalarField = { name, type: scalarTypes[type], ...(names && { names }) };
  const definition: FieldDefinition = repeated
    ? { name, type: 'array', of: scalar, optional: true }
    : { ...scalar, ...(presence && { optional: true }), ...oneof };
  const packed = repeated && field.packed && isPackable(type);
  return { ...wire, definition, type, typeName: typeNameOf(field), packed, fields: [] };
}

/** A map is a list of entries, each a message of two fields. */
function mapField(field: MapField, levels: number): ProtoField {
  const entry = { repeated: false, packed: false, presence: true, required: true };
  const keyType = field.keyType as ProtoScalar;
  const key: ProtoField = {
    ...entry,
    definition: { name: 'key', type: scalarTypes[keyType] },
    number: 1,
    type: keyType,
    typeName: null,
    fields: [],
  };
  const message = messageOf(field);
  const fields = message === null ? [] : fieldsWithin(message, levels - 1);
  const names = enumNames(field);
  const value: ProtoField = {
    ...entry,
    definition:
      message === null
        ? { name: 'value', type: scalarTypes[wireType(field)], ...(names && { names }) }
        : { name: 'value', type: 'struct', fields: fields.map(({ definition }) => definition) },
    number: 2,
    type: message === null ? wireType(field) : 'message',
    typeName: typeNameOf(field),
    fields,
    ...(message !== null && beyond(message, levels - 1)),
  };
  return {
    ...entry,
    required: false,
    definition: {
      name: field.name,
      type: 'list',
      item: 'entry',
      fields: [key.definition, value.definition],
      optional: true,
    },
    number: field.id,
    type: 'message',
    typeName: null,
    repeated: true,
    fields: [key, value],
  };
}

function messageOf({ resolvedType }: FieldBase): Type | null {
  return resolvedType instanceof protobufjs().Type ? resolvedType : null;
}

function enumNames({ resolvedType }: FieldBase): Readonly<Record<string, number>> | undefined {
  return resolvedType instanceof protobufjs().Enum ? { ...resolvedType.values } : undefined;
}

function typeNameOf({ resolvedType }: FieldBase): string | null {
  return resolvedType === null ? null : fullName(resolvedType);
}

function fullName(type: Type | Enum): string {
  return type.fullName.slice(1);
}

function wireType({ resolvedType, type }: FieldBase): ProtoScalar {
  return resolvedType === null ? (type as ProtoScalar) : 'int32';
}

function isPackable(type: ProtoScalar): boolean {
  return type !== 'string' && type !== 'bytes';
}

/**
 * All messages by the name that they have as packets: the path within their package (`Chat`, `Chat.Line`), or, where two
 * packages have the same, the full one. Google's well-known messages are not among them.
 */
export function messagesByName(root: Root): ReadonlyMap<string, Type> {
  const named = messagesIn(root).map((message) => ({ message, name: pathInPackage(message) }));
  const count = new Map<string, number>();
  for (const { name } of named) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(
    named.map(({ message, name }) => [count.get(name) === 1 ? name : message.fullName.slice(1), message] as const),
  );
}

function messagesIn(namespace: NamespaceBase): readonly Type[] {
  const { Type, Namespace } = protobufjs();
  return namespace.nestedArray.flatMap((inner) => {
    if (inner instanceof Type) return [inner, ...messagesIn(inner)];
    return inner instanceof Namespace && inner.fullName !== '.google.protobuf' ? messagesIn(inner) : [];
  });
}

/** Every name of a package, a message or an enum, by itself. */
export function declaredNames(root: Root): ReadonlySet<string> {
  const { Namespace } = protobufjs();
  const names = new Set<string>();
  const note = (object: ReflectionObject): void => {
    names.add(object.name);
    if (object instanceof Namespace) object.nestedArray.forEach(note);
  };
  root.nestedArray.forEach(note);
  return names;
}

function pathInPackage({ parent, name }: ReflectionObject): string {
  return parent instanceof protobufjs().Type ? `${pathInPackage(parent)}.${name}` : name;
}

interface Descriptor {
  readonly root: Root;
  readonly messages: ReadonlyMap<string, Type>;
}

const descriptors = new WeakMap<INamespace, Descriptor>();

function descriptorOf(json: INamespace): Descriptor {
  let descriptor = descriptors.get(json);
  if (descriptor === undefined) {
    const root = protobufjs().Root.fromJSON(json);
    descriptor = { root, messages: messagesByName(root) };
    descriptors.set(json, descriptor);
  }
  return descriptor;
}

/** The message of the packet `name`, from the descriptor that a plan carries. */
export function messageNamed(root: INamespace, name: string): Type {
  const message = descriptorOf(root).messages.get(name);
  if (message === undefined) throw new Error(`The descriptor has no message ${name}.`);
  return message;
}

/** A message by itself: whoever follows the types of its fields (`typeName`) goes as deep as he likes. */
export interface ProtoMessage {
  /** The full name, package included. */
  readonly fullName: string;
  /** In the order of the file. What they say of the fields within them is not to be relied on, but for those of maps. */
  readonly fields: readonly ProtoField[];
}

/** The message of the packet `name`. */
export function packetMessage(root: INamespace, name: string): ProtoMessage {
  return shallow(messageNamed(root, name));
}

/** The message that fields name as their type. */
export function messageOfType(root: INamespace, typeName: string): ProtoMessage {
  return shallow(descriptorOf(root).root.lookupType(typeName));
}

/** The path of a message or an enum within its package: `Chat.Line`. */
export function pathOfType(root: INamespace, typeName: string): string {
  return pathInPackage(descriptorOf(root).root.lookupTypeOrEnum(typeName));
}

function shallow(message: Type): ProtoMessage {
  return { fullName: fullName(message), fields: fieldsWithin(message, 1) };
}
