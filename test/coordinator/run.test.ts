import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario, type RunProgress, run } from 'tcp-swarm';
import { describe, expect, it } from 'vitest';
import { ReportFolder } from '../e2e/swarm.js';
import { childrenOf } from '../support/processes.js';

const plan = () => loadScenario('echo', { overrides: { clients: '4', duration: '60s' }, env: {} }).plan;

describe('a run', () => {
  it('that the user ends at once before it starts has lost nothing', async () => {
    const stop = AbortSignal.abort();
    const { outcome, events, workers, totals } = await run(plan(), { workers: 2, stop, abort: stop });
    expect(outcome).toBe('stopped');
    expect(events.map(({ kind }) => kind).filter((kind) => kind !== 'warning')).toEqual(['stopped', 'aborted']);
    expect(workers.map(({ lost }) => lost)).toEqual([false, false]);
    expect(totals.counter('disconnects', {}, 'wholeRun')).toBe(0);
  });

  it.each(['starting', 'connecting', 'running', 'stopping'] as const)(
    'whose onProgress throws when it is %s ends, and rejects with what was thrown',
    async (moment) => {
      const mine = new Error('mine');
      const stop = new AbortController();
      const heard: string[] = [];
      const onProgress = ({ status }: RunProgress): void => {
        heard.push(status);
        if (status === moment) throw mine;
        if (status === 'running') stop.abort();
      };
      await expect(run(plan(), { workers: 1, stop: stop.signal, onProgress })).rejects.toBe(mine);
      expect(heard.filter((status) => status === moment)).toHaveLength(1);
      expect(heard.at(-1)).toBe(moment);
      if (process.platform === 'linux') expect(childrenOf(process.pid)).toEqual([]);
    },
  );

  it('that is ended at once has lost a worker that does not leave, and says that it is stuck', async () => {
    using folder = new ReportFolder();
    const mark = join(folder.path, 'mark');
    const stuck = `import { writeFileSync } from 'node:fs';
import { Bot } from 'tcp-swarm';
export default class Stuck extends Bot {
  onStart() {
    writeFileSync(${JSON.stringify(mark)}, '');
    for (;;) {}
  }
}`;
    const scenario = join(folder.path, 'scenario.yaml');
    writeFileSync(join(folder.path, 'stuck.ts'), stuck);
    writeFileSync(
      scenario,
      `target: embedded:echo
protocol: { packets: { definitions: { Echo: { id: 1, fields: { n: u32 } } } } }
load: { clients: 1, duration: 60s }
clients: { mine: { bot: ./stuck.ts } }
`,
    );
    const abort = new AbortController();
    const running = run(loadScenario(scenario, { env: {} }).plan, { workers: 1, abort: abort.signal });
    await expect.poll(() => existsSync(mark), { timeout: 30_000 }).toBe(true);
    abort.abort();
    const { outcome, events, workers } = await running;
    expect(outcome).toBe('stopped');
    expect(workers[0]?.lost).toBe(true);
    expect(events.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'aborted: the run was ended at once by the user',
      expect.stringMatching(
        /^workerLost: worker 0 \(pid \d+\) has not left for 5 s and is ended: its process is stuck, as by a bot/,
      ),
      expect.stringMatching(/^workerLost: worker 0 .* was lost with its 1 client; it was ended by SIGKILL/),
    ]);
  });
});
