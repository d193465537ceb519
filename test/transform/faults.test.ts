import { expect, it } from 'vitest';
import { always } from '../faults/rig.js';
import { kind, number, planOf, tell } from '../support/plans.js';
import { marking, rehearse } from './transform-rehearsal.js';

it('faults are played on what the transform made of each packet, also where the wire shows no packets and several go out together', async () => {
  const covers = 'stream';
  const vandal = kind({
    start: [tell(number(1)), tell(number(2)), tell(number(3))],
    faults: [always({ fault: 'overlong', of: 'packets', share: 1, bytes: { min: 1, max: 1 } })],
  });
  const plan = planOf([vandal]);
  const transform = { file: 'cipher.ts', digest: '', options: {}, covers } as const;
  const protocol = { ...plan.protocol, preamble: [0xca, 0xfe], transform };
  const { rehearsal, wires } = rehearse({ ...plan, protocol }, { make: () => marking, covers });
  await rehearsal.play(2000);
  // The preamble, which no fault touches, and three packets with a byte behind them.
  expect(wires[0]!.hex).toMatch(/^ffcbff(ff0901040102010101..)(ff0901040103010101..)(ff0901040104010101..)$/);
  expect(rehearsal.totals.counter('faults_played', { fault: 'overlong' }, 'wholeRun')).toBe(3);
});
