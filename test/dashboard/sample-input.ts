import type { DashboardInput, Surface } from '../../src/dashboard/input.js';
import { samplePlan, sampleThresholds, sampleTotals } from '../report/sample-run.js';

/** Reading totals changes nothing: one is enough for all. */
const totals = sampleTotals();

export function sampleInput(parts: Partial<DashboardInput> = {}): DashboardInput {
  return {
    title: 'Chat room',
    target: '127.0.0.1:7777',
    status: 'running',
    stages: samplePlan.load.stages,
    planMs: 42_300,
    warmupMs: 10_000,
    workers: 2,
    totals,
    thresholds: sampleThresholds,
    ...parts,
  };
}

export function sampleSurface(columns: number, rows: number, parts: Partial<Surface> = {}): Surface {
  return { columns, rows, color: false, unicode: true, keys: true, ...parts };
}
