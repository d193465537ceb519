import type { Report, TimelineWindow } from '../report.js';
import type { ChartSeries } from './chart-data.js';
import { type TitledChart, timeChart } from './charts.js';

/** What happened when: clients, packets, errors. */
export function flowCharts(report: Report): TitledChart[] {
  const { timeline, generator } = report;
  if (timeline.length === 0) return [];
  const planned = timeline.map(({ atMs, widthMs }) => plannedAt(report, atMs + widthMs));
  const of = (read: (window: TimelineWindow) => number | null) => timeline.map(read);
  const area = (label: string, color: string): ChartSeries => ({ label, color, filled: true });
  const charts: TitledChart[] = [
    {
      id: 'clients',
      title: 'Clients',
      caption: 'Connected at the end of each interval, and planned.',
      chart: timeChart(
        report,
        'clients',
        [of(({ connected }) => connected), planned],
        [area('connected', 'blue'), { label: 'planned', color: 'muted', dashed: true }],
      ),
    },
    {
      id: 'errors',
      title: 'Errors',
      caption: 'Failed attempts a second.',
      chart: timeChart(report, '/s', [of(({ errors }) => errors)], [area('errors', 'vermilion')]),
    },
    {
      id: 'sent',
      title: 'Packets sent',
      caption: 'A second, all clients together.',
      chart: timeChart(report, '/s', [of(({ packetsSent }) => packetsSent)], [area('sent', 'green')]),
    },
    {
      id: 'received',
      title: 'Packets received',
      caption: 'A second, all clients together.',
      chart: timeChart(report, '/s', [of(({ packetsReceived }) => packetsReceived)], [area('received', 'purple')]),
    },
  ];
  if (generator.contaminatedValues === 0) return charts;
  const shares = of(({ contaminatedShare }) => contaminatedShare && contaminatedShare * 100);
  const title = 'Values that may owe much to the generator';
  const caption =
    'Of those that arrived in each interval: more than 2 ms and more than a tenth may be the generator’s.';
  return [
    ...charts,
    { id: 'contaminated', title, caption, chart: timeChart(report, '%', [shares], [area('share', 'orange')]) },
  ];
}

/** How many clients the stages want at a time. */
function plannedAt({ stages }: Report, ms: number): number | null {
  const i = stages.findIndex(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
  const stage = stages[i];
  if (stage === undefined) return null;
  const before = stages[i - 1]?.target ?? 0;
  return before + ((stage.target - before) * (ms - stage.fromMs)) / (stage.toMs - stage.fromMs);
}
