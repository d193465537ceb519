import { describe, expect, it } from 'vitest';
import { exposition } from '../../src/export/exposition.js';
import { familiesOf } from '../../src/export/families.js';
import { sampleTotals } from './sample-run.js';

describe('x', () => {
  it('y', async () => {
    console.log(await exposition(familiesOf(sampleTotals()), { scenario: 'Chat "room"', version: '1.2.3' }, 'text'));
    console.log(
      await exposition(familiesOf(sampleTotals()), { scenario: 'Chat "room"', version: '1.2.3' }, 'openmetrics'),
    );
    expect(1).toBe(1);
  });
});
