import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { nearest } from '../nearest.js';
import { reportJsonSchema } from '../report/schema.js';
import { scenarioJsonSchema } from '../scenario/json-schema.js';

const schemas = { scenario: scenarioJsonSchema, report: reportJsonSchema } as const;

/** Prints the JSON Schema of scenario files, or of reports. */
export async function schema(of = 'scenario'): Promise<number> {
  if (of !== 'scenario' && of !== 'report') {
    const close = nearest(of, Object.keys(schemas));
    const hint = close === undefined ? 'There is one of scenario, and one of report.' : `Did you mean \`${close}\`?`;
    throw new SwarmError('schema-unknown', `There is no schema of ${of}.`, { hint });
  }
  console.log(JSON.stringify(schemas[of](), null, 2));
  return exitCodes.ok.code;
}
