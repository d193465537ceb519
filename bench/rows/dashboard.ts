import { median } from '../harness/measure.js';
import { thisBuild } from '../harness/paths.js';
import { play } from '../harness/play.js';
import { type Row, subject } from '../harness/row.js';
import { startEchoServer } from '../harness/yardstick.js';

const off = 'off';

export const dashboard: Row = {
  name: 'dashboard',
  what: 'median response time with the dashboard on against off, 1,000 connections × 5 packets a second, open loop',
  unit: 'ms',
  // No measurable change: two runs without a dashboard differ by as much.
  goals: [{ what: 'times the run without', read: (medians) => medians(subject) / medians(off), atMost: 1.1 }],
  async prepare({ yardstick }) {
    const { port, stop } = await startEchoServer(yardstick);
    const tails: Record<string, number[]> = { [subject]: [], [off]: [] };
    const contender = (name: string) => ({
      name,
      async run() {
        const played = await play({ build: thisBuild, scenario: 'gentle', port, dashboard: name === subject });
        tails[name]!.push(played.responseP99Ms);
        return played.responseP50Ms;
      },
    });
    return {
      contenders: [contender(subject), contender(off)],
      remark: () =>
        `p99: ${Object.entries(tails)
          .map(([name, tail]) => `${name} ${median(tail).toFixed(2)} ms`)
          .join(', ')}`,
      close: stop,
    };
  },
};
