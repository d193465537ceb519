import { loadScenario, type RunProgress, run } from 'tcp-swarm';
import { describe, expect, it } from 'vitest';
import { childrenOf } from '../e2e/swarm.js';

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
});
