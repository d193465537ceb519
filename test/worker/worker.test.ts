import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/scenario/plan.js';
import { answer, ask, expression, kind, number, paced, pause, planOf, tell } from '../support/plans.js';
import { type Peer, Rehearsal } from './rehearsal.js';

const askId = 1;
const answerId = 2;
const newsId = 4;

/** Answers every question at once. */
const prompt = (peer: Peer, id: number, n: number): void => {
  if (id === askId) peer.say(answerId, n);
};

async function playToEnd(plan: Plan, options: ConstructorParameters<typeof Rehearsal>[1] = {}): Promise<Rehearsal> {
  const rehearsal = new Rehearsal(plan, options);
  await rehearsal.play(60_000);
  expect(rehearsal.finished).toBe(true);
  return rehearsal;
}

const wholeRun = 'wholeRun';

function samplesOf({ messages }: Rehearsal) {
  return messages.flatMap((message) => (message.type === 'snapshot' ? message.samples : []));
}

describe('what a worker used', () => {
  it('before the start is no part of the run', async () => {
    const rehearsal = new Rehearsal(planOf([kind({ loop: [pause(100)] })]));
    const burntUs = 500_000;
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user < burntUs);
    await rehearsal.play(1_500);
    expect(rehearsal.totals.usage[0]?.cpuUs).toBeLessThan(burntUs);
  });
});

describe('a closed loop', () => {
  it('sends the next packet once the answer came, and counts rounds', async () => {
    const plan = planOf([kind({ loop: [ask(), pause(100)] })]);
    const { totals } = await playToEnd(plan, { onPacket: prompt });
    expect(totals.counter('packets_sent', { packet: 'C_Ask' })).toBe(100);
    expect(totals.counter('packets_received', { packet: 'S_Answer' }, wholeRun)).toBe(100);
    expect(totals.counter('iterations')).toBe(99);
    expect(totals.trend('service_time', { arrival: 'closed' })?.count).toBe(100);
    expect(totals.trend('response_time')).toBeUndefined();
  });

  it('stands still while nothing comes, and drops the connection when the time is up', async () => {
    const { totals, peers } = await playToEnd(planOf([kind({ loop: [ask()] })]));
    expect(totals.counter('packets_sent')).toBe(1);
    expect(totals.counter('timeouts', { packet: 'C_Ask' })).toBe(1);
    expect(totals.counter('disconnects', { cause: 'timeout' })).toBe(1);
    expect(peers[0]?.closed).toBe(true);
    const service = totals.trend('service_time');
    expect(service).toMatchObject({ count: 0, unanswered: 1 });
    expect(service?.percentile(50).atLeast).toBe(true);
    expect(service?.percentile(50).value).toBeCloseTo(2000, -1);
  });

  it('goes on after a timeout where the step says so', async () => {
    const plan = planOf([
      kind({ loop: [ask(number(1), answer({ onTimeout: 'continue', timeoutMs: 999 })), pause(1)] }),
    ]);
    const { totals } = await playToEnd(plan);
    expect(totals.counter('packets_sent')).toBe(10);
    expect(totals.counter('timeouts')).toBe(10);
    expect(totals.counter('disconnects', { cause: 'planned' }, wholeRun)).toBe(1);
  });

  it('lets others have a turn after a round that waited for nothing', async () => {
    const plan = planOf([kind({ loop: [tell(), { verb: 'repeat', times: 2, steps: [tell()] }] })], {
      stages: [{ durationMs: 5, target: 1 }],
    });
    const { totals } = await playToEnd(plan);
    // A few rounds of three packets in each turn of 50 µs, for 5 ms; without the turns it would be as many as the queue holds.
    expect(totals.counter('packets_sent', {}, wholeRun) % 3).toBe(0);
    expect(totals.counter('packets_sent', {}, wholeRun)).toBeGreaterThan(150);
    expect(totals.counter('packets_sent', {}, wholeRun)).toBeLessThan(1000);
  });
});

