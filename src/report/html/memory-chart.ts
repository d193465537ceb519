import type { Report } from '../report.js';
import { type TitledChart, timeChart } from './charts.js';

const mib = 1024 * 1024;

/** What the generator's processes held, over time: whether a longer run would need more. None for reports of versions that did not keep it. */
export function memoryChart(report: Report): TitledChart[] {
  const kept = report.timeline.map(({ memory }) => memory);
  if (kept.every((memory) => memory === undefined)) return [];
  const inMib = (bytes: number | null | undefined) => (bytes == null ? null : bytes / mib);
  const columns = [
    kept.map((memory) => inMib(memory?.workersBytes)),
    kept.map((memory) => inMib(memory?.coordinatorBytes)),
  ];
  const chart = timeChart(report, 'MiB', columns, [
    { label: 'workers', color: 'blue' },
    { label: 'coordinator', color: 'orange' },
  ]);
  const caption = 'Resident, the most in each interval; all workers together.';
  return [{ id: 'memory', title: 'Memory of the generator', caption, chart }];
}
