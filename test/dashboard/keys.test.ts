import { describe, expect, it } from 'vitest';
import { keyActions, keyHints } from '../../src/dashboard/keys.js';

const kindsOf = (chunk: string): string[] => keyActions(chunk).map(({ kind }) => kind);

describe('keys', () => {
  it('reads q and Ctrl-C as quit, s as stop, Ctrl-Z as suspend, ? and h as help', () => {
    expect(kindsOf('\u001a')).toEqual(['suspend']);
    expect(kindsOf('q\u0003')).toEqual(['quit', 'quit']);
    expect(kindsOf('s?h')).toEqual(['stop', 'help', 'help']);
  });

  it('reads several keys that came at once, and passes over those without a meaning', () => {
    expect(kindsOf('xqQ')).toEqual(['quit', 'quit']);
  });

  it('reads numbers as pages, tab and shift tab as the next and the one before', () => {
    expect(keyActions('1359')).toEqual([
      { kind: 'page', page: 'overview' },
      { kind: 'page', page: 'latency' },
      { kind: 'page', page: 'log' },
    ]);
    expect(keyActions('\t\u001b[Z')).toEqual([
      { kind: 'turn', by: 1 },
      { kind: 'turn', by: -1 },
    ]);
  });

  it('reads arrows in both forms that terminals send, also several at once', () => {
    expect(keyActions('\u001b[A\u001bOB\u001b[6~')).toEqual([
      { kind: 'scroll', to: 'up' },
      { kind: 'scroll', to: 'down' },
      { kind: 'scroll', to: 'pageDown' },
    ]);
    expect(keyActions('\u001b[C\u001b[D')).toEqual([
      { kind: 'sort', by: 1 },
      { kind: 'sort', by: -1 },
    ]);
  });

  it('reads what changes the load', () => {
    expect(keyActions('p+-cC')).toEqual([
      { kind: 'pause' },
      { kind: 'rate', factor: 1.25 },
      { kind: 'rate', factor: 0.8 },
      { kind: 'clientShare', share: 0.1 },
      { kind: 'clientShare', share: -0.1 },
    ]);
  });

  it('takes no other escape sequence for a key, whatever letters it has, complete or not', () => {
    for (const sequence of [
      '\u001b[200~qs\u001b[201~',
      '\u001b[200~q',
      '\u001bOq',
      '\u001bq',
      '\u001b[1;5q',
      '\u001b[5',
    ]) {
      expect(keyActions(sequence)).toEqual([]);
    }
    expect(kindsOf('\u001b')).toEqual(['closeHelp']);
  });

  it('takes no word of Object.prototype for a key', () => {
    expect(kindsOf('x')).toEqual([]);
    expect(kindsOf('\u001b[constructor')).not.toContain(undefined);
  });

  it('names Ctrl-C where no key reaches the dashboard', () => {
    const situation = { keyboard: false, stopping: false, paused: null, sorts: true, scrolls: true };
    expect(keyHints(situation)).toEqual([{ key: 'Ctrl-C', label: 'stop' }]);
  });

  it('names what the keys do now', () => {
    const situation = { keyboard: true, stopping: true, paused: null, sorts: false, scrolls: true };
    expect(keyHints(situation).map(({ label }) => label)).toEqual(['stop at once', 'help', 'scroll']);
    expect(keyHints({ ...situation, paused: true }).map(({ label }) => label)).toContain('go on');
    expect(keyHints({ ...situation, paused: false }).map(({ label }) => label)).toContain('pause');
  });
});
