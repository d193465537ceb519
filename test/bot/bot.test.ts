import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BotClass } from '../../src/bot/bot-kind.js';
import { NoReply } from '../../src/bot/no-reply.js';
import type { FieldDefinition } from '../../src/packets/index.js';
import { kind, news, paced, planOf, tell } from '../support/plans.js';
import { type Peer, Rehearsal } from '../worker/rehearsal.js';
import { ids, rehearse, samplesOf, TestBot } from './bot-rehearsal.js';

const answering = (peer: Peer, id: number, n: number): void => {
  if (id === ids.ask) peer.say(ids.answer, n);
};

function disconnects({ totals }: Rehearsal, cause: string): number {
  return totals.counter('disconnects', { cause }, 'wholeRun');
}

describe('the life of a bot', () => {
  it('starts when onStart resolves, plays when the barrier opens, says goodbye, and leaves as planned', async () => {
    const events: string[] = [];
    const told: number[] = [];
    class Player extends TestBot {
      override async onStart(): Promise<void> {
        await this.sleep(500);
        events.push('started');
      }
      override onPlay(): void {
        events.push('playing');
      }
      override onLeave(): void {
        events.push('leaving');
        this.send('C_Tell', { n: 99 });
      }
    }
    const plan = planOf([kind()], { begin: 'together' });
    const run = rehearse(Player, { plan, onPacket: (_peer, _id, n) => told.push(n) });
    await run.play(400);
    expect(run.messages.some(({ type }) => type === 'started')).toBe(false);
    await run.advance(200);
    expect(run.messages.some(({ type }) => type === 'started')).toBe(true);
    await run.advance(1000);
    expect(events).toEqual(['started']);
    run.worker.begin(2_000_000);
    await run.advance(1000);
    expect(events).toEqual(['started', 'playing']);
    await run.advance(20_000);
    expect(events).toEqual(['started', 'playing', 'leaving']);
    expect(told).toEqual([99]);
    expect(disconnects(run, 'planned')).toBe(1);
    expect(run.finished).toBe(true);
  });

  it('has its place, its row, its options and its environment', async () => {
    const seen: unknown[] = [];
    class Curious extends TestBot {
      override onStart(): void {
        seen.push([this.index, this.data, this.options, this.env.WHERE]);
      }
    }
    const data = { columns: ['name'], rows: [['ann'], ['bob']] };
    const plan = planOf([kind({ data })], { maxClients: 2 });
    await rehearse(Curious, { plan, options: { pace: 3 } }).play(100);
    expect(seen).toEqual([
      [0, { name: 'ann' }, { pace: 3 }, 'here'],
      [1, { name: 'bob' }, { pace: 3 }, 'here'],
    ]);
  });

  it('has a new instance for each connection; the code of the old one stops where it stands', async () => {
    const lives: string[] = [];
    let born = 0;
    class Phoenix extends TestBot {
      readonly #life = ++born;
      override async onStart(): Promise<void> {
        lives.push(`${this.#life} begins`);
        if (this.#life > 1) return;
        this.on('S_Answer', () => this.disconnect({ comeBack: true }));
        this.send('C_Ask', { n: 1 });
        await this.sleep(500);
        lives.push('slept on');
      }
    }
    const run = rehearse(Phoenix, { onPacket: answering });
    await run.play(3000);
    expect(lives).toEqual(['1 begins', '2 begins']);
    expect(run.totals.counter('lost_replies', {}, 'wholeRun')).toBe(0);
  });

  it('reconnects after it was dropped, as any client', async () => {
    let born = 0;
    class Dropped extends TestBot {
      override onStart(): void {
        born++;
      }
    }
    const plan = planOf([kind({ reconnect: { afterMs: 100, maxMs: 100 } })]);
    const run = rehearse(Dropped, { plan });
    await run.play(1000);
    run.peers[0]?.disconnect();
    await run.advance(1000);
    expect(born).toBe(2);
  });

  it('draws the same numbers from the same seed', async () => {
    const draw = async (): Promise<number[]> => {
      const drawn: number[] = [];
      class Gambler extends TestBot {
        override onStart(): void {
          drawn.push(this.random.int(1, 1_000_000), this.random.double());
        }
      }
      await rehearse(Gambler).play(100);
      return drawn;
    };
    expect(await draw()).toEqual(await draw());
  });
});

describe('what a bot sends and hears', () => {
  it('measures a request as a closed send with expect is measured', async () => {
    const replies: number[] = [];
    class Asker extends TestBot {
      override async onPlay(): Promise<void> {
        for (let n = 1; n <= 3; n++) {
          const reply = await this.request('C_Ask', { n }, 'S_Answer');
          replies.push(reply.n);
          await this.sleep(100);
        }
      }
    }
    const run = rehearse(Asker, { onPacket: answering });
    await run.play(5000);
    expect(replies).toEqual([1, 2, 3]);
    const closed = { packet: 'C_Ask', client: 'bot', step: 'bot.bot', arrival: 'closed' };
    expect(run.totals.trend('service_time', closed)?.count).toBe(3);
    expect(run.totals.trend('response_time')).toBeUndefined();
    expect(run.totals.counter('packets_sent', { packet: 'C_Ask' })).toBe(3);
  });

  it('tells replies apart by the fields of where, in whatever order they come', async () => {
    const replies: string[] = [];
    class Pair extends TestBot {
      override async onPlay(): Promise<void> {
        const ask = async (n: number): Promise<void> => {
          const reply = await this.request('C_Ask', { n }, 'S_Answer', { where: { n } });
          replies.push(`${n} got ${reply.n}`);
        };
        await Promise.all([ask(1), ask(2)]);
      }
    }
    const waiting: number[] = [];
    const run = rehearse(Pair, {
      onPacket(peer, _id, n) {
        waiting.push(n);
        if (waiting.length === 2) for (const other of waiting.toReversed()) peer.say(ids.answer, other);
      },
    });
    await run.play(1000);
    expect(replies).toEqual(['2 got 2', '1 got 1']);
  });

  it('hears every packet by name, also one that is waited for; its handlers first', async () => {
    const heard: string[] = [];
    class Listener extends TestBot {
      override async onStart(): Promise<void> {
        this.on('S_News', ({ n }) => heard.push(`on ${n}`));
        const { n } = await this.expect('S_News');
        heard.push(`expect ${n}`);
      }
      override onPacket(name: string, fields: { n: number }): void {
        heard.push(`${name} ${fields.n}`);
      }
    }
    const run = rehearse(Listener);
    await run.play(100);
    run.peers[0]?.say(ids.news, 7);
    await run.advance(100);
    expect(heard).toEqual(['on 7', 'S_News 7', 'expect 7']);
  });

  it('can catch a reply that does not come, which counts as a timeout', async () => {
    const caught: unknown[] = [];
    class Patient extends TestBot {
      override async onPlay(): Promise<void> {
        try {
          await this.request('C_Ask', { n: 1 }, 'S_Answer', { timeoutMs: 300 });
        } catch (error) {
          caught.push(error);
        }
      }
    }
    const run = rehearse(Patient);
    await run.play(20_000);
    expect(caught).toEqual([expect.any(NoReply)]);
    expect(caught).toMatchObject([{ reason: 'timeout', message: 'S_Answer did not come within 300 ms' }]);
    expect(run.totals.counter('timeouts', { packet: 'C_Ask' })).toBe(1);
    expect(run.totals.trend('service_time')?.unanswered).toBe(1);
    expect(disconnects(run, 'planned')).toBe(1);
  });

  it('ends by a timeout that it does not catch, as a list does; that is no error of its own', async () => {
    class Impatient extends TestBot {
      override async onStart(): Promise<void> {
        await this.expect('S_News', { timeoutMs: 300 });
      }
    }
    const run = rehearse(Impatient);
    await run.play(20_000);
    expect(disconnects(run, 'timeout')).toBe(1);
    expect(run.totals.counter('bot_errors', {}, 'wholeRun')).toBe(0);
  });
});

describe('where', () => {
  it.each(['list', 'array', 'struct', 'bytes'])('does not compare a field of type %s', async (type) => {
    const extra = {
      list: { item: 'x', fields: [] },
      array: { of: { name: '', type: 'int' } },
      struct: { fields: [] },
      bytes: {},
    };
    const field = { name: 'many', type, ...extra[type as keyof typeof extra] } as FieldDefinition;
    const plan = planOf([kind()]);
    const news = { name: 'S_News', id: 4, direction: 'toClient', fields: [field] } as const;
    const packets = { format: 'pdl', packets: [news] } as const;
    class Curious extends TestBot {
      override async onStart(): Promise<void> {
        await this.expect('S_News', { where: { many: 1 } as never });
      }
    }
    const run = rehearse(Curious, { plan: { ...plan, protocol: { ...plan.protocol, packets } } });
    await run.play(1000);
    expect(Object.keys(samplesOf(run)).join()).toContain(`S_News.many is of type ${type}`);
  });
});

describe('a bot whose run is steered by hand', () => {
  it('makes no call of every while it is paused, sleeps on with what was left, and still answers', async () => {
    const told: string[] = [];
    class Steered extends TestBot {
      override async onStart(): Promise<void> {
        this.on('S_News', () => this.send('C_Ask', { n: 3 }));
      }
      override async onPlay(): Promise<void> {
        this.every(100, () => this.send('C_Tell', { n: 1 }));
        await this.sleep(1500);
        this.send('C_Tell', { n: 2 });
      }
    }
    const run = rehearse(Steered, {
      onPacket: (_peer, _id, n) => {
        const ms = run.clock.nowUs() / 1000;
        told.push(`${n} ${ms < 1000 ? 'before' : ms < 4000 ? 'paused' : ms < 4490 ? 'after' : 'later'}`);
      },
    });
    await run.play(950);
    const steered = { type: 'control', rateFactor: 1, clientsBy: 0 } as const;
    run.worker.control({ ...steered, atUs: 1_000_000, paused: true });
    await run.advance(2000);
    run.peers[0]?.say(ids.news, 1);
    await run.advance(1000);
    run.worker.control({ ...steered, atUs: 4_000_000, paused: false });
    await run.advance(600);
    const count = (what: string): number => told.filter((heard) => heard === what).length;
    expect(count('1 before')).toBe(10);
    expect(told.filter((heard) => heard.endsWith('paused'))).toEqual(['3 paused']);
    expect(count('1 after')).toBe(5);
    expect(told.filter((heard) => heard.startsWith('2'))).toEqual(['2 later']);
  });

  it('does everything twice as often at twice the rate', async () => {
    let calls = 0;
    let rounds = 0;
    class Quick extends TestBot {
      override async onPlay(): Promise<void> {
        this.every({ rate: 10 }, () => calls++);
        for (;;) {
          await this.sleep(100);
          rounds++;
        }
      }
    }
    const run = rehearse(Quick);
    await run.play(950);
    run.worker.control({ type: 'control', atUs: 1_000_000, paused: false, rateFactor: 2, clientsBy: 0 });
    await run.advance(2040);
    expect(calls).toBe(10 + 40);
    expect(rounds).toBeGreaterThanOrEqual(10 + 38);
    expect(rounds).toBeLessThanOrEqual(10 + 40);
  });
});

describe('every', () => {
  it('sends when it is due, and measures from then', async () => {
    class Steady extends TestBot {
      override onPlay(): void {
        this.every(100, () => this.request('C_Ask', { n: 1 }, 'S_Answer'));
      }
    }
    const run = rehearse(Steady, { onPacket: answering });
    await run.play(20_000);
    const open = { packet: 'C_Ask', step: 'bot.bot.every[0]', arrival: 'open' };
    expect(run.totals.trend('response_time', open)?.count).toBe(100);
    expect(run.totals.trend('send_lag')?.count).toBe(100);
    expect(run.totals.trend('service_time', { arrival: 'closed' })).toBeUndefined();
  });

  it('goes on after timeouts, until it is ended', async () => {
    class Stubborn extends TestBot {
      override onPlay(): void {
        const end = this.every({ rate: 10 }, () => this.request('C_Ask', { n: 1 }, 'S_Answer', { timeoutMs: 50 }));
        void this.sleep(1000).then(end);
      }
    }
    const run = rehearse(Stubborn);
    await run.play(20_000);
    expect(run.totals.counter('timeouts')).toBe(10);
    expect(disconnects(run, 'planned')).toBe(1);
  });

  it('is due at exactly the times of an every in YAML, whatever the interval and the seed', async () => {
    const times = async (make: (onPacket: () => void) => Rehearsal): Promise<number[]> => {
      const sent: number[] = [];
      const run: Rehearsal = make(() => sent.push(run.clock.nowUs()));
      await run.play(13_000);
      return sent;
    };
    const law = fc.asyncProperty(
      fc.integer({ min: 50, max: 3000 }),
      fc.integer({ min: 0 }),
      async (intervalMs, seed) => {
        class Metronome extends TestBot {
          override onStart(): void {
            this.every(intervalMs, () => this.send('C_Tell', { n: 1 }));
          }
        }
        const ofBot = await times((onPacket) => rehearse(Metronome, { plan: { ...planOf([kind()]), seed }, onPacket }));
        const yaml = { ...planOf([kind({ every: [paced(intervalMs, tell())] })]), seed };
        expect(ofBot).toEqual(await times((onPacket) => new Rehearsal(yaml, { onPacket })));
      },
    );
    await fc.assert(law, { numRuns: 10 });
  });
});

describe('a broadcast', () => {
  const bot = { file: '/my-bot.ts', digest: '', options: {}, broadcasts: [news] };

  it('is timed for every receiver from when it was due, and its copies are counted', async () => {
    class Speaker extends TestBot {
      override onPlay(): void {
        this.every(250, () => this.broadcast('C_Tell', 'S_News', (stamp) => ({ n: stamp.number | 0 })));
      }
    }
    const run: Rehearsal = rehearse(Speaker, {
      plan: planOf([kind({ bot })], { maxClients: 3 }),
      onPacket(_peer, _id, n) {
        for (const peer of run.peers) if (!peer.closed) peer.say(ids.news, n);
      },
    });
    await run.play(20_000);
    expect(run.totals.counter('packets_sent', { packet: 'C_Tell' })).toBe(3 * 40);
    expect(run.totals.trend('broadcast_time', { packet: 'S_News' })).toMatchObject({ count: 9 * 40, unanswered: 0 });
    expect(run.totals.trend('broadcast_time')?.max).toBeLessThan(5);
    const { hits, total } = run.totals.rate('broadcast_reach', {}, 'wholeRun');
    expect(hits).toBe(total);
    expect(total).toBeGreaterThan(9 * 30);
  });

  it('that the scenario does not name is the bot’s error', async () => {
    class Speaker extends TestBot {
      override onPlay(): void {
        this.broadcast('C_Tell', 'S_Answer', (stamp) => ({ n: stamp.number | 0 }));
      }
    }
    const run = rehearse(Speaker, { plan: planOf([kind({ bot })]) });
    await run.play(1000);
    expect(Object.keys(samplesOf(run)).join()).toContain('write broadcasts: [S_Answer] beside bot');
  });

  it('whose fields cannot be made, or do not fit, is the bot’s error, and is not sent', async () => {
    for (const make of [() => ({ m: 1 }), () => ({ n: 2 ** 40 }), () => JSON.parse('no fields')]) {
      class Speaker extends TestBot {
        override onPlay(): void {
          this.broadcast('C_Tell', 'S_News', make as () => { n: number });
        }
      }
      const run = rehearse(Speaker, { plan: planOf([kind({ bot })]) });
      await run.play(20_000);
      expect(disconnects(run, 'bot')).toBe(1);
      expect(run.totals.counter('packets_sent', {}, 'wholeRun')).toBe(0);
    }
  });
});

describe('what a bot throws', () => {
  const throwing: Readonly<Record<string, BotClass>> = {
    'its constructor': class extends TestBot {
      readonly #never = fail();
      override onStart(): void {
        this.log(String(this.#never));
      }
    },
    onStart: class extends TestBot {
      override onStart(): void {
        fail();
      }
    },
    'onStart, later': class extends TestBot {
      override async onStart(): Promise<void> {
        await this.sleep(100);
        fail();
      }
    },
    onPlay: class extends TestBot {
      override onPlay(): void {
        fail();
      }
    },
    'a handler': class extends TestBot {
      override async onStart(): Promise<void> {
        this.on('S_Answer', fail);
        this.send('C_Ask', { n: 1 });
      }
    },
    'a callback of every': class extends TestBot {
      override onPlay(): void {
        this.every(100, async () => fail());
      }
    },
    onLeave: class extends TestBot {
      override onLeave(): void {
        fail();
      }
    },
  };

  function fail(): never {
    throw new TypeError('no such door');
  }

  it.each(Object.keys(throwing))(
    'in %s ends the client, counts as a failure, and is shown with its place',
    async (where) => {
      const run = rehearse(throwing[where] as BotClass, { onPacket: answering });
      await run.play(20_000);
      expect(disconnects(run, 'bot')).toBe(1);
      expect(run.totals.counter('bot_errors', {}, 'wholeRun')).toBe(1);
      expect(run.totals.rate('errors', {}, 'wholeRun').hits).toBe(1);
      expect(samplesOf(run)).toMatchObject({ 'bot my-bot.ts:3:7: TypeError: no such door': 1 });
      expect(run.finished).toBe(true);
    },
  );

  it.each<[string, (bot: TestBot) => unknown, string]>([
    [
      'a packet',
      (bot) => bot.on('S_Anwser' as 'S_Answer', () => {}),
      'no packet S_Anwser travels to the client, did you mean `S_Answer`?',
    ],
    ['a field', (bot) => bot.send('C_Ask', { m: 1 } as never), 'C_Ask.m: there is no such field'],
    ['a value', (bot) => bot.send('C_Ask', { n: 2 ** 40 }), 'n: 1099511627776'],
    ['where', (bot) => bot.expect('S_News', { where: { x: 1 } as never }), 'S_News has no field x'],
    ['an interval', (bot) => bot.every(0, () => {}), 'every takes milliseconds above 0'],
    ['a counter', (bot) => bot.metric.counter('gold').add(-1), 'the counter gold takes whole numbers'],
    ['a trend', (bot) => bot.metric.trend('way', 'ms').record(Number.NaN), 'the trend way takes numbers'],
  ])('for %s of its own that cannot be says what is wrong', async (_what, act, message) => {
    class Wrong extends TestBot {
      override async onStart(): Promise<void> {
        await act(this);
      }
    }
    const run = rehearse(Wrong);
    await run.play(1000);
    expect(Object.keys(samplesOf(run)).join('\n')).toContain(message);
    expect(disconnects(run, 'bot')).toBe(1);
  });
});

describe('what a bot measures itself', () => {
  it('stands under its own names, checks among the checks, texts among the samples', async () => {
    class Meter extends TestBot {
      override onStart(): void {
        this.metric.counter('gold').add(5);
        this.metric.counter('gold').add();
        this.metric.trend('way', 'ms').record(12.5);
        this.metric.trend('party', 'count').record(4);
        this.check('rich', true);
        this.check('rich', false);
        this.log('hello');
      }
    }
    const run = rehearse(Meter, { plan: planOf([kind()], { maxClients: 2 }) });
    await run.play(20_000);
    expect(run.totals.counter('bot_counter', { name: 'gold' })).toBe(12);
    expect(run.totals.trend('bot_time', { name: 'way' })?.max).toBeCloseTo(12.5, 1);
    expect(run.totals.trend('bot_trend', { name: 'party' })).toMatchObject({ count: 2, max: 4 });
    expect(run.totals.rate('checks', { check: 'rich' })).toEqual({ hits: 2, total: 4 });
    expect(samplesOf(run)).toMatchObject({ 'log hello': 2, 'checks rich': 2 });
  });
});
