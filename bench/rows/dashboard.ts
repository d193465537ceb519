import { thisBuild } from '../harness/paths.js';
import { type Played, play } from '../harness/play.js';
import { type Row, subject } from '../harness/row.js';
import { startEchoServer } from '../harness/yardstick.js';

function dashboardRow(percentile: 'responseP50Ms' | 'responseP99Ms', word: string): Row {
  return {
    name: `dashboard-${word}`,
    what: `response time ${word} with the dashboard on against off, 1,000 connections × 5 packets a second, open loop`,
    unit: 'ms',
    // No measurable change: within what two runs without a dashboard differ by.
    goals: [{ what: 'times the run without', read: (median) => median(subject) / median('off'), atMost: 1.1 }],
    async prepare({ yardstick }) {
      const { port, stop } = await startEchoServer(yardstick);
      const playWith = (dashboard: boolean): Promise<Played> =>
        play({ build: thisBuild, scenario: 'gentle', port, dashboard });
      return {
        contenders: [
          { name: subject, run: async () => (await playWith(true))[percentile] },
          { name: 'off', run: async () => (await playWith(false))[percentile] },
        ],
        close: stop,
      };
    },
  };
}

export const dashboardMedian = dashboardRow('responseP50Ms', 'p50');
export const dashboardTail = dashboardRow('responseP99Ms', 'p99');
