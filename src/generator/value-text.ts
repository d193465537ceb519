import type { FieldValue } from '../packets/index.js';

/** Letters that a terminal would obey or hide are escaped: whoever sent the bytes may mean harm. */
export function valueText(value: FieldValue): string {
  if (typeof value !== 'string') return Object.is(value, -0) ? '-0' : String(value);
  return JSON.stringify(value).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`,
  );
}

/** `1 byte`, `2 bytes`. */
export function bytesText(sizeBytes: number): string {
  return `${sizeBytes} byte${sizeBytes === 1 ? '' : 's'}`;
}

/** A number with the name that an enum has for it, if there is one. */
export function namedText(value: FieldValue, names: Readonly<Record<string, number>> | undefined): string {
  const name = Object.entries(names ?? {}).find(([, number]) => BigInt(number) === BigInt(value as number))?.[0];
  return name === undefined ? valueText(value) : `${value} = ${name}`;
}
