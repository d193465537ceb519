import { describe, expect, it } from 'vitest';
import { SampleBox } from '../../src/worker/samples.js';

describe('the samples of failures', () => {
  it('are one of each kind, whose words alone are made', () => {
    const box = new SampleBox();
    box.add('timeouts', () => 'the first');
    box.add('timeouts', () => {
      throw new Error('made all the same');
    });
    expect(box.take()).toEqual([{ kind: 'timeouts', message: 'the first', count: 2 }]);
    expect(box.take()).toEqual([]);
  });

  it('of more kinds than are kept are counted together', () => {
    const box = new SampleBox();
    for (let i = 0; i < 60; i++) box.add(`kind ${i}`, `case ${i}`);
    const samples = box.take();
    expect(samples).toHaveLength(51);
    expect(samples.at(-1)).toEqual({ kind: 'other', message: 'case 50', count: 10 });
  });
});
