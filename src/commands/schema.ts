import { exitCodes } from '../exit-codes.js';
import { scenarioJsonSchema } from '../scenario/json-schema.js';

/** Prints the JSON Schema of scenario files. */
export async function schema(): Promise<number> {
  console.log(JSON.stringify(scenarioJsonSchema(), null, 2));
  return exitCodes.ok.code;
}
