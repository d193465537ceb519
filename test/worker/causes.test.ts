import { describe, expect, it } from 'vitest';
import { answer, ask, expression, kind, paced, planOf, tell } from '../support/plans.js';
import { Rehearsal } from './rehearsal.js';

/** The words of one case of each kind of failure. */
async function wordsOf(...args: ConstructorParameters<typeof Rehearsal>): Promise<Readonly<Record<string, string>>> {
  const rehearsal = new Rehearsal(...args);
  await rehearsal.play(60_000);
  const samples = rehearsal.messages.flatMap((message) => (message.type === 'snapshot' ? message.samples : []));
  return Object.fromEntries(samples.map(({ kind, message }) => [kind, message]));
}

const tooLarge = expression('3000000000 + send.index');
const tooLargeWords = 'bot.tell: C_Tell.n: 3000000000 is not within -2147483648 to 2147483647';

describe('the report names the step', () => {
  it('whose value did not fit, and the packet once', async () => {
    const words = await wordsOf(planOf([kind({ every: [paced(20_000, tell(tooLarge))] })], { maxClients: 3 }));
    expect(words['dropped_sends encode']).toBe(tooLargeWords);
  });

  it('whose expression failed, and the packet', async () => {
    const plan = planOf([kind({ every: [paced(20_000, tell(expression('1 / send.index')))] })], { maxClients: 3 });
    expect((await wordsOf(plan))['dropped_sends expression']).toMatch(/^bot\.tell: C_Tell: \$\{1 \/ send\.index\}: ./);
  });
});

describe('the most clients connected at once', () => {
  it('count also where none is connected when a second ends', async () => {
    const stages = [0, 500].map((durationMs) => ({ durationMs, target: 3 }));
    const rehearsal = new Rehearsal(planOf([kind()], { maxClients: 3, stages, gracefulStopMs: 100 }));
    await rehearsal.play(60_000);
    expect(rehearsal.totals.timeline.map(({ connected }) => connected)).toEqual([0]);
    expect(rehearsal.totals.mostConnected).toBe(3);
  });
});

describe('a client that gave up says why, and not merely that it closed the connection:', () => {
  it('a value in its list did not fit', async () => {
    const words = await wordsOf(planOf([kind({ start: [tell(tooLarge)] })]));
    expect(words['disconnects script']).toBe(tooLargeWords);
  });

  it('what a reply was to be checked for could not be told', async () => {
    const check = [{ name: 'sound', value: expression('1 / reply.n == 1') }];
    const plan = planOf([kind({ loop: [ask(undefined, answer({ check, fields: ['n'] }))] })]);
    const words = await wordsOf(plan, { onPacket: (peer) => peer.say(2, 0) });
    expect(words['disconnects script']).toMatch(/^bot\.step: \$\{1 \/ reply\.n == 1\}: ./);
  });

  it('no reply came', async () => {
    const words = await wordsOf(planOf([kind({ loop: [ask()] })]));
    expect(words['disconnects timeout']).toBe('bot.step: no reply within 2000 ms');
  });
});