describe('an open loop', () => {
  it('sends on time whether or not answers come, and counts each that did not', async () => {
    const { totals } = await playToEnd(planOf([kind({ every: [paced(100, ask())] })]));
    expect(totals.counter('packets_sent')).toBe(100);
    expect(totals.counter('timeouts')).toBe(100);
    expect(totals.trend('response_time', { arrival: 'open' })).toMatchObject({ count: 0, unanswered: 100 });
    expect(totals.counter('disconnects', { cause: 'planned' }, wholeRun)).toBe(1);
  });

  it('begins on time after a start list that a reply ended', async () => {
    const plan = planOf([kind({ start: [ask()], every: [paced(100, tell())] })]);
    const { totals } = await playToEnd(plan, { onPacket: prompt });
    expect(totals.counter('packets_sent', { packet: 'C_Tell' })).toBeGreaterThanOrEqual(99);
    expect(totals.trend('send_lag')?.max).toBeLessThan(1.1);
  });

  it('sends the same number of packets for every phase that the seed draws', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const plan = { ...planOf([kind({ every: [paced(250, tell())] })], { maxClients: 7 }), seed };
      const { totals } = await playToEnd(plan);
      expect(totals.counter('packets_sent')).toBe(7 * 40);
    }
  });

  it('measures from the due time, and tells a late reply from the next one’s', async () => {
    // The first answer takes 2.5 s, half a second longer than its time; all others are prompt but wait behind it.
    let first = true;
    const rehearsal = new Rehearsal(planOf([kind({ every: [paced(1000, ask())] })]), {
      onPacket: (peer, _id, n) => {
        if (first) rehearsal.clock.setTimer(2500, () => peer.say(answerId, n));
        else peer.say(answerId, n);
        first = false;
      },
    });
    await rehearsal.play(60_000);
    const { totals } = rehearsal;
    expect(totals.counter('packets_sent')).toBe(10);
    // In order of sending the second packet's answer is taken for the first one's: that, and what follows, is uncertain.
    expect(totals.trend('response_time')?.count).toBe(10);
    expect(totals.counter('timeouts')).toBe(0);
  });

  it('keeps a tombstone for what timed out, so that its late reply is not taken for the next one’s', async () => {
    let count = 0;
    const rehearsal = new Rehearsal(
      planOf([kind({ every: [paced(1000, ask(number(1), answer({ timeoutMs: 500 })))] })]),
      {
        onPacket: (peer, _id, n) => {
          // The third answer comes 800 ms after its packet: after its timeout, before the fourth packet.
          if (count++ === 2) rehearsal.clock.setTimer(800, () => peer.say(answerId, n));
          else peer.say(answerId, n);
        },
      },
    );
    await rehearsal.play(60_000);
    const { totals } = rehearsal;
    expect(totals.counter('timeouts')).toBe(1);
    expect(totals.counter('late_replies')).toBe(1);
    expect(totals.trend('response_time')).toMatchObject({ count: 9, unanswered: 1 });
    expect(totals.counter('uncertain_matches')).toBe(1);
  });

  it('finds replies that come out of order by the fields of `where`', async () => {
    const held: number[] = [];
    const send = ask(
      expression('send.index'),
      answer({ where: [{ field: 'n', value: expression('send.index') }], fields: ['n'] }),
    );
    const { totals } = await playToEnd(planOf([kind({ every: [paced(100, send)] })]), {
      // Answers in pairs, the second first.
      onPacket: (peer, _id, n) => {
        held.push(n);
        if (held.length === 2) for (const late of held.splice(0).reverse()) peer.say(answerId, late);
      },
    });
    expect(totals.trend('response_time')).toMatchObject({ count: 100, unanswered: 0 });
    // Half are answered at once, half after the next packet, 100 ms later.
    expect(totals.trend('response_time')?.percentile(49).value).toBeLessThan(1);
    expect(totals.trend('response_time')?.percentile(51).value).toBeCloseTo(100, 0);
  });

  it('counts the sends of a lost client as dropped, each due on its time', async () => {
    const rehearsal = new Rehearsal(
      planOf([kind({ every: [paced(100, ask())] }), kind({ name: 'other' })], { maxClients: 2 }),
      { onPacket: prompt },
    );
    await rehearsal.play(5000);
    rehearsal.peers[0]?.disconnect();
    await rehearsal.advance(60_000);
    const { totals } = rehearsal;
    expect(totals.counter('packets_sent') + totals.counter('dropped_sends', { cause: 'not-connected' })).toBe(100);
    expect(totals.counter('packets_sent')).toBe(50);
    expect(totals.counter('disconnects', { cause: 'remote' })).toBe(1);
    expect(totals.trend('response_time')).toMatchObject({ count: 50, unanswered: 50 });
  });
});

