import type { JsonValue } from './definition.js';

/** The parts of a JSON pointer (RFC 6901), of which '' means the whole value; null where the text is no pointer. */
export function parsePointer(pointer: string): readonly string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer's parts lead to; undefined where there is nothing. */
export function atPointer(value: JsonValue, parts: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const part of parts) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (Array.isArray(at)) at = /^(0|[1-9]\d*)$/.test(part) ? (at as readonly JsonValue[])[Number(part)] : undefined;
    else at = Object.hasOwn(at, part) ? (at as { readonly [key: string]: JsonValue })[part] : undefined;
  }
  return at;
}
