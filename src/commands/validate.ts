import { exitCodes } from '../exit-codes.js';
import { type LoadOptions, loadScenario, type Overrides } from '../scenario/load.js';
import { summarize } from '../scenario/summary.js';
import { checkUserCode } from './check-user-code.js';
import { forPeople } from './terminal.js';

/** The options of `swarm validate`, as the command line gives them. */
export interface ValidateOptions extends Overrides, Pick<LoadOptions, 'root'> {}

/** Checks a scenario and everything that it names, and prints what it will do. Mistakes are thrown, all at once. */
export async function validate(file: string, options: ValidateOptions): Promise<number> {
  const scenario = loadScenario(file, { overrides: options, env: process.env, root: options.root });
  await checkUserCode(scenario);
  const { plan, file: scenarioFile } = scenario;
  console.log(forPeople(`${scenarioFile} is valid.\n\n${summarize(plan)}`, process.stdout));
  return exitCodes.ok.code;
}
