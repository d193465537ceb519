import { exitCodes } from '../exit-codes.js';
import { loadScenario, type Overrides } from '../scenario/load.js';
import { summarize } from '../scenario/summary.js';

/** Checks a scenario and everything that it names, and prints what it will do. Mistakes are thrown, all at once. */
export async function validate(file: string, options: Overrides): Promise<number> {
  const { plan, file: scenarioFile } = loadScenario(file, { overrides: options, env: process.env });
  console.log(`${scenarioFile} is valid.\n\n${summarize(plan)}`);
  return exitCodes.ok.code;
}
