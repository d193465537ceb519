import { describe, expect, it } from 'vitest';
import type { Navigation } from '../../src/dashboard/keys.js';
import { firstPlace, navigate, type Place, packetColumns, scrollOf } from '../../src/dashboard/navigation.js';
import { packetsPageOf } from '../../src/dashboard/packets-page.js';
import { viewOf } from '../../src/dashboard/view.js';
import { manyPackets, sampleInput, sampleOf, sampleSurface } from './sample-input.js';

function reached(start: Partial<Place>, ...actions: Navigation[]): Place {
  return actions.reduce((place, action) => navigate(place, action, null), { ...firstPlace, ...start });
}

describe('navigation', () => {
  it('turns the pages round and round, and leaves the help behind', () => {
    const turn: Navigation = { kind: 'turn', by: 1 };
    expect(reached({}, turn).page).toBe('packets');
    expect(reached({}, turn, turn, turn, turn, turn).page).toBe('overview');
    expect(reached({ help: true }, { kind: 'turn', by: -1 })).toMatchObject({ page: 'log', help: false });
  });

  it('sorts packets only, names from A and numbers from the highest', () => {
    const right: Navigation = { kind: 'sort', by: 1 };
    expect(reached({ page: 'log' }, right).sort).toEqual(firstPlace.sort);
    const last = { column: packetColumns - 1, descending: true };
    expect(reached({ page: 'packets', sort: last }, right).sort).toEqual({ column: 0, descending: false });
    expect(reached({}, { kind: 'reverse' }).sort.descending).toBe(false);
  });

  it('scrolls as far as there is something to see', () => {
    const shown = scrollOf(30, 10, 0);
    const scrolled = (top: number, to: 'up' | 'down' | 'pageUp' | 'pageDown' | 'home' | 'end') =>
      navigate({ ...firstPlace, page: 'packets' }, { kind: 'scroll', to }, { ...shown, top }).tops.packets;
    expect(scrolled(0, 'up')).toBe(0);
    expect(scrolled(0, 'pageDown')).toBe(10);
    expect(scrolled(15, 'pageDown')).toBe(20);
    expect(scrolled(15, 'pageUp')).toBe(5);
    expect(scrolled(15, 'home')).toBe(0);
    expect(scrolled(0, 'end')).toBe(20);
  });

  it('follows the end of the log until the user looks further up', () => {
    const surface = sampleSurface(80, 24);
    const samples = Array.from({ length: 30 }, (_, i) => sampleOf(`log ${i}`, 1, `word ${i}`, i * 1000));
    const lastOf = (count: number, place: Place) => {
      const { page } = viewOf(sampleInput({ samples: samples.slice(0, count) }), surface, place);
      if (page.kind !== 'log') throw new Error(`the page is ${page.kind}`);
      return { page, last: page.lines.at(-1)?.text };
    };
    const following: Place = { ...firstPlace, page: 'log' };
    expect(lastOf(20, following).last).toBe('word 19');
    expect(lastOf(30, following).last).toBe('word 29');
    const higher = navigate(following, { kind: 'scroll', to: 'up' }, lastOf(20, following).page.scroll);
    expect(lastOf(20, higher).last).toBe('word 18');
    expect(lastOf(30, higher).last).toBe('word 18');
    const end = navigate(higher, { kind: 'scroll', to: 'end' }, lastOf(30, higher).page.scroll);
    expect(lastOf(30, end).last).toBe('word 29');
  });
});

describe('the table of packets', () => {
  const namesBy = (column: number, descending: boolean) =>
    packetsPageOf(manyPackets(), { ...firstPlace, sort: { column, descending } }, 76, 8).table.rows.map(
      ({ name }) => name,
    );

  it('sorts by every column, both ways round', () => {
    expect(namesBy(0, false)[0]).toBe('C_Move00');
    expect(namesBy(0, true)[0]).toBe('S_World');
    expect(namesBy(1, true)[0]).toBe('C_Move39');
    expect(namesBy(2, true)[0]).toBe('S_World');
    expect(namesBy(3, true)[0]).toBe('S_World');
    for (const percentile of [4, 5, 6]) expect(namesBy(percentile, true)[0]).toBe('C_Move39');
    expect(namesBy(7, true)[0]).toBe('C_Move07');
  });

  it('keeps equal rows in the order of their names', () => {
    expect(namesBy(7, true).slice(1, 4)).toEqual(['C_Move00', 'C_Move01', 'C_Move02']);
  });

  it('knows the way through as many columns as it has', () => {
    expect(() => namesBy(packetColumns - 1, true)).not.toThrow();
    expect(() => namesBy(packetColumns, true)).toThrow(TypeError);
  });
});
