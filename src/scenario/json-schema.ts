import { z } from 'zod';
import { scenarioSchema } from './schema.js';

/** The JSON Schema (draft-07, which the YAML language server reads) of what a scenario file may hold. */
export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return { ...schema, title: 'A swarm scenario' };
}
