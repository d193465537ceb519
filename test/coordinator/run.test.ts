import { loadScenario, run } from 'tcp-swarm';
import { describe, expect, it } from 'vitest';

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
});
