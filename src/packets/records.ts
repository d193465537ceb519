import type { FieldValue } from './definition.js';

/** A record that is being read. */
export type MutableRecord = { [field: string]: FieldValue };

/** Makes records that have these fields from the beginning, all of one shape: to add fields one by one takes longer than to read them. */
export function recordMaker(names: readonly string[]): () => MutableRecord {
  // What is not read yet is undefined for as long as nobody else sees the record.
  const empty = Object.fromEntries(names.map((name) => [name, undefined])) as unknown as MutableRecord;
  return () => ({ ...empty });
}

const empty: MutableRecord = Object.freeze({});

/** The record of a packet of which no field is read: the same for all, so that none is made. */
export function noRecord(): MutableRecord {
  return empty;
}
