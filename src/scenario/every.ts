import type { Rate } from '../load/rate.js';
import { ClientSchedule } from '../load/stages.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { ClientKindPlan, EveryPlan, LoadPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { EveryInput } from './schema.js';
import type { StepsCompiler } from './steps.js';

type Entry = Collected<EveryInput>;
type RateInput = NonNullable<Entry['rate'] | Entry['totalRate']>;

/** The ways of saying how often, of which an entry has one. */
const paces = ['interval', 'rate', 'totalRate'] as const;

/** The list under `every`: its entries without those that are wrong, which are reported. */
export function compileEvery(
  entries: readonly (Entry | undefined)[],
  path: Path,
  compiler: StepsCompiler,
  problems: ProblemList,
): readonly EveryPlan[] {
  return entries.flatMap((entry, i) => {
    if (entry === undefined) return [];
    const at = [...path, i];
    const rate = compilePace(entry, at, problems);
    const send = compiler.send(entry, at);
    checkPhase(entry, at, problems);
    const { arrivals, phase = 'random' } = entry;
    if (rate === undefined || send === undefined || arrivals === undefined) return [];
    return [{ send, rate, arrivals, per: entry.totalRate === undefined ? 'client' : 'swarm', phase }];
  });
}

function compilePace(entry: Entry, path: Path, problems: ProblemList): Rate | undefined {
  const [first, second] = paces.filter((key) => entry[key] !== undefined);
  if (second !== undefined) {
    return problems.report([...path, second], `\`${first}\` and \`${second}\` both say how often`, {
      part: 'key',
      hint: 'keep one of the two',
    });
  }
  const { interval, rate, totalRate } = entry;
  if (interval === 0)
    return problems.report([...path, 'interval'], 'an interval of nothing would send for ever at once', {
      hint: 'write a time above 0, such as 100ms, or how often: rate: 20/s',
    });
  if (interval !== undefined) return { kind: 'constant', intervalMs: interval };
  if (rate !== undefined) return compileRate(rate, [...path, 'rate'], problems);
  if (totalRate !== undefined) return compileRate(totalRate, [...path, 'totalRate'], problems);
  if (paces.some((key) => problems.has([...path, key]))) return undefined;
  return problems.report(path, '`interval` is missing', { hint: 'write interval: 500ms, or rate: 2/s' });
}

function compileRate(input: RateInput, path: Path, problems: ProblemList): Rate | undefined {
  if (typeof input === 'number') return { kind: 'constant', intervalMs: 1000 / input };
  if (input.stages === undefined) return undefined;
  const stages = input.stages.flatMap((stage) =>
    stage?.duration === undefined || stage.target === undefined
      ? []
      : [{ durationMs: stage.duration, targetPerSec: stage.target }],
  );
  if (stages.length < input.stages.length) return undefined;
  if (stages.every(({ targetPerSec }) => targetPerSec === 0)) {
    return problems.report([...path, 'stages'], 'no stage has a rate above 0: nothing would ever be sent', {
      hint: 'give one of them a rate, such as 5/s',
    });
  }
  return { kind: 'staged', stages };
}

/** A phase is a client's place in its own interval: what has no interval, or no clock of its own, has no phase. */
function checkPhase({ phase, arrivals, totalRate }: Entry, path: Path, problems: ProblemList): void {
  if (phase === undefined) return;
  const reason =
    totalRate !== undefined
      ? '`totalRate` is one clock for all'
      : arrivals === 'poisson'
        ? 'arrivals are random'
        : undefined;
  if (reason === undefined) return;
  problems.report([...path, 'phase'], `\`phase\` says nothing where ${reason}`, { part: 'key', hint: 'leave it out' });
}

/** A total rate needs a time in the plan at which everyone is there: from the end of the first ramp to the last descent. */
export function checkTotalRates(
  kinds: readonly (ClientKindPlan | undefined)[],
  load: LoadPlan,
  problems: ProblemList,
): void {
  const { firstPeakMs, rampDownMs } = new ClientSchedule(load.stages);
  if (firstPeakMs < rampDownMs) return;
  for (const kind of kinds) {
    if (kind === undefined || problems.has(['clients', kind.name, 'every'])) continue;
    kind.every.forEach(({ per }, i) => {
      if (per === 'client') return;
      const message = 'the stages leave no time for a total rate: it begins when the first ramp has ended';
      const hint = 'add a stage that holds its target after the ramp, or write rate: it is each client’s own';
      problems.report(['clients', kind.name, 'every', i, 'totalRate'], message, { part: 'key', hint });
    });
  }
}
