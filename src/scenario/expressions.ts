import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { EncodeError } from '../packets/codec-errors.js';
import type { FieldDefinition, ScalarField } from '../packets/definition.js';
import { jsonText } from '../packets/json-text.js';
import { writeStamp } from '../packets/stamp.js';
import type { EncodableValue } from '../packets/values.js';
import { reasonOf } from './expression-reason.js';
import type { ValueTemplate } from './plan.js';
import type { ReplyShape } from './reply-shape.js';
import { celTypeOf, createScopeEnvironment, type SavedValue, type Scope, type ScopeEnvironment } from './scope.js';

export { anyFrame } from './frames/index.js';
export { type ReplyShape, replyShape } from './reply-shape.js';
export type { RandomSource, SavedValue, Scope } from './scope.js';

/** An expression that could not be worked out when it ran: a division by zero, a value that was never saved. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/**
 * Compiles a template whose value goes into `field` of a packet. The function gives a value of the field's own JavaScript type
 * (a list: one array per element, in the order of the list's fields); whether a number is within the field's range is for
 * the encoder to say.
 * @param reply what `reply` has, for expressions that run once a packet came.
 * @throws ExpressionError, from the function, where an expression fails.
 */
export function compileTemplate(
  template: ValueTemplate,
  field: FieldDefinition,
  reply: ReplyShape | null = null,
): (scope: Scope) => EncodableValue {
  return compileInto(template, field, environmentOf(reply));
}

/**
 * Compiles a template whose value stays as it is: one that is saved, or checked.
 * @throws ExpressionError, from the function, where an expression fails or its value is a list or a map.
 */
export function compileValue(template: ValueTemplate, reply: ReplyShape | null = null): (scope: Scope) => SavedValue {
  return compileScalar(template, environmentOf(reply));
}

const environments = new WeakMap<ReplyShape, ScopeEnvironment>();
let environmentWithoutReply: ScopeEnvironment | undefined;

/** Building an environment costs more than a thousand evaluations: each shape of reply has one. */
function environmentOf(reply: ReplyShape | null): ScopeEnvironment {
  const types = { send: true, data: 'any', saved: 'any' } as const;
  if (reply === null) {
    environmentWithoutReply ??= createScopeEnvironment({ ...types, reply });
    return environmentWithoutReply;
  }
  const known = environments.get(reply);
  if (known !== undefined) return known;
  const environment = createScopeEnvironment({ ...types, reply });
  environments.set(reply, environment);
  return environment;
}

function compileInto(
  template: ValueTemplate,
  field: FieldDefinition,
  environment: ScopeEnvironment,
): (scope: Scope) => EncodableValue {
  switch (template.kind) {
    case 'absent':
      return () => null;
    case 'bytes': {
      const bytes = Uint8Array.from(Buffer.from(template.hex, 'hex'));
      return () => bytes;
    }
  }
  switch (field.type) {
    case 'list':
      if (template.kind !== 'list') break;
      return compileEach(template.items.map((item) => compileFields(item, field.fields, environment)));
    case 'struct':
      if (template.kind !== 'struct') break;
      return compileFields(template.values, field.fields, environment);
    case 'array':
      if (template.kind !== 'array') break;
      return compileEach(template.items.map((item) => compileInto(item, field.of, environment)));
    default:
      return compileSingle(template, field, environment);
  }
  throw new ExpressionError(`${field.name} is of type ${field.type}; its template is not`);
}

function compileFields(
  templates: readonly ValueTemplate[],
  fields: readonly FieldDefinition[],
  environment: ScopeEnvironment,
): (scope: Scope) => EncodableValue {
  return compileEach(templates.map((template, i) => compileInto(template, fields[i]!, environment)));
}

function compileEach(values: readonly ((scope: Scope) => EncodableValue)[]): (scope: Scope) => EncodableValue {
  return (scope) => values.map((value) => value(scope));
}