describe('a start list', () => {
  it('plays in order, saves what the server says and uses it', async () => {
    const heard: number[] = [];
    const start = [
      ask(number(20), answer({ save: [{ name: 'token', value: expression('reply.n + 1') }], fields: ['n'] })),
      tell(expression('saved.token')),
    ];
    const { totals } = await playToEnd(planOf([kind({ start })]), {
      onPacket: (peer, id, n) => {
        heard.push(n);
        if (id === askId) peer.say(answerId, n * 2);
      },
    });
    expect(heard).toEqual([20, 41]);
    expect(totals.trend('response_time', { packet: 'C_Ask' })?.count).toBe(1);
  });

  it('counts checks that hold and that do not', async () => {
    const check = [
      { name: 'even', value: expression('reply.n % 2 == 0') },
      { name: 'small', value: expression('reply.n < 10') },
    ];
    const start = [ask(number(20), answer({ check, fields: ['n'] }))];
    const { totals } = await playToEnd(planOf([kind({ start })]), { onPacket: prompt });
    expect(totals.rate('checks', { check: 'even' })).toEqual({ hits: 1, total: 1 });
    expect(totals.rate('checks', { check: 'small' })).toEqual({ hits: 0, total: 1 });
  });

  it('lets the server hang up on a client that has nothing left to do', async () => {
    const plan = planOf([kind({ start: [ask()] })]);
    const rehearsal = new Rehearsal(plan, { onPacket: prompt });
    await rehearsal.play(1000);
    rehearsal.peers[0]?.disconnect();
    await rehearsal.advance(60_000);
    expect(rehearsal.messages.at(-1)).toEqual({ type: 'finished', fate: 'stayed', silent: [] });
    expect(rehearsal.totals.rate('errors').hits).toBe(0);
    expect(rehearsal.totals.counter('disconnects', { cause: 'planned' }, wholeRun)).toBe(1);
  });
});

describe('an `on` list', () => {
  it('answers what the server sends, with the fields of its packet', async () => {
    const heard: number[] = [];
    const on = [
      { match: { kind: 'packet', packet: 'S_News' } as const, fields: ['n'], steps: [tell(expression('reply.n * 2'))] },
    ];
    const rehearsal = new Rehearsal(planOf([kind({ on })]), { onPacket: (_peer, _id, n) => heard.push(n) });
    await rehearsal.play(100);
    rehearsal.peers[0]?.say(newsId, 21);
    rehearsal.peers[0]?.say(newsId, 4);
    await rehearsal.advance(100);
    expect(heard).toEqual([42, 8]);
  });
});

