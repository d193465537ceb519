import type { Rate } from '../load/rate.js';
import { ClientSchedule } from '../load/stages.js';
import { counted } from '../metrics/format.js';
import type { ClientKindPlan, EveryPlan, Plan, TransformPlan } from './plan.js';
import { formatDuration } from './quantities.js';
import { formatTarget } from './target.js';

/** What a plan will do, in a few lines for people. Ends without a line break. */
export function summarize(plan: Plan): string {
  const { totalMs } = new ClientSchedule(plan.load.stages);
  const { warmupMs } = plan.load;
  const warmup = warmupMs > 0 ? `, ${formatDuration(warmupMs)} of it warm-up` : '';
  const lines = [
    ['target', formatTarget(plan.target)],
    ...(plan.target.kind === 'embedded' ? plan.target.faults.map(({ text }) => ['fault', text]) : []),
    ...(plan.protocol.transform === null ? [] : [['transform', describeTransform(plan.protocol.transform)]]),
    ['load', `${counted(plan.load.maxClients, 'client')} at most, for ${formatDuration(totalMs)}${warmup}`],
    ...plan.kinds.map((kind) => [`kind ${kind.name}`, describeKind(kind, plan)]),
    ['open loop', describeOpenLoop(plan)],
    ['thresholds', String(plan.thresholds.length)],
    ['seed', String(plan.seed)],
  ];
  const width = Math.max(...lines.map(([label = '']) => label.length));
  return [plan.name, ...lines.map(([label = '', text = '']) => `  ${label.padEnd(width)}  ${text}`)].join('\n');
}

function describeTransform({ file, covers }: TransformPlan): string {
  const covered = { body: 'the body of each frame', afterLength: 'each frame behind its length', stream: 'every byte' };
  return `${file} covers ${covered[covers]}`;
}

function describeKind(kind: ClientKindPlan, plan: Plan): string {
  const { weight, bot, start, loop, every, on, lifetimeMs, faults } = kind;
  const total = plan.kinds.reduce((sum, other) => sum + other.weight, 0);
  const parts = [`${Number(((weight / total) * 100).toFixed(1))} % of the clients`];
  if (bot !== null) parts.push(`driven by ${bot.file}`);
  if (start.length > 0) parts.push(`start ${counted(start.length, 'step')}`);
  if (loop.length > 0) parts.push(`loop ${counted(loop.length, 'step')}`);
  parts.push(...every.map(describeEvery));
  if (on.length > 0) parts.push(`answers ${counted(on.length, 'packet')}`);
  if (lifetimeMs !== null) parts.push(`stays ${formatDuration(lifetimeMs.min)} to ${formatDuration(lifetimeMs.max)}`);
  if (faults.length > 0) parts.push(`plays ${[...new Set(faults.map(({ fault }) => fault))].join(', ')}`);
  return parts.join(', ');
}

function describeEvery({ send, rate, arrivals, per }: EveryPlan): string {
  const pace =
    rate.kind === 'staged'
      ? `at up to ${formatRate(highestRatePerSec(rate))}/s`
      : per === 'swarm'
        ? `at ${formatRate(highestRatePerSec(rate))}/s`
        : `every ${formatDuration(round(rate.intervalMs))}`;
  const who = per === 'swarm' ? ' together' : '';
  return `${send.packet} ${pace}${who}${arrivals === 'poisson' ? ' at random' : ''}`;
}

function describeOpenLoop(plan: Plan): string {
  const perSec = round(openRatePerSec(plan));
  const sends = `${counted(perSec, 'packet', formatRate)} a second with every client connected`;
  if (plan.kinds.every(({ bot }) => bot === null)) return sends;
  return perSec === 0 ? 'what bots send, which only their code knows' : `${sends}, and what bots send`;
}

/** Sends that are due a second whatever the server does, where rates are highest; those of a loop depend on its answers. */
function openRatePerSec({ kinds, load }: Plan): number {
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  return kinds.reduce((sum, { weight, every }) => {
    const clients = (load.maxClients * weight) / total;
    return every.reduce((all, { rate, per }) => all + highestRatePerSec(rate) * (per === 'swarm' ? 1 : clients), sum);
  }, 0);
}

function highestRatePerSec(rate: Rate): number {
  if (rate.kind === 'constant') return 1000 / rate.intervalMs;
  return Math.max(...rate.stages.map(({ targetPerSec }) => targetPerSec));
}

function formatRate(perSec: number): string {
  return perSec === 0 ? 'no' : String(round(perSec));
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
