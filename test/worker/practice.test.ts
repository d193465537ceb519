import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/core/index.js';
import type { Plan, TransformPlan, ValueTemplate } from '../../src/scenario/plan.js';
import { practise } from '../../src/worker/practice.js';
import { announce, answer, ask, expression, kind, paced, pause, planOf, tell, unnamed } from '../support/plans.js';

/** Lets practice take as long as it needs. */
const patient: Clock = { ...systemClock, nowUs: () => 0 };

const enough = 1000;

const constant = (value: string): ValueTemplate => ({ kind: 'constant', value });

function practised(plan: Plan, clock = patient): Promise<number> {
  const endPoints = [{ host: 'memory', port: 1 }];
  return practise({ type: 'init', worker: 0, workers: 4, plan, endPoints }, clock, enough);
}

const cases: Readonly<Record<string, Plan>> = {
  'an open loop, however slow': planOf([kind({ every: [paced(60_000, ask())] })]),
  'a closed loop that rests between rounds': planOf([kind({ loop: [ask(), pause(60_000)] })]),
  'what a start list saved': planOf([
    kind({
      start: [ask(expression('1'), answer({ save: [{ name: 'n', value: expression('reply.n') }], fields: ['n'] }))],
      every: [paced(100, tell(expression('saved.n')))],
    }),
  ]),
  'replies told apart by a field': planOf([
    kind({
      loop: [
        ask(
          expression('send.index'),
          answer({ where: [{ field: 'n', value: expression('send.index') }], fields: ['n'] }),
        ),
      ],
    }),
  ]),
  broadcasts: planOf([kind({ every: [paced(1000, announce())] })], { maxClients: 20 }),
  'clients that do no more than log in': planOf([kind({ start: [ask()] })]),
  'answers to what the server asks': planOf([
    kind({
      on: [{ match: { kind: 'packet', packet: 'S_News' }, fields: ['n'], steps: [tell(expression('reply.n'))] }],
    }),
  ]),
  'a list that fails each time': planOf([
    kind({
      loop: [
        tell(),
        ask(expression('1'), answer({ save: [{ name: 'n', value: expression('1 / (reply.n - 1)') }], fields: ['n'] })),
      ],
    }),
  ]),
  'a barrier and a warm-up': planOf([kind({ every: [paced(100, ask())] })], { begin: 'together', warmupMs: 5000 }),
  'lines of text': unnamed('text', constant('PING'), { matches: [{ kind: 'line', text: '+PONG' }] }),
  'JSON told apart by a pointer': unnamed(
    'json',
    { kind: 'json', parts: ['{"seq":', { source: 'send.index', quoted: false }, '}'] },
    {
      matches: [{ kind: 'json', members: { '/type': 'answer' } }],
      where: [{ field: '/seq', value: expression('send.index') }],
      save: [{ name: 'id', value: expression('reply.at("/player/id")') }],
      fields: ['/seq', '/player/id'],
    },
  ),
  'bytes of a pattern': unnamed(
    'bytes',
    { kind: 'bytes', hex: '0102' },
    { matches: [{ kind: 'bytes', pattern: '90??*' }] },
  ),
};

/** A module that is not there: practice has no need of it. */
function transformed(covers: TransformPlan['covers']): Plan {
  const plan = planOf([kind({ loop: [ask()] })]);
  const transform: TransformPlan = { file: '/no/such/cipher.ts', digest: '', options: {}, covers };
  return { ...plan, protocol: { ...plan.protocol, transform } };
}

describe('practice', () => {
  for (const [name, plan] of Object.entries(cases)) {
    it(`gets packets through: ${name}`, async () => {
      expect(await practised(plan)).toBeGreaterThanOrEqual(enough);
    });
  }

  it.each(['body', 'afterLength', 'stream'] as const)(
    'gets packets through a transform, without its code: %s',
    async (covers) => {
      expect(await practised(transformed(covers))).toBeGreaterThanOrEqual(enough);
    },
  );

  it('gives up after a second', async () => {
    let asked = 0;
    const impatient: Clock = { ...systemClock, nowUs: () => asked++ * 400_000 };
    expect(await practised(planOf([kind({ every: [paced(100, ask())] })]), impatient)).toBeLessThan(enough);
  });

  it('does not wait for a plan in which nothing is ever sent', async () => {
    let asked = 0;
    const counting: Clock = { ...systemClock, nowUs: () => asked++ * 1000 };
    expect(await practised(planOf([kind()]), counting)).toBe(0);
  });
});
