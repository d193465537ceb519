import type { Report } from '../report/report.js';
import type { NamedReport } from './comparison.js';
import { listed } from './listed.js';

/** Parts of a plan that do not change what is measured, or that are meant to differ. */
const irrelevant = new Set(['name', 'target', 'seed', 'thresholds', 'env']);

/** What makes two sides unlike each other, or their numbers less than the server's: to be read before any number. */
export function cautionsOf(base: readonly NamedReport[], current: readonly NamedReport[]): string[] {
  const all = [...base, ...current];
  return [
    unlikePlans(all),
    unlikeMachines(all),
    unlike(
      'the runs were made by different versions of swarm: ',
      groupsBy(all, ({ tool }) => tool.version),
    ),
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

/** Empty where all ask the same. */
function unlikePlans([first, ...others]: readonly NamedReport[]): string {
  const parts = new Set<string>();
  const unlikeFirst = others.filter(({ report }) => {
    const differing = differingParts(first!.report, report);
    for (const part of differing) parts.add(part);
    return differing.length > 0;
  });
  if (parts.size === 0) return '';
  const whose = others.length > 1 ? ` (${listed(unlikeFirst.map(({ name }) => name))} from ${first!.name})` : '';
  return `the plans differ in ${[...parts].join(', ')}${whose}: these runs asked different things of the server`;
}

/** Empty where all are one. */
function unlikeMachines(reports: readonly NamedReport[]): string {
  const kinds = groupsBy(reports, ({ machine: { cpuModel, cpuCores, platform, nodeVersion } }) =>
    [`${cpuCores} × ${cpuModel}`, platform, `Node ${nodeVersion}`].join(', '),
  );
  if (kinds.size > 1) return unlike('the load came from different machines: ', kinds);
  const hosts = groupsBy(reports, ({ machine }) => `${machine.hostname}`);
  return hosts.size > 1 ? `the load came from ${hosts.size} machines, though of one kind` : '';
}

/** The names of reports by what is said of each. */
function groupsBy(reports: readonly NamedReport[], read: (report: Report) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, report } of reports) groups.set(read(report), [...(groups.get(read(report)) ?? []), name]);
  return groups;
}

/** What differs, and in which reports; empty where nothing does. */
function unlike(words: string, groups: ReadonlyMap<string, readonly string[]>): string {
  if (groups.size < 2) return '';
  return words + [...groups].map(([value, names]) => `${value} (${listed(names)})`).join(' / ');
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
