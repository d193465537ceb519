/**
 * Plays seeds of the simulation: `npm run sim -- --seed 12345`, or new ones for a time: `npm run sim -- --minutes 10`.
 */
import { Option } from 'commander';
import { counted, exactCount, formatDuration } from '../../src/metrics/format.js';
import { minutes as duration, tool, whole } from '../support/tool.js';
import { repeat, report } from './world/outcome.js';
import { playSeed } from './world/play.js';

interface Options {
  readonly seed?: number;
  readonly trace?: boolean;
  readonly until?: number;
  readonly minutes: number;
  readonly from: number;
}

const sayEveryMs = 10_000;

const program = tool('npm run sim --')
  .description('Plays whole runs over a simulated network, and looks whether they keep to the rules.')
  .addOption(new Option('--seed <number>', 'play this seed alone').argParser(whole).conflicts(['minutes', 'from']))
  .option('--trace', 'print each event of it')
  .option('--until <event>', 'end after so many events', whole)
  .option('--minutes <number>', 'play new seeds for so long; a line every ten seconds says how it stands', duration, 1)
  .option('--from <seed>', 'begin with this seed; by default the time says which', whole, Date.now())
  .action(play);

await program.parseAsync();

async function play({ seed, trace = false, until, minutes, from }: Options): Promise<void> {
  if (seed !== undefined) {
    const outcome = await playSeed(seed, { until, trace: trace ? console.log : undefined });
    console.log(report(outcome));
    process.exitCode = outcome.violations.length === 0 ? 0 : 1;
    return;
  }
  if (trace || until !== undefined) program.error('--trace and --until are for one --seed');
  process.exitCode = (await playFor(minutes, from)) === 0 ? 0 : 1;
}

/** Plays one seed after the other, one at least, and goes on where one fails; returns how many did. */
async function playFor(minutes: number, from: number): Promise<number> {
  const startMs = performance.now();
  const endMs = startMs + minutes * 60_000;
  let toSayMs = startMs + sayEveryMs;
  let seeds = 0;
  let sessions = 0;
  let failed = 0;
  const found = (): string =>
    `${counted(seeds, 'seed')} from ${from} on, ${counted(sessions, 'session')}: ${exactCount(failed)} failed`;
  do {
    const outcome = await playSeed(from + seeds);
    seeds++;
    sessions += outcome.sessions;
    if (outcome.violations.length > 0) {
      failed++;
      console.log(`${report(outcome)}\n${repeat(outcome.seed)}`);
    }
    const nowMs = performance.now();
    if (nowMs < toSayMs || nowMs >= endMs) continue;
    toSayMs = nowMs + sayEveryMs;
    console.log(`${formatDuration(nowMs - startMs)} of ${formatDuration(endMs - startMs)}: ${found()}`);
  } while (performance.now() < endMs);
  console.log(found());
  return failed;
}
