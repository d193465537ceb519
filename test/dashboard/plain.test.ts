import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/dashboard/plain.js';
import { closedLoopTotals, saturatedTotals } from '../report/sample-run.js';
import { sampleInput } from './sample-input.js';

describe('a progress line', () => {
  it('says in one line how the run stands', () => {
    expect(progressLine(sampleInput({ message: 'worker 1 was lost' }))).toBe(
      '00:42 / 01:10  running  1,000 clients  sent 4,000/s, received 3.98M/s (238 MiB/s)  ' +
        'response time p50 136 ms p99 339 ms  16 errors  1 threshold failing  worker 1 was lost',
    );
  });

  it('says where the generator does not keep up', () => {
    expect(progressLine(sampleInput({ totals: saturatedTotals() }))).toContain('  generator saturated');
    expect(progressLine(sampleInput())).not.toContain('generator');
  });

  it('gives a closed loop with the rate it reached', () => {
    expect(progressLine(sampleInput({ totals: closedLoopTotals(), thresholds: [] }))).toContain(
      'service time, closed loop at 50/s p50 25.0 ms p99 49.5 ms',
    );
  });
});