describe('protocol errors', () => {
  it('are counted for bodies that are too long or too short, and the client goes on', async () => {
    const on = [
      { match: { kind: 'packet', packet: 'S_News' } as const, fields: ['n'], steps: [tell(expression('reply.n'))] },
    ];
    const rehearsal = new Rehearsal(planOf([kind({ on, loop: [ask(), pause(100)] })]), { onPacket: prompt });
    await rehearsal.play(1000);
    rehearsal.peers[0]?.send(Buffer.from('0600' + '0400' + '0102', 'hex'));
    rehearsal.peers[0]?.send(Buffer.from('0900' + '0400' + '0102030405', 'hex'));
    rehearsal.peers[0]?.send(Buffer.from('0400' + '6300', 'hex'));
    await rehearsal.advance(60_000);
    const { totals } = rehearsal;
    expect(totals.counter('protocol_errors', { code: 'truncated' })).toBe(1);
    expect(totals.counter('protocol_errors', { code: 'trailing-bytes' })).toBe(1);
    expect(totals.counter('protocol_errors', { code: 'unknown-packet' })).toBe(1);
    expect(totals.counter('packets_received', { packet: 'unknown' })).toBe(1);
    expect(totals.counter('packet_data_received', { packet: 'unknown' })).toBe(4);
    expect(totals.counter('packets_sent', { packet: 'C_Ask' })).toBe(100);
  });

  it('are counted for what answers a step, or is answered, though nothing of it is read', async () => {
    const news = { match: { kind: 'packet', packet: 'S_News' } as const, fields: [], steps: [tell()] };
    const plan = planOf([kind({ on: [news], loop: [ask(number(1), answer({ onTimeout: 'continue' }))] })]);
    const rehearsal = new Rehearsal(plan);
    await rehearsal.play(1000);
    rehearsal.peers[0]?.send(Buffer.from('0600' + '0200' + '0102', 'hex'));
    rehearsal.peers[0]?.send(Buffer.from('0900' + '0400' + '0102030405', 'hex'));
    await rehearsal.advance(60_000);
    const { totals } = rehearsal;
    expect(totals.counter('protocol_errors', { code: 'truncated' })).toBe(1);
    expect(totals.counter('protocol_errors', { code: 'trailing-bytes' })).toBe(1);
    expect(totals.counter('packets_sent', { packet: 'C_Tell' })).toBe(0);
    expect(totals.trend('service_time')).toMatchObject({ count: 0 });
  });

  it('are not counted for what nobody waits for, which stays unread', async () => {
    const rehearsal = new Rehearsal(planOf([kind({ loop: [ask(), pause(100)] })]), { onPacket: prompt });
    await rehearsal.play(1000);
    rehearsal.peers[0]?.send(Buffer.from('0600' + '0400' + '0102', 'hex'));
    rehearsal.peers[0]?.send(Buffer.from('0600' + '0200' + '0102', 'hex'));
    await rehearsal.advance(60_000);
    expect(rehearsal.totals.counter('protocol_errors')).toBe(0);
  });

  it('are counted where the server closes inside a packet', async () => {
    const rehearsal = new Rehearsal(planOf([kind({ loop: [ask(), pause(100)] })]), { onPacket: prompt });
    await rehearsal.play(1000);
    rehearsal.peers[0]?.send(Buffer.from('0800' + '0200' + '010203', 'hex'));
    rehearsal.peers[0]?.end();
    await rehearsal.advance(60_000);
    expect(rehearsal.totals.counter('protocol_errors', { code: 'unfinished-packet' })).toBe(1);
    expect(rehearsal.totals.counter('disconnects', { cause: 'remote' })).toBe(1);
    expect(samplesOf(rehearsal)).toContainEqual({
      kind: 'protocol_errors unfinished-packet',
      message: 'the connection ended inside a packet: 7 bytes of it had come',
      count: 1,
    });
  });

  it('end the connection where the framing itself is broken', async () => {
    const rehearsal = new Rehearsal(planOf([kind({ loop: [ask(), pause(100)] })]), { onPacket: prompt });
    await rehearsal.play(1000);
    rehearsal.peers[0]?.send(Buffer.from('0300' + '0200', 'hex'));
    await rehearsal.advance(60_000);
    expect(rehearsal.totals.counter('protocol_errors', { code: 'size-below-header' })).toBe(1);
    expect(rehearsal.totals.counter('disconnects', { cause: 'protocol' })).toBe(1);
    expect(rehearsal.messages.at(-1)).toEqual({ type: 'finished', fate: 'lost', silent: [] });
  });
});

describe('connecting', () => {
  it('is open loop: clients are due along the ramp, and counted by why they failed', async () => {
    const plan = planOf([kind()], {
      maxClients: 10,
      stages: [
        { durationMs: 1000, target: 10 },
        { durationMs: 1000, target: 10 },
      ],
    });
    const { totals } = await playToEnd(plan, { refuse: (connect) => (connect < 3 ? 'ECONNREFUSED' : undefined) });
    expect(totals.counter('connects', {}, wholeRun)).toBe(7);
    expect(totals.counter('connect_failures', { code: 'ECONNREFUSED' }, wholeRun)).toBe(3);
    expect(totals.rate('errors', {}, wholeRun)).toEqual({ hits: 3, total: 10 });
  });

  it('ends early where nobody can connect', async () => {
    const rehearsal = new Rehearsal(planOf([kind()], { maxClients: 3 }), { refuse: () => 'ECONNREFUSED' });
    await rehearsal.play(1500);
    expect(rehearsal.messages.at(-1)).toEqual({ type: 'finished', fate: 'lost', silent: [] });
  });

  it('comes back after each lifetime, and plays its start list again', async () => {
    const plan = planOf([kind({ start: [ask()], lifetimeMs: { min: 3000, max: 3000 } })]);
    const { totals } = await playToEnd(plan, { onPacket: prompt });
    expect(totals.counter('connects', {}, wholeRun)).toBe(4);
    expect(totals.counter('packets_sent', {}, wholeRun)).toBe(4);
    expect(totals.counter('disconnects', { cause: 'planned' }, wholeRun)).toBe(4);
    expect(totals.rate('errors', {}, wholeRun).hits).toBe(0);
  });

  it('from a loop, `disconnect` comes back for the next round', async () => {
    const plan = planOf([kind({ loop: [ask(), pause(1000), { verb: 'disconnect' }] })]);
    const { totals } = await playToEnd(plan, { onPacket: prompt });
    expect(totals.counter('connects', {}, wholeRun)).toBe(10);
    expect(totals.counter('iterations', {}, wholeRun)).toBe(9);
  });

  it('from a start list, `disconnect` leaves for good', async () => {
    const plan = planOf([kind({ start: [ask(), { verb: 'disconnect' }] })]);
    const { totals } = await playToEnd(plan, { onPacket: prompt });
    expect(totals.counter('connects', {}, wholeRun)).toBe(1);
    expect(totals.trend('response_time')?.count).toBe(1);
  });
});

