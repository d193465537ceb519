import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import { wireFraming } from '../../src/scenario/wire-framing.js';
import { kindProblems, load, loadKind, scenarioWith } from './scenario-files.js';

describe('faults in a scenario', () => {
  it('have every default filled in: of all, at all times, and clients that come back', () => {
    const { faults, reconnect } = loadKind('{ faults: [ { mutate: {} }, { glue: {} }, { wrongSize: {} } ] }');
    const always = { share: 1, fromMs: 0, untilMs: null };
    expect(faults).toEqual([
      { fault: 'mutate', of: 'packets', bytes: { min: 1, max: 4 }, ...always },
      { fault: 'glue', of: 'connections', bytes: { min: 7, max: 1400 }, waitMs: 200, ...always },
      { fault: 'wrongSize', of: 'packets', sizes: [0, 1, 'short', 'larger', 'largest'], ...always },
    ]);
    expect(reconnect).toEqual({ afterMs: 1000, maxMs: 1000 });
  });

  it('may be named alone, and are named where there is none of that name', () => {
    expect(loadKind('{ faults: [ mutate, glue ] }').faults).toEqual(
      loadKind('{ faults: [ mutate: {}, glue: {} ] }').faults,
    );
    const [alone, mapping, ...close] = kindProblems('{ faults: [ explode, explode: {}, mutat, mutat: {} ] }');
    expect(alone).toMatch(/^`explode` is not a fault \(write one of fragment, /);
    expect(mapping).toMatch(/^`explode` is not a key of a fault \(write one of fragment, /);
    expect(close).toEqual([
      '`mutat` is not a fault (did you mean `mutate`?)',
      '`mutat` is not a key of a fault (did you mean `mutate`?)',
    ]);
  });

  it('must begin before the run ends, unless an option of the command line shortens it', () => {
    const late = '{ faults: [ mutate: { from: 11s }, silence: { from: 9s } ] }';
    expect(kindProblems(late)).toEqual([
      'the run ends at 10.01s: the fault would never be played (write a time before 10.01s, or let the run last longer)',
    ]);
    expect(load(scenarioWith('{ faults: [ mutate: { from: 9s } ] }'), { duration: '5s' }).kinds).toHaveLength(1);
  });

  it('take numbers, ranges, rates and times as they are written', () => {
    const { faults, reconnect } = loadKind(
      "{ reconnect: { after: 2s }, faults: [ { randomBytes: { bytes: 7, rate: 30/m, from: 1s, until: 1m } }, { readSlowly: { rate: 2.5KiB/s, share: '50 %' } }, { halfOpen: { after: start } } ] }",
    );
    expect(faults).toEqual([
      {
        fault: 'randomBytes',
        of: 'packets',
        bytes: { min: 7, max: 7 },
        ratePerSec: 0.5,
        fromMs: 1000,
        untilMs: 60_000,
      },
      { fault: 'readSlowly', of: 'connections', bytesPerSec: 2560, share: 0.5, fromMs: 0, untilMs: null },
      { fault: 'halfOpen', of: 'connections', afterMs: 'start', share: 1, fromMs: 0, untilMs: null },
    ]);
    expect(reconnect).toMatchObject({ afterMs: 2000 });
  });

  it('are refused where a kind of clients has a bot that broadcasts', () => {
    const problems = kindProblems('{ bot: ./none.ts, broadcasts: [ S_Chat ], faults: [ { mutate: {} } ] }');
    expect(problems.join('\n')).toContain('clients with faults cannot start a broadcast that is measured');
  });

  it('of the README are valid', () => {
    const [, example = ''] = /## Faults[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    const { kinds } = load(`target: embedded:chat\nload: { clients: 100, duration: 60s }\n${example}`);
    expect(kinds.map(({ faults }) => faults.length)).toEqual([0, 2]);
  });
});

describe('what a framing shows on the wire under a transform', () => {
  it('is all of it where nothing, or the body alone, is covered', () => {
    expect(wireFraming(serverCoreFraming, null)).toBe(serverCoreFraming);
    expect(wireFraming(serverCoreFraming, 'body')).toMatchObject({ idOffset: 2, headerSize: 4 });
  });

  it('is the length, and no id that stands behind it, where all behind the length is covered', () => {
    const { idOffset, idLength, ...rest } = serverCoreFraming;
    expect(wireFraming(serverCoreFraming, 'afterLength')).toEqual({ ...rest, headerSize: 2 });
    const idFirst: LengthFraming = { ...serverCoreFraming, lengthFieldOffset: 2, idOffset: 0, lengthAdjustment: -4 };
    expect(wireFraming(idFirst, 'afterLength')).toMatchObject({ idOffset: 0, headerSize: 4 });
  });

  it('is nothing where every byte is covered', () => {
    expect(wireFraming(serverCoreFraming, 'stream')).toEqual({ kind: 'raw' });
  });
});
