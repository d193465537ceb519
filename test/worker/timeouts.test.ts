import { describe, expect, it } from 'vitest';
import { Session } from '../../src/core/index.js';
import type { Plan } from '../../src/scenario/plan.js';
import { ask, kind, planOf, unnamed } from '../support/plans.js';
import { Rehearsal } from './rehearsal.js';

/** A server that answers whatever comes with the same bytes. */
class Parrot extends Session {
  readonly #answer: Buffer;

  constructor(answer: Buffer) {
    super();
    this.#answer = answer;
  }

  protected override onConnected(): void {}

  protected override onRecv(_buffer: Uint8Array, start: number, end: number): number {
    this.send(this.#answer);
    return end - start;
  }

  protected override onDisconnected(): void {}
}

/** What the report shows beside `timeouts`, of a server that answers like this. */
async function wordsOf(plan: Plan, answer: Buffer): Promise<string | undefined> {
  const rehearsal = new Rehearsal(plan, { accept: () => new Parrot(answer) });
  await rehearsal.play(5000);
  const samples = rehearsal.messages.flatMap((message) => (message.type === 'snapshot' ? message.samples : []));
  return samples.find(({ kind }) => kind.startsWith('timeouts'))?.message;
}

const line = unnamed('text', { kind: 'constant', value: 'PING' }, { matches: [{ kind: 'line', text: '+PONG' }] });
const json = unnamed(
  'json',
  { kind: 'json', parts: ['{}'] },
  { matches: [{ kind: 'json', members: { '/type': 'pong' } }] },
);
const bytes = unnamed('bytes', { kind: 'bytes', hex: '0102' }, { matches: [{ kind: 'bytes', pattern: '90*' }] });
const packet = planOf([kind({ loop: [ask()] })]);

describe('a timeout says what came in place of the reply', () => {
  it.each([
    ['another line', line, Buffer.from('PONG\n'), 'what came last was `PONG`'],
    ['a long line', line, Buffer.from(`${'x'.repeat(100)}\n`), `what came last was \`${'x'.repeat(60)} …\``],
    ['another value', json, Buffer.from('{"type": "error"}\n'), 'what came last was `{"type":"error"}`'],
    ['other bytes', bytes, Buffer.from('9101020a', 'hex'), 'what came last was 91 01 02, as text `···`'],
    [
      'lines where packets have a header',
      packet,
      Buffer.from('PONG 1, 2 and 3\r\n'),
      'a packet had begun to come, and 17 bytes of it were there, of 20304 by its header: 50 4f 4e 47 20 31 2c 20 32 20 61 6e 64 20 33 0d …, as text `PONG 1, 2 and 3 `',
    ],
    [
      'a line without an end',
      line,
      Buffer.from('+PONG'),
      'a packet had begun to come, and 5 bytes of it were there: 2b 50 4f 4e 47, as text `+PONG`',
    ],
  ])('%s', async (_what, plan, answer, words) => {
    expect((await wordsOf(plan, answer))?.split('no reply within 2000 ms; ')).toEqual([expect.any(String), words]);
  });

  it('or nothing, where nothing came', async () => {
    expect(await wordsOf(line, Buffer.alloc(0))).toMatch(/no reply within 2000 ms$/);
  });
});
