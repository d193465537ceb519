import { exitCodes } from '../exit-codes.js';
import { reportJsonSchema } from '../report/schema.js';
import { scenarioJsonSchema } from '../scenario/json-schema.js';

const schemas = { scenario: scenarioJsonSchema, report: reportJsonSchema } as const;

/** Prints the JSON Schema of scenario files, or of reports. */
export async function schema(of: keyof typeof schemas): Promise<number> {
  console.log(JSON.stringify(schemas[of](), null, 2));
  return exitCodes.ok.code;
}
