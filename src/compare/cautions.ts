import type { Report } from '../report/report.js';
import type { NamedReport } from './comparison.js';
import { listed } from './listed.js';

/** Parts of a plan that do not change what is measured, or that are meant to differ. */
const irrelevant = new Set(['name', 'target', 'seed', 'thresholds', 'env']);

/** What makes two sides unlike each other, or their numbers less than the server's: to be read before any number. */
export function cautionsOf(base: readonly NamedReport[], current: readonly NamedReport[]): string[] {
  const all = [...base, ...current];
  const first = all[0]!;
  const parts = new Set(all.flatMap(({ report }) => differingParts(first.report, report)));
  const versions = new Set(all.map(({ report }) => report.tool.version));
  return [
    parts.size === 0
      ? ''
      : `the plans differ in ${[...parts].join(', ')}: these runs asked different things of the server`,
    unlikeMachines(all.map(({ report }) => report.machine)),
    versions.size === 1 ? '' : `the runs were made by different versions of swarm: ${[...versions].join(', ')}`,
    ...said(all, ({ generator }) => generator.verdict === 'saturated', 'the generator was saturated in'),
    ...said(all, ({ steered }) => steered.length > 0, 'somebody steered the load by hand in'),
    ...said(all, ({ outcome }) => outcome.degraded, 'a worker was lost in'),
    ...said(all, ({ outcome }) => outcome.name === 'targetLost', 'the target was lost in'),
    ...said(all, ({ outcome }) => outcome.name === 'stopped', 'the user stopped'),
  ].filter((caution) => caution !== '');
}

function said(reports: readonly NamedReport[], applies: (report: Report) => boolean, words: string): string[] {
  const names = reports.filter(({ report }) => applies(report)).map(({ name }) => name);
  return names.length === 0 ? [] : [`${words} ${listed(names)}`];
}

function differingParts(a: Report, b: Report): string[] {
  if (a.planDigest === b.planDigest) return [];
  const [planA, planB] = [a.plan, b.plan] as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];
  return [...new Set([...Object.keys(planA), ...Object.keys(planB)])].filter(
    (part) => !irrelevant.has(part) && JSON.stringify(planA[part]) !== JSON.stringify(planB[part]),
  );
}

/** Empty where all are one. */
function unlikeMachines(machines: readonly Report['machine'][]): string {
  const kinds = new Set(
    machines.map(
      ({ cpuModel, cpuCores, platform, nodeVersion }) => `${cpuCores} × ${cpuModel}, ${platform}, Node ${nodeVersion}`,
    ),
  );
  if (kinds.size > 1) return `the load came from different machines: ${[...kinds].join(' / ')}`;
  const hosts = new Set(machines.map(({ hostname }) => hostname));
  return hosts.size > 1 ? `the load came from ${hosts.size} machines, though of one kind` : '';
}

/** Closed loops slow down with their server: from this difference of their rates on, their times belong to different loads. */
const mostRateDifference = 0.05;

/** Where the closed loops of the two sides reached rates that differ too much: a sentence; else undefined. */
export function unlikePace(base: readonly NamedReport[], current: readonly NamedReport[]): string | undefined {
  for (const client of new Set(base.flatMap(({ report }) => report.closedLoops.map((loop) => loop.client)))) {
    const [before, after] = [base, current].map((side) => meanRate(side, client)) as [number, number];
    const change = before === 0 ? 0 : after / before - 1;
    if (Math.abs(change) > mostRateDifference) {
      return `the loops of ${client} went round ${before.toFixed(1)} and ${after.toFixed(1)} times a second: a closed loop slows down with its server, so the times belong to different loads`;
    }
  }
  return undefined;
}

function meanRate(side: readonly NamedReport[], client: string): number {
  const rates = side.flatMap(({ report }) =>
    report.closedLoops.filter((loop) => loop.client === client).map((loop) => loop.iterationsPerSecond),
  );
  return rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
}
