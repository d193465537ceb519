/**
 * `npm run proof`: what swarm says against what is known, on real sockets. Prints a table in Markdown; ends with 1 where a median is out of its bounds.
 */
import { positive, tool } from '../../test/support/tool.js';
import type { Measure } from './measures.js';
import { run } from './processes.js';
import { type Proof, proofs } from './proofs.js';

const program = tool('npm run proof --')
  .description('Compares what swarm says with what is known, on real sockets.')
  .argument('[word...]', 'plays the proofs whose names hold all of these')
  .option('--rounds <number>', 'how often each is played', positive, 5)
  .parse();
const { rounds } = program.opts<{ readonly rounds: number }>();
const chosen = proofs.filter(({ name }) => program.args.every((word) => name.includes(word)));
if (chosen.length === 0) program.error(`error: no proof has a name with ${program.args.join(' and ')}`);

let broken = 0;
console.log(`| proof | what | bounds | median of ${rounds} | least to most | |`);
console.log('| --- | --- | --- | --- | --- | --- |');
for (const proof of chosen) {
  const outcomes = await play(proof);
  proof.measures.forEach((measure, i) => {
    const sorted = outcomes.map((row) => row[i]!).toSorted((a, b) => a - b);
    const holds = isWithin(measure, median(sorted));
    if (!holds) broken++;
    console.log(rowOf(i === 0 ? proof.name : '', measure, sorted, holds));
  });
}
if (broken > 0) console.error(`${broken} of the medians above are out of their bounds.`);
process.exitCode = broken > 0 ? 1 : 0;

/** Of each round, the values of the proof's measures. */
async function play({ scenario, script, disturb, workers = [1], measures }: Proof): Promise<number[][]> {
  const [first, second] = workers;
  const played: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const outcome = await run(scenario, script, first, disturb);
    const twin = second === undefined ? undefined : await run(scenario, script, second, disturb);
    played.push(measures.map((measure) => measure.of({ ...outcome, ...(twin !== undefined && { twin }) })));
  }
  return played;
}

function isWithin({ from, to }: Measure, value: number): boolean {
  return value >= from && value <= to;
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)]!;
}

function rowOf(name: string, { what, from, to, show }: Measure, sorted: readonly number[], holds: boolean): string {
  const bounds = from === to ? show(from) : `${show(from)} to ${show(to)}`;
  const range = `${show(sorted[0]!)} to ${show(sorted.at(-1)!)}`;
  return `| ${name} | ${what} | ${bounds} | ${show(median(sorted))} | ${range} | ${holds ? '✓' : '✗'} |`;
}
