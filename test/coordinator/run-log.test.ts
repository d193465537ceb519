import { describe, expect, it } from 'vitest';
import { RunLog } from '../../src/coordinator/run-log.js';

describe('the log of a run', () => {
  it('puts what happened at its run time, and what was before the start at 0', () => {
    let nowUs = -50_000;
    const log = new RunLog(() => nowUs);
    log.note('warning', 'early');
    nowUs = 2_500_000;
    log.note('targetLost', 'now');
    log.note('steered', 'soon', 2_600_000);
    expect(log.events.map(({ atMs, message }) => [atMs, message])).toEqual([
      [0, 'early'],
      [2500, 'now'],
      [2600, 'soon'],
    ]);
  });

  it('lets a mark that grows keep its place', () => {
    const log = new RunLog(() => 0);
    log.mark({ atUs: 1000, steps: 1, message: 'one step' });
    log.note('warning', 'between', 1500);
    log.mark({ atUs: 1000, steps: 2, message: 'two steps' });
    log.mark({ atUs: 9000, steps: 1, message: 'another' });
    expect(log.events.map(({ message }) => message)).toEqual(['two steps', 'between', 'another']);
  });

  it('has the outcome that weighs most', () => {
    const log = new RunLog(() => 0);
    expect(log.outcome).toBe('ok');
    log.reckonWith('thresholdsFailed');
    log.reckonWith('workerLost');
    expect(log.outcome).toBe('workerLost');
    log.reckonWith('stopped');
    expect(log.outcome).toBe('stopped');
  });
});