describe('`begin: together`', () => {
  const load = {
    maxClients: 4,
    begin: 'together',
    stages: [
      { durationMs: 1000, target: 4 },
      { durationMs: 5000, target: 4 },
    ],
  } as const;

  it('holds loop and every back until the barrier opens, and then plays the whole plan', async () => {
    const plan = planOf([kind({ start: [ask()], every: [paced(100, tell())] })], load);
    const rehearsal = new Rehearsal(plan, { onPacket: prompt });
    await rehearsal.play(3000);
    expect(rehearsal.messages.filter(({ type }) => type === 'started')).toHaveLength(1);
    expect(rehearsal.totals.counter('packets_sent', { packet: 'C_Tell' })).toBe(0);
    rehearsal.worker.begin(3_000_000);
    await rehearsal.advance(60_000);
    expect(rehearsal.totals.counter('packets_sent', { packet: 'C_Tell' })).toBe(4 * 50);
    expect(rehearsal.finished).toBe(true);
  });

  it('does not wait for clients that failed', async () => {
    const plan = planOf([kind({ start: [ask()] })], load);
    const rehearsal = new Rehearsal(plan, {
      onPacket: prompt,
      refuse: (connect) => (connect === 1 ? 'ETIMEDOUT' : undefined),
    });
    await rehearsal.play(2000);
    expect(rehearsal.messages.filter(({ type }) => type === 'started')).toHaveLength(1);
  });
});

describe('phases', () => {
  it('a value belongs to the phase of its due time', async () => {
    const plan = planOf([kind({ every: [paced(100, ask())] })], {
      warmupMs: 2000,
      stages: [
        { durationMs: 0, target: 1 },
        { durationMs: 6000, target: 1 },
      ],
    });
    const { totals } = await playToEnd(plan, { onPacket: prompt });
    expect(totals.trend('response_time', {}, 'measured')?.count).toBe(40);
    expect(totals.trend('response_time', {}, wholeRun)?.count).toBe(60);
    expect(totals.measuredMs).toBeGreaterThanOrEqual(4000);
  });
});

describe('the end', () => {
  it('hears what is under way for as long as the plan allows, then leaves', async () => {
    const plan = planOf([kind({ every: [paced(1000, ask())] })], { gracefulStopMs: 500 });
    const rehearsal = new Rehearsal(plan, {
      onPacket: (peer, _id, n) => void rehearsal.clock.setTimer(1900, () => peer.say(answerId, n)),
    });
    await rehearsal.play(60_000);
    expect(rehearsal.totals.trend('response_time')).toMatchObject({ count: 10, unanswered: 0 });
    expect(rehearsal.totals.rate('errors').hits).toBe(0);
  });

  it('comes at once when it is asked for, and what was waited for stays unanswered', async () => {
    const rehearsal = new Rehearsal(planOf([kind({ every: [paced(1000, ask())] })]));
    await rehearsal.play(1500);
    rehearsal.worker.stop('now');
    await rehearsal.advance(100);
    expect(rehearsal.finished).toBe(true);
    expect(rehearsal.totals.trend('response_time', {}, wholeRun)?.unanswered).toBeGreaterThan(0);
  });
});

describe('shares', () => {
  it('of several workers send together what one would, packet for packet', async () => {
    const plan = planOf(
      [
        kind({
          name: 'asker',
          weight: 2,
          every: [paced(500, ask(expression('random.int(1, 1000000)')))],
        }),
        kind({ name: 'teller', weight: 1, every: [paced(300, tell(expression('client.index')))] }),
      ],
      { maxClients: 10 },
    );
    const heardBy = async (workers: number): Promise<string[]> => {
      const heard: string[] = [];
      for (let worker = 0; worker < workers; worker++) {
        await playToEnd(plan, { worker, workers, onPacket: (_peer, id, n) => heard.push(`${id}:${n}`) });
      }
      return heard.sort();
    };
    const alone = await heardBy(1);
    expect(alone.length).toBeGreaterThan(200);
    expect(await heardBy(3)).toEqual(alone);
  });
});
