/** Why a run ended as it did, as k6 numbers it where k6 has a number (errext/exitcodes), from 119 on our own. */
export const exitCodes = {
  ok: { code: 0, sentence: 'Everything ran and every threshold held.' },
  thresholdsFailed: { code: 99, sentence: 'At least one threshold failed, or could not be shown to hold.' },
  invalidInput: {
    code: 104,
    sentence: 'The scenario, a file it names, or an option is not valid; nothing was started.',
  },
  stopped: { code: 105, sentence: 'The user stopped the run; what was measured until then is in the report.' },
  botFailed: { code: 107, sentence: 'The code of a bot threw an error; the summary says where.' },
  transformFailed: { code: 107, sentence: 'The code of a transform threw an error; the summary says where.' },
  internal: { code: 109, sentence: 'An error inside swarm itself.' },
  worse: { code: 119, sentence: 'A comparison found something worse that --fail-on names.' },
  noClientConnected: { code: 120, sentence: 'Not one client could connect to the target.' },
  targetLost: {
    code: 121,
    sentence: 'No client is connected any more and none will reconnect: the target was lost, or every client gave up.',
  },
  workerLost: { code: 122, sentence: 'A worker process was lost; the numbers are those of the others.' },
  saturated: { code: 123, sentence: 'The generator was saturated, and --strict was given.' },
} as const;

export type Outcome = keyof typeof exitCodes;

/** When several apply, the first of these names the exit. */
const precedence: readonly Outcome[] = [
  'internal',
  'botFailed',
  'transformFailed',
  'stopped',
  'noClientConnected',
  'targetLost',
  'workerLost',
  'thresholdsFailed',
  'saturated',
];

/** Picks the outcome that names the exit code among all that apply; `ok` where none does. */
export function decideOutcome(outcomes: Iterable<Outcome>): Outcome {
  const applying = new Set(outcomes);
  return precedence.find((outcome) => applying.has(outcome)) ?? 'ok';
}
