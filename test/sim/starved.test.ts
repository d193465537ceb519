import { describe, expect, it } from 'vitest';
import { answering, atOnce } from '../../bench/proof/scripts.js';
import { auditOf } from '../../src/metrics/audit.js';
import { ask, kind, paced, planOf } from '../support/plans.js';
import { Rehearsal } from '../worker/rehearsal.js';

describe('a worker starved of CPU', () => {
  it('is reported as saturated, though its event loop is mostly idle while it runs', async () => {
    const plan = planOf([kind({ every: [paced(100, ask())] })], { maxClients: 20 });
    const rehearsal: Rehearsal = new Rehearsal(plan, {
      onPacket: (peer, _id, n) => script.onRequest(() => peer.say(2, n)),
    });
    const { clock } = rehearsal;
    const script = answering(clock, atOnce);
    // Others have the core for 30 ms, then it is the worker's for 20.
    const lose = (): void => {
      clock.block(30);
      if (!rehearsal.finished) clock.setTimer(20, lose);
    };
    clock.setTimer(20, lose);
    await rehearsal.play(30_000);
    expect(rehearsal.finished).toBe(true);
    const audit = auditOf(rehearsal.totals);
    expect(audit.verdict).toBe('saturated');
    // 60 % of the time, less the first milliseconds of each turn of the others.
    expect(audit.contaminatedShare).toBeGreaterThan(0.45);
    expect(audit.contaminatedShare).toBeLessThan(0.6);
  });
});
