import { z } from 'zod';
import { nearest } from '../nearest.js';
import type { Path } from './document.js';
import { didYouMean } from './hints.js';
import type { Range, ServerFaultPlan } from './plan.js';
import type { Report } from './problem-list.js';
import { type Words, words } from './schema-parts.js';

/** What a schema gives, where every part that was wrong (and was reported) is undefined. */
export type Collected<T> = T extends Range | ServerFaultPlan
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Collected<Item> | undefined)[]
    : T extends object
      ? { readonly [Key in keyof T]: Collected<T[Key]> | undefined }
      : T;

/**
 * Reads `value` by `schema`, part by part, so that one mistake does not hide another: reports each in a sentence of our own, and
 * gives all that is right. Of a union, the alternative is chosen by what the value looks like before its schema sees it, so
 * that a mistake in a step is one message about that step.
 */
export function collect<T>(schema: z.ZodType<T>, value: unknown, report: Report): Collected<T> | undefined {
  return read(schema, value, [], report) as Collected<T> | undefined;
}

function read(schema: z.ZodType, value: unknown, path: Path, report: Report): unknown {
  if (schema instanceof z.ZodOptional)
    return value === undefined ? undefined : read(inner(schema), value, path, report);
  if (schema instanceof z.ZodPrefault)
    return read(inner(schema), value === undefined ? schema.def.defaultValue : value, path, report);
  if (schema instanceof z.ZodLazy) return read(inner(schema), value, path, report);
  if (value === undefined) {
    const { hint = `write ${path.at(-1)}: …`, missing = hint } = wordsOf(schema);
    return report(path, `\`${path.at(-1)}\` is missing`, { hint: missing });
  }
  if (schema instanceof z.ZodUnion) return readUnion(schema, value, path, report);
  if (schema instanceof z.ZodObject) return readObject(schema, value, path, report);
  if (schema instanceof z.ZodRecord) return readRecord(schema, value, path, report);
  if (schema instanceof z.ZodArray) return readArray(schema, value, path, report);
  return readLeaf(schema, value, path, report);
}

function readObject(schema: z.ZodObject, value: unknown, path: Path, report: Report): unknown {
  if (!isRecord(value)) return misfit(schema, value, path, report);
  const { what, later = [], elsewhere = {} } = wordsOf(schema);
  const known = Object.keys(schema.shape);
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const at = [...path, key];
    if (later.includes(key)) report(at, `\`${key}\` is not supported in this version of swarm`, { part: 'key' });
    else {
      const hint = Object.hasOwn(elsewhere, key) ? elsewhere[key] : didYouMean(key, known, 'its keys are');
      report(at, `\`${key}\` is not a key of ${what}`, { part: 'key', hint });
    }
  }
  return Object.fromEntries(
    Object.entries(schema.shape).map(([key, field]) => [
      key,
      read(field as z.ZodType, value[key], [...path, key], report),
    ]),
  );
}

function readRecord(schema: z.ZodRecord, value: unknown, path: Path, report: Report): unknown {
  if (!isRecord(value)) return misfit(schema, value, path, report);
  const count = Object.keys(value).length;
  if (count > mostOf(schema)) return tooMany(schema, count, path, report);
  const item = schema.valueType as z.ZodType;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, read(item, entry, [...path, key], report)]),
  );
}

function readArray(schema: z.ZodArray, value: unknown, path: Path, report: Report): unknown {
  if (!Array.isArray(value)) return misfit(schema, value, path, report);
  if (value.length === 0 && !schema.safeParse(value).success)
    return report(path, 'the list is empty', { hint: wordsOf(schema).hint });
  if (value.length > mostOf(schema)) return tooMany(schema, value.length, path, report);
  return value.map((entry, i) => read(schema.element as z.ZodType, entry, [...path, i], report));
}

function readUnion(schema: z.ZodUnion, value: unknown, path: Path, report: Report): unknown {
  const options = (schema.options as readonly z.ZodType[]).filter((option) => looksLike(option, value));
  if (options.length === 1) return read(options[0]!, value, path, report);
  const ranked = options
    .filter((option) => option instanceof z.ZodObject)
    .map((option) => ({ option, fit: fitOf(option, value as Record<string, unknown>) }))
    .filter(({ fit }) => fit > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.fit - a.fit);
  if (ranked[0] !== undefined) return read(ranked[0].option, value, path, report);
  const record = options.find((option) => option instanceof z.ZodRecord && takesKeys(option, value));
  if (record !== undefined) return read(record, value, path, report);
  const keys = isRecord(value)
    ? options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : []))
    : [];
  const given = isRecord(value) && keys.length > 0 ? Object.keys(value) : [];
  const mistyped = given.find((key) => nearest(key, keys) !== undefined) ?? given[0];
  if (mistyped === undefined) return misfit(schema, value, path, report);
  const { what, hint } = wordsOf(schema);
  const close = nearest(mistyped, keys);
  return report([...path, mistyped], `\`${mistyped}\` is not a key of ${what}`, {
    part: 'key',
    hint: close === undefined ? hint : `did you mean \`${close}\`?`,
  });
}

