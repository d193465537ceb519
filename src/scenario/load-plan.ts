import { ClientSchedule, type Stage } from '../load/stages.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { LoadPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import { formatDuration } from './quantities.js';
import type { ScenarioInput } from './schema.js';

type LoadInput = Collected<ScenarioInput['load']>;

const path: Path = ['load'];
const defaultConnectRatePerSec = 1000;
/** What a warm-up must leave: less than this is what a ramp was longer than planned, and a threshold that holds for it says nothing. */
const leastMeasuredMs = 100;
/** What Linux takes: 15 bits of seconds. Beyond that it would keep its own two hours, and nobody would hear of it. */
const longestKeepAliveMs = 32_767_000;

/**
 * How many clients are connected when. `clients` and `duration` become a ramp at the connect rate and then a hold of that
 * duration. As options of the command line these two take the place of stages; what only one of them says, the peak or the total
 * time of the stages fills in.
 */
export function compileLoad(input: LoadInput, problems: ProblemList): LoadPlan | undefined {
  // `--set load={stages: …}` sets all of `load`, and neither of these.
  const replaces = (['clients', 'duration'] as const).some(
    (key) => input[key] !== undefined && problems.isOption([...path, key]),
  );
  const stages = input.stages === undefined || replaces ? rampAndHold(input, problems) : givenStages(input, problems);
  const { warmup, begin, gracefulStop, connectTimeout, pacing } = input;
  if (stages === undefined || warmup === undefined || begin === undefined) return undefined;
  if (gracefulStop === undefined || connectTimeout === undefined || pacing === undefined) return undefined;
  const localAddresses = [...new Set((input.localAddresses ?? []).flatMap((some) => some ?? []))].filter(
    (address) => address !== undefined,
  );
  const { totalMs, peak } = new ClientSchedule(stages);
  if (warmup > 0 && totalMs - warmup < leastMeasuredMs) {
    const left = warmup >= totalMs ? 'nothing' : `only ${formatDuration(totalMs - warmup)}`;
    return problems.report(
      [...path, 'warmup'],
      `the warm-up of ${formatDuration(warmup)} leaves ${left} of the run's ${formatDuration(totalMs)} to measure`,
      {
        hint: `shorten load.warmup, as in --set load.warmup=${formatDuration(shorterWarmup(totalMs))}, or let the run last longer`,
      },
    );
  }
  if (connectTimeout === 0)
    return problems.report([...path, 'connectTimeout'], 'a connection cannot be made in no time');
  const keepAliveMs = input.tcp?.keepAlive ?? null;
  if (keepAliveMs !== null && keepAliveMs < 1000) {
    return problems.report([...path, 'tcp', 'keepAlive'], 'the system counts keep-alive in whole seconds', {
      hint: 'write 1s or more',
    });
  }
  if (keepAliveMs !== null && keepAliveMs > longestKeepAliveMs) {
    return problems.report([...path, 'tcp', 'keepAlive'], 'the system cannot wait that long before it asks', {
      hint: `write ${formatDuration(longestKeepAliveMs)} or less`,
    });
  }
  return {
    stages,
    maxClients: peak,
    warmupMs: warmup,
    begin,
    gracefulStopMs: gracefulStop,
    connectTimeoutMs: connectTimeout,
    pacing,
    localAddresses,
    tcp: { noDelay: input.tcp?.noDelay ?? true, keepAliveMs },
  };
}

/**
 * When the run ends, in milliseconds; undefined where that does not follow from the scenario: clients that begin together wait for
 * each other, and who shortens a run on the command line to try it need not change what comes later in it.
 */
export function plannedEndMs({ begin, stages }: LoadPlan, problems: ProblemList): number | undefined {
  const isChanged = (['clients', 'duration', 'connectRate', 'stages'] as const).some((key) =>
    problems.isOption([...path, key]),
  );
  return begin === 'together' || isChanged ? undefined : new ClientSchedule(stages).totalMs;
}

/** A tenth of the run, in a round number. */
function shorterWarmup(totalMs: number): number {
  const tenth = totalMs / 10;
  return tenth >= 1000 ? Math.floor(tenth / 1000) * 1000 : Math.floor(tenth);
}

function rampAndHold(input: LoadInput, problems: ProblemList): readonly Stage[] | undefined {
  const stages = input.stages?.filter((stage) => stage !== undefined) ?? [];
  const clients = input.clients ?? maxOf(stages.map(({ target }) => target ?? 0));
  const durationMs = input.duration ?? sumOf(stages.map(({ duration }) => duration ?? 0));
  if (clients === undefined || durationMs === undefined) {
    const missing = clients === undefined ? 'clients' : 'duration';
    if (problems.has([...path, missing]) || problems.has([...path, 'stages'])) return undefined;
    return problems.report(path, `\`${missing}\` is missing`, { hint: 'write clients and duration, or stages' });
  }
  if (durationMs === 0) return problems.report([...path, 'duration'], 'a run of no duration measures nothing');
  const rampMs = (clients / (input.connectRate ?? defaultConnectRatePerSec)) * 1000;
  return [
    { durationMs: rampMs, target: clients },
    { durationMs, target: clients },
  ];
}

function maxOf(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function sumOf(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((sum, number) => sum + number);
}

function givenStages(input: LoadInput, problems: ProblemList): readonly Stage[] | undefined {
  for (const key of ['clients', 'duration'] as const) {
    if (input[key] === undefined) continue;
    const hint = 'keep the stages, or clients and duration';
    return problems.report([...path, key], `\`${key}\` and \`stages\` both say how many clients there are when`, {
      part: 'key',
      hint,
    });
  }
  const stages: Stage[] = [];
  let from = 0;
  for (const [i, stage] of (input.stages ?? []).entries()) {
    if (stage?.duration === undefined || stage.target === undefined) return undefined;
    checkRamp(stage.duration, stage.target - from, input.connectRate, [...path, 'stages', i], problems);
    stages.push({ durationMs: stage.duration, target: stage.target });
    from = stage.target;
  }
  const { totalMs, peak } = new ClientSchedule(stages);
  if (totalMs === 0) return problems.report([...path, 'stages'], 'the stages last no time at all');
  if (peak === 0) return problems.report([...path, 'stages'], 'no stage has a client');
  return stages;
}

function checkRamp(
  durationMs: number,
  rise: number,
  connectRate: number | undefined,
  at: Path,
  problems: ProblemList,
): void {
  if (connectRate === undefined || rise <= 0) return;
  const leastMs = Math.ceil((rise / connectRate) * 1000);
  if (durationMs >= leastMs) return;
  problems.report(at, `a ramp by ${rise} in ${formatDuration(durationMs)} is steeper than connectRate allows`, {
    hint: `at ${connectRate}/s it takes ${formatDuration(leastMs)}`,
  });
}
