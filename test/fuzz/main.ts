import { Argument } from 'commander';
import { minutes as duration, tool, whole } from '../support/tool.js';
import { Corpus } from './corpus.js';
import { Coverage } from './coverage.js';
import { type Find, Fuzzer } from './fuzzer.js';
import { targets } from './targets/index.js';

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly keep?: boolean;
}

const listed = Object.entries(targets)
  .map(([name, { about }]) => `  ${name.padEnd(14)} ${about}`)
  .join('\n');

/** What of the loaded code is under test: ours, and the parsers that it calls. */
function isUnderTest(url: string): boolean {
  return /\/src\/|\/node_modules\/(yaml|saxes|protobufjs|csv-parse|re2js|@marcbachmann)\//.test(url);
}

function report(name: string, corpus: Corpus, { input, error }: Find): void {
  const path = corpus.add(input, 'find-');
  console.error(`\n${error instanceof Error ? error.stack : error}\n\nThe input is kept: ${path}`);
  console.error(`npx vitest run test/fuzz/replay.test.ts -t '${name}'   repeats it`);
}

function fuzz(name: string, minutes: number, seed: number, keep: boolean): boolean {
  const target = targets[name]!;
  const corpus = new Corpus(name);
  const coverage = new Coverage(isUnderTest);
  const fuzzer = new Fuzzer(target, coverage, seed);
  // Short ones first: of two that reach the same, the shorter is kept.
  const kept = [...target.seeds(), ...corpus.names.map((file) => corpus.read(file))].sort(
    (a, b) => a.length - b.length,
  );
  const beganMs = performance.now();
  let find = fuzzer.begin(kept);
  for (let saidMs = beganMs; find === undefined; ) {
    const nowMs = performance.now();
    if (nowMs - saidMs > 10_000 || nowMs - beganMs > minutes * 60_000) {
      saidMs = nowMs;
      const perSecond = Math.round(fuzzer.executions / ((nowMs - beganMs) / 1000));
      console.log(
        `${fuzzer.executions} inputs, ${perSecond}/s; ${fuzzer.corpus.length} kept; ${coverage.size} functions and branches reached`,
      );
    }
    if (nowMs - beganMs > minutes * 60_000) break;
    find = fuzzer.step();
  }
  if (find !== undefined) report(name, corpus, fuzzer.minimised(find));
  if (keep && find === undefined) replaceCorpus(corpus, fuzzer.corpus);
  return find === undefined;
}

/** Finds of old stay: what was broken once is tried again. */
function replaceCorpus(corpus: Corpus, inputs: readonly Uint8Array[]): void {
  for (const name of corpus.names.filter((name) => !name.startsWith('find-'))) corpus.remove(name);
  for (const input of inputs) corpus.add(input);
}

const program = tool('npm run fuzz --')
  .description(
    'Runs one parser of foreign bytes on inputs that are made up as it goes, led by what of its code they reach. A find ends it, with exit 1.',
  )
  .addArgument(new Argument('[target]', 'one of the parsers below').choices(Object.keys(targets)))
  .option('--minutes <number>', 'how long', duration, 2)
  .option('--seed <number>', 'what the inputs follow from', whole, 1)
  .option(
    '--keep',
    'put the smallest set of inputs that reaches as much into test/fuzz/corpus, in place of what is there',
  )
  .addHelpText('after', `\nParsers:\n${listed}`)
  .action((name: string | undefined, { minutes, seed, keep = false }: Options) => {
    if (name === undefined) return program.help({ error: true });
    if (!fuzz(name, minutes, seed, keep)) process.exitCode = 1;
  });

program.parse();
