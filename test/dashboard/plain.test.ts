import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/dashboard/plain.js';
import { totalsOf } from '../metrics/snapshots.js';
import { closedLoopTotals, saturatedTotals } from '../report/sample-run.js';
import { hostileInput, sampleInput } from './sample-input.js';

describe('a progress line', () => {
  it('says in one line how the run stands', () => {
    expect(
      progressLine(sampleInput({ events: [{ atMs: 40_000, kind: 'workerLost', message: 'worker 1 was lost' }] })),
    ).toBe(
      '00:42 / 01:10  running  1,000 clients  sent 4,000/s, received 3.98M/s (238 MiB/s)  ' +
        'response time p50 136 ms p99 339 ms  16 errors  1 threshold failing  worker 1 was lost',
    );
  });

  it('leaves the reasons of what happened to the summary', () => {
    const lineAfter = (message: string) =>
      progressLine(sampleInput({ events: [{ atMs: 40_000, kind: 'workerLost', message }] }));
    expect(lineAfter('worker 0 was lost; it was ended by SIGKILL; what it had not reported is missing')).toMatch(
      / {2}worker 0 was lost$/,
    );
    expect(lineAfter('x'.repeat(500))).toMatch(/ {2}x{79}…$/);
  });

  it('counts a failure once that stands under two names, and one as one', () => {
    const totals = totalsOf((recorder) => {
      recorder.counter('disconnects', { client: 'a', cause: 'protocol' }).add(1);
      recorder.counter('protocol_errors', { client: 'a', code: 'size-below-header' }).add(1);
    });
    expect(progressLine(sampleInput({ totals }))).toMatch(/ {2}1 error( |$)/);
  });

  it('says what was changed by hand', () => {
    const steering = { paused: false, rateFactor: 1.5625, clientsBy: 10 };
    expect(progressLine(sampleInput({ steering }))).toMatch(/ {2}rate × 1.56 {2}clients \+10$/);
  });

  it('is one line without control characters, whatever the words of an error', () => {
    expect(progressLine(hostileInput())).not.toMatch(/\p{Cc}/u);
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