/** How well a mapping's keys fit those of an alternative: what it has, less what it lacks. None in common is no fit. */
function fitOf(option: z.ZodObject, value: Readonly<Record<string, unknown>>): number {
  const keys = Object.entries(option.shape);
  const common = keys.filter(([key]) => Object.hasOwn(value, key)).length;
  const lacking = keys.filter(([key, field]) => !Object.hasOwn(value, key) && !isOptional(field as z.ZodType)).length;
  return common === 0 ? Number.NEGATIVE_INFINITY : common - 2 * lacking;
}

/** Whether the first key of a mapping is of the kind that a record's keys are. */
function takesKeys({ keyType }: z.ZodRecord, value: unknown): boolean {
  const [key] = Object.keys(value as object);
  return key !== undefined && keyType instanceof z.ZodType && keyType.safeParse(key).success;
}

function isOptional(schema: z.ZodType): boolean {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault;
}

/** Whether a value is of the kind that a schema wants: text, list, mapping or other. */
function looksLike(schema: z.ZodType, value: unknown): boolean {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return isRecord(value);
  if (schema instanceof z.ZodArray) return Array.isArray(value);
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodString) return typeof value === 'string';
  // A quantity: also one without its unit.
  if (schema instanceof z.ZodPipe) return typeof value === 'string' || isNumber(value);
  return schema.safeParse(value).success;
}

function readLeaf(schema: z.ZodType, value: unknown, path: Path, report: Report): unknown {
  // A bare number where a quantity goes gets that quantity's own answer, which names the unit.
  const isBareNumber = schema instanceof z.ZodPipe && isNumber(value);
  // What takes only some numbers says that one with so many digits is too large.
  const isTooLarge = schema instanceof z.ZodNumber && typeof value === 'bigint';
  const result = schema.safeParse(isBareNumber ? String(value) : isTooLarge ? Number(value) : value);
  if (result.success) return result.data;
  // What is beyond 2^53 is too large twice: the last says what is the most.
  const issue = result.error.issues.at(-1)!;
  switch (issue.code) {
    case 'custom':
      return report(path, issue.message, { hint: issue.params?.hint as string | undefined });
    case 'too_small':
      return report(path, `${value} is too small: ${issue.minimum} is the least`, { hint: wordsOf(schema).below });
    case 'too_big':
      return report(path, `${value} is too large: ${issue.maximum} is the most`);
    case 'invalid_value': {
      const known = issue.values.map(String);
      const hint = didYouMean(String(value), known, 'write one of');
      return report(path, `${show(value)} is not one of ${known.join(', ')}`, { hint });
    }
    default:
      return misfit(schema, value, path, report);
  }
}

/** Whether it is one in YAML. */
function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function mostOf(schema: z.ZodType): number {
  return wordsOf(schema).most ?? Number.POSITIVE_INFINITY;
}

function tooMany(schema: z.ZodType, count: number, path: Path, report: Report): undefined {
  const hint = 'leave out what the run does not need';
  return report(path, `${wordsOf(schema).what} has at most ${mostOf(schema)} entries, and ${count} are given`, {
    hint,
  });
}

/** A value of the wrong kind altogether. */
function misfit(schema: z.ZodType, value: unknown, path: Path, report: Report): undefined {
  const { what, hint = what === 'text' ? quotesHint(value) : digitsHint(schema) } = wordsOf(schema);
  return report(path, `${show(value)} is not ${what}`, { hint });
}

/** YAML takes `yes`, `1.0` and `2001` for something else than text. */
function quotesHint(value: unknown): string | undefined {
  const isSingle = typeof value === 'boolean' || isNumber(value);
  return isSingle ? `to have it as text, put it in quotes: '${value}'` : undefined;
}

/** The cure for `ten`, and for 1.5 where only whole ones count. */
function digitsHint(schema: z.ZodType): string | undefined {
  return schema instanceof z.ZodNumber ? `write digits: ${schema.minValue} or more` : undefined;
}

/** A value as messages name it. */
export function show(value: unknown): string {
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `\`${value}\``;
}

function wordsOf(schema: z.ZodType): Words {
  return (
    words.get(schema) ?? (schema instanceof z.ZodLazy ? wordsOf(inner(schema)) : { what: 'what is expected here' })
  );
}

function inner(schema: z.ZodOptional | z.ZodPrefault | z.ZodLazy): z.ZodType {
  return schema.unwrap() as z.ZodType;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
