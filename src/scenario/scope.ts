import { Environment } from '@marcbachmann/cel-js';
import type { FieldRecord, ScalarType } from '../packets/definition.js';
import type { Stamp } from '../packets/stamp.js';
import type { ReplyField, ReplyMethod, ReplyShape } from './reply-shape.js';

/** The types of CEL that a scenario's values have. */
export type CelType = 'int' | 'double' | 'bool' | 'string' | 'bytes';

const celTypes: Readonly<Record<ScalarType, CelType>> = {
  byte: 'int',
  sbyte: 'int',
  short: 'int',
  ushort: 'int',
  int: 'int',
  uint: 'int',
  long: 'int',
  ulong: 'int',
  float: 'double',
  double: 'double',
  bool: 'bool',
  string: 'string',
  bytes: 'bytes',
};

/** The type that a field's values have in an expression. */
export function celTypeOf(type: ScalarType): CelType {
  return celTypes[type];
}

/** What an expression saved: a whole number is a bigint, as in every expression. */
export type SavedValue = bigint | number | boolean | string | Uint8Array;

/** A seeded stream of random numbers: `next` is within [0, 1), `int` includes both bounds. */
export interface RandomSource {
  next(): number;
  int(min: number, max: number): number;
}

/** The values that expressions read, as the client has them. */
export interface Scope {
  readonly client: { readonly index: number; readonly kind: string };
  /** How many packets this step has sent on this client before. */
  readonly send: { readonly index: number };
  /** The client's row of the CSV file, by column; empty where its kind has none. */
  readonly data: Readonly<Record<string, string>>;
  readonly saved: Readonly<Record<string, SavedValue>>;
  readonly env: Readonly<Record<string, string>>;
  readonly random: RandomSource;
  /** What `${stamp}` writes: the sender, and when what is being sent was due or sent, in microseconds since the run's start. */
  readonly stamp: Stamp;
  /** What was decoded of the packet that came; null where none did. */
  readonly reply: FieldRecord | null;
}

/** What an expression may read. `any`: whatever is there when it runs, which is how a worker, long after validation, asks. */
export interface ScopeTypes {
  readonly send: boolean;
  readonly data: ReadonlyMap<string, CelType> | 'any' | null;
  readonly saved: ReadonlyMap<string, CelType | 'dyn'> | 'any';
  readonly reply: ReplyShape | null;
}

/** An expression is a line of a scenario, not a program: what is larger than this is a mistake or an attack. */
export const limits = {
  maxAstNodes: 1000,
  maxDepth: 50,
  maxListElements: 1000,
  maxMapEntries: 100,
  maxCallArguments: 16,
};

const longestRandomString = 32_767;
const randomAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A CEL environment, and the way to hand it the values of one evaluation. */
export interface ScopeEnvironment {
  readonly cel: Environment;
  /** The variables of `scope` as CEL reads them; valid until the next call. */
  bind(scope: Scope): Readonly<Record<string, unknown>>;
}

/** Builds the environment in which the expressions of one place are checked, or run. */
export function createScopeEnvironment(types: ScopeTypes): ScopeEnvironment {
  const cel = new Environment({ limits });
  const client = new ClientView();
  const send = new SendView();
  const random = new RandomView();
  cel.registerType('Client', { ctor: ClientView, fields: { index: 'int', kind: 'string' } });
  cel.registerVariable('client', 'Client');
  registerRandom(cel);
  cel.registerVariable('env', 'map<string, string>');
  registerNamed(cel, 'saved', types.saved, 'map<string, dyn>');
  if (types.data !== null) registerNamed(cel, 'data', types.data, 'map<string, string>');
  if (types.send) {
    cel.registerType('Send', { ctor: SendView, fields: { index: 'int' } });
    cel.registerVariable('send', 'Send');
  }
  let reply: RecordView | null = null;
  if (types.reply !== null) {
    reply = new (registerRecord(cel, 'Reply', types.reply.fields))(noFields);
    registerMethods(cel, types.reply.methods);
    cel.registerVariable('reply', 'Reply');
  }
  // One object for all evaluations: they are synchronous, and a packet should not cost one.
  const variables: Record<string, unknown> = { client, send, random, reply };
  const bind = (scope: Scope): Readonly<Record<string, unknown>> => {
    client.scope = scope;
    send.scope = scope;
    random.source = scope.random;
    variables.data = scope.data;
    variables.saved = scope.saved;
    variables.env = scope.env;
    if (reply !== null) reply[fieldsOf] = (scope.reply as ViewedRecord | null) ?? noFields;
    return variables;
  };
  return { cel, bind };
}

function registerNamed(
  cel: Environment,
  variable: string,
  fields: ReadonlyMap<string, string> | 'any',
  anyType: string,
): void {
  if (fields === 'any') {
    cel.registerVariable(variable, anyType);
    return;
  }
  const type = variable === 'saved' ? 'Saved' : 'Data';
  cel.registerType(type, { fields: Object.fromEntries(fields) });
  cel.registerVariable(variable, type);
}