function compileSingle(
  template: ValueTemplate,
  field: ScalarField,
  environment: ScopeEnvironment,
): (scope: Scope) => EncodableValue {
  if (template.kind === 'constant') {
    const { value } = template;
    return () => value;
  }
  if (template.kind === 'stamp') {
    if (isWideInteger(field)) return (scope) => BigInt(Math.floor(scope.stamp.timeUs));
    return field.type === 'uint'
      ? (scope) => Math.floor(scope.stamp.timeUs) >>> 0
      : (scope) => Math.floor(scope.stamp.timeUs) | 0;
  }
  if (template.kind === 'text' && field.type === 'bytes') {
    const print = compileScalar(template, environment);
    return (scope) => Buffer.from(print(scope) as string);
  }
  const read = compileScalar(template, environment);
  const convert = conversions[isWideInteger(field) ? 'long' : celTypeOf(field.type)];
  return (scope) => {
    const given = read(scope);
    const value = convert(given);
    if (value === undefined) {
      throw new ExpressionError(
        `${field.name} is of type ${field.type}, which ${JSON.stringify(String(given))} is not`,
      );
    }
    return value;
  };
}

function isWideInteger({ type }: ScalarField): boolean {
  return type === 'long' || type === 'ulong';
}

/** From what an expression gave to what a field of the type holds; undefined where it cannot. */
const conversions = {
  int: (value: SavedValue) => (typeof value === 'bigint' ? Number(value) : undefined),
  long: (value: SavedValue) => (typeof value === 'bigint' ? value : undefined),
  double: (value: SavedValue) => (typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined),
  bool: (value: SavedValue) => (typeof value === 'boolean' ? value : undefined),
  string: (value: SavedValue) => (value instanceof Uint8Array ? undefined : String(value)),
  bytes: (value: SavedValue) => (value instanceof Uint8Array ? value : undefined),
};

function compileScalar(template: ValueTemplate, environment: ScopeEnvironment): (scope: Scope) => SavedValue {
  switch (template.kind) {
    case 'constant': {
      const { value } = template;
      return () => value;
    }
    case 'expression':
      return compileExpression(template.source, environment);
    case 'text': {
      const parts = template.parts.map((part) => {
        if (typeof part === 'string') return part;
        if ('stamp' in part) return ({ stamp }: Scope) => writeStamp(stamp.sender, stamp.timeUs);
        return compileExpression(part.source, environment);
      });
      return (scope) => {
        let text = '';
        for (const part of parts) text += typeof part === 'string' ? part : String(part(scope));
        return text;
      };
    }
    case 'json':
      return compileJson(template.parts, environment);
    case 'bytes': {
      const bytes = Uint8Array.from(Buffer.from(template.hex, 'hex'));
      return () => bytes;
    }
    default:
      throw new ExpressionError('a list stands where one value is needed');
  }
}

/** The text of a JSON value: all but its expressions is written already. */
function compileJson(
  parts: Extract<ValueTemplate, { readonly kind: 'json' }>['parts'],
  environment: ScopeEnvironment,
): (scope: Scope) => string {
  const writers = parts.map((part) => {
    if (typeof part === 'string') return part;
    if ('stamp' in part) return ({ stamp }: Scope) => writeStamp(stamp.sender, stamp.timeUs);
    return part.quoted
      ? compileQuoted(compileExpression(part.source, environment))
      : compileWhole(part.source, environment);
  });
  return (scope) => {
    let text = '';
    for (const writer of writers) text += typeof writer === 'string' ? writer : writer(scope);
    return text;
  };
}

function compileQuoted(read: (scope: Scope) => SavedValue): (scope: Scope) => string {
  return (scope) => JSON.stringify(String(read(scope))).slice(1, -1);
}

function compileWhole(source: string, environment: ScopeEnvironment): (scope: Scope) => string {
  const evaluate = compileAny(source, environment);
  return (scope) => {
    try {
      return jsonText(evaluate(scope));
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      throw new ExpressionError(`\${${source}}: ${error.reason}`, { cause: error });
    }
  };
}

function compileExpression(source: string, environment: ScopeEnvironment): (scope: Scope) => SavedValue {
  const evaluate = compileAny(source, environment);
  return (scope) => {
    const value = evaluate(scope);
    switch (typeof value) {
      case 'bigint':
      case 'number':
      case 'boolean':
      case 'string':
        return value;
      default:
        if (value instanceof Uint8Array) return value;
        if (value instanceof UnsignedInt) return value.value;
        throw new ExpressionError(`\${${source}}: it gave a list, a map or null, not one value`);
    }
  };
}

/** An expression whose value may be anything that CEL has. */
function compileAny(source: string, environment: ScopeEnvironment): (scope: Scope) => unknown {
  const evaluate = environment.cel.parse(source);
  return (scope) => {
    try {
      return evaluate(environment.bind(scope));
    } catch (error) {
      throw new ExpressionError(`\${${source}}: ${reasonOf(error)}`, { cause: error });
    }
  };
}
