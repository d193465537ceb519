import { describe, expect, it } from 'vitest';
import { keyActions, keyHints } from '../../src/dashboard/keys.js';

describe('keys', () => {
  it('reads q and Ctrl-C as stop, ? and h as help', () => {
    expect(keyActions('q')).toEqual(['stop']);
    expect(keyActions('\u0003')).toEqual(['stop']);
    expect(keyActions('?h')).toEqual(['help', 'help']);
  });

  it('reads several keys that came at once', () => {
    expect(keyActions('xqQ')).toEqual(['stop', 'stop']);
  });

  it('takes no escape sequence for a key, whatever letters it has', () => {
    expect(keyActions('\u001b[200~q\u001b[201~')).toEqual([]);
    expect(keyActions('\u001bOq')).toEqual([]);
  });

  it('takes no word of Object.prototype for a key', () => {
    expect(keyActions('constructor')).toEqual([]);
  });

  it('names Ctrl-C where no key reaches the dashboard', () => {
    expect(keyHints(false, false)).toEqual([{ key: 'Ctrl-C', label: 'stop' }]);
    expect(keyHints(true, true)[0]).toEqual({ key: 'q', label: 'stop at once' });
  });
});
