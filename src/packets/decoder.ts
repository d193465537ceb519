import type { Framing } from '../core/index.js';
import type { BodyReader } from './body-reader.js';
import type { PacketDecoder } from './codec.js';
import type { FieldDefinition, PacketDefinition } from './definition.js';
import { compileFieldReader, compileFieldSkipper, fixedSizeOf, minimumSize } from './field-reader.js';
import { comparingSize, unframeBody } from './frame-body.js';
import { type MutableRecord, noRecord, recordMaker } from './records.js';

/** Moves the reader over the next part of the body; what is wanted of it goes into `record`. */
type DecodeStep = (reader: BodyReader, record: MutableRecord) => void;

/**
 * Compiles a decoder that yields only `fields` (top-level names; a list is decoded whole). The rest is skipped, neighbours
 * of fixed size in one step, so that a body of the wrong length is found out whatever was asked for.
 * @throws SwarmError `framing-unfit` where the framing carries no packet id.
 */
export function compileDecoder(
  definition: PacketDefinition,
  framing: Framing,
  fields: readonly string[] | 'all',
): PacketDecoder {
  const isWanted = (name: string) => fields === 'all' || fields.includes(name);
  const steps = compileSteps(definition.fields, isWanted);
  const names = definition.fields.map(({ name }) => name).filter(isWanted);
  const create = fields.length === 0 ? noRecord : recordMaker(names);
  const decoder = unframeBody(definition, framing, (reader) => {
    const record = create();
    for (let i = 0; i < steps.length; i++) steps[i]!(reader, record);
    return record;
  });
  const hasOneSize = definition.fields.every((field) => fixedSizeOf(field) !== null);
  return fields.length === 0 && hasOneSize ? comparingSize(decoder, framing, minimumSize(definition.fields)) : decoder;
}

function compileSteps(fields: readonly FieldDefinition[], isWanted: (name: string) => boolean): DecodeStep[] {
  const steps: DecodeStep[] = [];
  let run: FieldDefinition[] = [];
  const endRun = () => {
    if (run.length > 0) steps.push(skipRun(run));
    run = [];
  };
  for (const field of fields) {
    if (!isWanted(field.name) && fixedSizeOf(field) !== null) {
      run.push(field);
      continue;
    }
    endRun();
    steps.push(isWanted(field.name) ? readInto(field) : compileFieldSkipper(field));
  }
  endRun();
  return steps;
}

function readInto(field: FieldDefinition): DecodeStep {
  const { name } = field;
  const read = compileFieldReader(field);
  return (reader, record) => {
    record[name] = read(reader);
  };
}

/** Skips neighbouring fields of fixed size at once; one by one only to name the field in which the body ends. */
function skipRun(fields: readonly FieldDefinition[]): DecodeStep {
  const skippers = fields.map(compileFieldSkipper);
  const totalSize = fields.reduce((sum, field) => sum + fixedSizeOf(field)!, 0);
  return (reader) => {
    if (reader.remaining >= totalSize) reader.take(totalSize, '');
    else for (const skip of skippers) skip(reader);
  };
}