// CEL's whole numbers are bigints, and it reads a variable's fields as properties: these views convert on reading only.

class ClientView {
  scope: Scope | null = null;
  get index(): bigint | undefined {
    return this.scope === null ? undefined : BigInt(this.scope.client.index);
  }
  get kind(): string | undefined {
    return this.scope?.client.kind;
  }
}

class SendView {
  scope: Scope | null = null;
  get index(): bigint | undefined {
    return this.scope === null ? undefined : BigInt(this.scope.send.index);
  }
}

class RandomView {
  source: RandomSource | null = null;
}

/** Where a view keeps its record: a symbol, because a field may have any name. */
const fieldsOf = Symbol('fields');
const noFields: ViewedRecord = {};

type ViewedRecord = Readonly<Record<string, unknown>>;
interface RecordView {
  [fieldsOf]: ViewedRecord;
}

/** Registers the type `name` with the fields of `shape`, and the types of the records within; the class wraps a record. */
function registerRecord(
  cel: Environment,
  name: string,
  shape: readonly ReplyField[],
): new (
  record: ViewedRecord,
) => RecordView {
  class View implements RecordView {
    [fieldsOf]: ViewedRecord;
    constructor(record: ViewedRecord) {
      this[fieldsOf] = record;
    }
  }
  const types: Record<string, string> = {};
  for (const field of shape) {
    const { type, read } = readerOf(cel, `${name}.${field.name}`, field);
    types[field.name] = type;
    Object.defineProperty(View.prototype, field.name, {
      get(this: View) {
        const value = this[fieldsOf][field.name];
        return value === undefined ? undefined : read(value);
      },
    });
  }
  cel.registerType(name, { ctor: View, fields: types });
  return View;
}

/** The functions of a reply: called with what its view holds. */
function registerMethods(cel: Environment, methods: readonly ReplyMethod[]): void {
  for (const { signature, call } of methods) {
    const answer = call as (reply: FieldRecord, ...args: readonly unknown[]) => unknown;
    cel.registerFunction(`Reply.${signature}`, (reply: RecordView, ...args: readonly unknown[]) =>
      answer(reply[fieldsOf] as FieldRecord, ...args),
    );
  }
}

/** The CEL type of a field, and how its decoded value is read as that. `typeName` is for the record within, if it has one. */
function readerOf(
  cel: Environment,
  typeName: string,
  field: ReplyField,
): { readonly type: string; readonly read: (value: unknown) => unknown } {
  switch (field.type) {
    case 'list': {
      const Item = registerRecord(cel, typeName, field.fields);
      return { type: `list<${typeName}>`, read: (value) => (value as ViewedRecord[]).map((item) => new Item(item)) };
    }
    case 'array': {
      const { type, read } = scalarReader(field.of.type);
      return { type: `list<${type}>`, read: (value) => (value as unknown[]).map(read) };
    }
    case 'struct':
    case 'groups': {
      const Fields = registerRecord(cel, typeName, field.fields);
      return { type: typeName, read: (value) => new Fields(value as ViewedRecord) };
    }
    default:
      return scalarReader(field.type);
  }
}

function scalarReader(scalar: ScalarType): { readonly type: CelType; readonly read: (value: unknown) => unknown } {
  const type = celTypeOf(scalar);
  return { type, read: type === 'int' ? (value) => BigInt(value as number | bigint) : (value) => value };
}

function registerRandom(cel: Environment): void {
  cel.registerType('Random', { ctor: RandomView, fields: {} });
  cel.registerVariable('random', 'Random');
  const draw = (random: RandomView, min: bigint, max: bigint): number => {
    if (min > max) throw new RangeError(`random.int(${min}, ${max}): the first bound is above the second`);
    if (max - min > BigInt(Number.MAX_SAFE_INTEGER))
      throw new RangeError(`random.int(${min}, ${max}): too wide a range`);
    return random.source!.int(0, Number(max - min));
  };
  cel.registerFunction(
    'Random.int(int, int): int',
    (random: RandomView, min: bigint, max: bigint) => min + BigInt(draw(random, min, max)),
  );
  cel.registerFunction('Random.double(): double', (random: RandomView) => random.source!.next());
  cel.registerFunction('Random.string(int): string', (random: RandomView, length: bigint) => {
    if (length < 0n || length > longestRandomString) {
      throw new RangeError(`random.string(${length}): the length must be within 0 to ${longestRandomString}`);
    }
    return Array.from(
      { length: Number(length) },
      () => randomAlphabet[random.source!.int(0, randomAlphabet.length - 1)],
    ).join('');
  });
  cel.registerFunction('Random.choice(list<A>): A', (random: RandomView, list: readonly unknown[]) => {
    if (list.length === 0) throw new RangeError('random.choice([]): the list is empty');
    return list[random.source!.int(0, list.length - 1)];
  });
}
