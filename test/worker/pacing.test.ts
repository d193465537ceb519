import { describe, expect, it } from 'vitest';
import { constantPacer, type Pacer, poissonPacer } from '../../src/load/pacing.js';
import { RandomStream } from '../../src/load/random.js';
import { type Rate, rateCurve } from '../../src/load/rate.js';
import type { ClientKindPlan, LoadPlan, Plan } from '../../src/scenario/plan.js';
import { ask, kind, paced, pause, planOf, tell } from '../support/plans.js';
import { Rehearsal, type RehearsalOptions } from './rehearsal.js';

const wholeRun = 'wholeRun';
/** A turn of the rehearsal's event loop, and the step in which packets reach the server: so late may be heard what was sent on time. */
const turnUs = 100;

/** Six clients within 600 ms, two seconds together, and half a second of descent; on the microsecond. */
function sixClients(kinds: readonly ClientKindPlan[], load: Partial<LoadPlan> = {}): Plan {
  const stages = [
    { durationMs: 600, target: 6 },
    { durationMs: 2000, target: 6 },
    { durationMs: 600, target: 0 },
  ];
  return planOf(kinds, { maxClients: 6, pacing: 'precise', stages, ...load });
}

interface Heard {
  /** When the server heard a packet, in microseconds, in order. */
  readonly timesUs: readonly number[];
  readonly rehearsals: readonly Rehearsal[];
}

/** Plays a plan on so many workers, one after the other. */
async function play(plan: Plan, workers: number, options: RehearsalOptions = {}): Promise<Heard> {
  const timesUs: number[] = [];
  const rehearsals: Rehearsal[] = [];
  for (let worker = 0; worker < workers; worker++) {
    const rehearsal: Rehearsal = new Rehearsal(plan, {
      onPacket: () => timesUs.push(rehearsal.clock.nowUs()),
      ...options,
      worker,
      workers,
    });
    rehearsals.push(rehearsal);
    await rehearsal.play(plan.load.stages.reduce((ms, { durationMs }) => ms + durationMs, 5000));
    expect(rehearsal.finished).toBe(true);
  }
  return { timesUs: timesUs.sort((a, b) => a - b), rehearsals };
}

/** What a pacer has due from one time to another, in microseconds. */
function dueBetween(pacer: Pacer, fromUs: number, untilUs: number, beginUs = 0): number[] {
  const dueUs: number[] = [];
  for (let n = pacer.firstFrom(fromUs - beginUs); beginUs + pacer.dueUs(n) < untilUs; n++) {
    dueUs.push(beginUs + pacer.dueUs(n));
  }
  return dueUs;
}

/** Each packet was heard at its due time: never before, and at most a turn later. */
function expectOnTime(heardUs: readonly number[], dueUs: readonly number[]): void {
  const inOrder = dueUs.toSorted((a, b) => a - b);
  expect(heardUs).toHaveLength(inOrder.length);
  heardUs.forEach((us, i) => {
    expect(us).toBeGreaterThanOrEqual(inOrder[i]!);
    expect(us).toBeLessThanOrEqual(inOrder[i]! + turnUs);
  });
}

const rates: readonly (readonly [string, Rate])[] = [
  ['constant', { kind: 'constant', intervalMs: 37 }],
  [
    'staged',
    {
      kind: 'staged',
      stages: [
        { durationMs: 1500, targetPerSec: 60 },
        { durationMs: 500, targetPerSec: 10 },
      ],
    },
  ],
];

describe('the same seed gives the same sends, heard by the server on time, on 1, 2 and 3 workers:', () => {
  const seed = 1;
  /** When client i is there: it joins up the ramp, a turn after it was asked to, and the last in is the first out. */
  const stay = (client: number) => [client * 100_000 + turnUs, 3_200_000 - client * 100_000] as const;
  const ofClients = (pacerOf: (client: number) => Pacer): number[] =>
    [0, 1, 2, 3, 4, 5].flatMap((client) => dueBetween(pacerOf(client), ...stay(client)));
  const ofSwarm = (pacer: Pacer): number[] => dueBetween(pacer, 600_000, 2_600_000, 600_000);

  for (const [name, rate] of rates) {
    it.each([1, 2, 3])(`a ${name} rate of each client, at random phases (%i)`, async (workers) => {
      const plan = sixClients([kind({ every: [paced(1, tell(), { rate })] })]);
      const dueUs = ofClients((client) =>
        constantPacer(rateCurve(rate), RandomStream.of(seed, 'phase', client, 0).next()),
      );
      expectOnTime((await play(plan, workers)).timesUs, dueUs);
    });

    it.each([1, 2, 3])(`a ${name} rate of each client, at even phases (%i)`, async (workers) => {
      const plan = sixClients([kind({ every: [paced(1, tell(), { rate, phase: 'even' })] })]);
      expectOnTime(
        (await play(plan, workers)).timesUs,
        ofClients((client) => constantPacer(rateCurve(rate), client / 6)),
      );
    });

    it.each([1, 2, 3])(`Poisson arrivals of a ${name} rate of each client (%i)`, async (workers) => {
      const plan = sixClients([kind({ every: [paced(1, tell(), { rate, arrivals: 'poisson' })] })]);
      const dueUs = ofClients((client) =>
        poissonPacer(rateCurve(rate), () => RandomStream.of(seed, 'arrivals', client, 0)),
      );
      expectOnTime((await play(plan, workers)).timesUs, dueUs);
    });

    it.each([1, 2, 3])(`a ${name} total rate (%i)`, async (workers) => {
      const plan = sixClients([kind({ every: [paced(1, tell(), { rate, per: 'swarm' })] })]);
      const dueUs = ofSwarm(constantPacer(rateCurve(rate), RandomStream.of(seed, 'slot phase', 'bot', 0).next()));
      expectOnTime((await play(plan, workers)).timesUs, dueUs);
    });

    it.each([1, 2, 3])(`Poisson arrivals of a ${name} total rate (%i)`, async (workers) => {
      const plan = sixClients([kind({ every: [paced(1, tell(), { rate, per: 'swarm', arrivals: 'poisson' })] })]);
      const dueUs = ofSwarm(poissonPacer(rateCurve(rate), () => RandomStream.of(seed, 'slot arrivals', 'bot', 0)));
      expectOnTime((await play(plan, workers)).timesUs, dueUs);
    });
  }
});

describe('a total rate', () => {
  const swarm = (intervalMs: number) => paced(intervalMs, ask(), { per: 'swarm' });

  it.each([1, 2, 3, 4])('is dealt to the clients in turn, as many to each, on %i workers', async (workers) => {
    const counts = new Map<unknown, number>();
    const onPacket: RehearsalOptions['onPacket'] = (peer) => counts.set(peer, (counts.get(peer) ?? 0) + 1);
    await play(sixClients([kind({ every: [swarm(4)] })]), workers, { onPacket });
    expect([...counts.values()].sort()).toEqual([83, 83, 83, 83, 84, 84]);
  });

  it('is the kind’s own: clients of another kind get none of it', async () => {
    const plan = sixClients([kind({ every: [swarm(10)] }), kind({ name: 'other', weight: 2 })]);
    const { rehearsals } = await play(plan, 3);
    expect(rehearsals.map(({ totals }) => totals.counter('packets_sent', { client: 'bot' }, wholeRun))).toEqual([
      0, 200, 0,
    ]);
    expect(rehearsals.map(({ totals }) => totals.counter('dropped_sends', {}, wholeRun))).toEqual([0, 0, 0]);
  });

  it('goes to those who are there, and a slot that finds nobody is dropped: an attempt, an error and unanswered', async () => {
    const plan = sixClients([kind({ every: [swarm(10)], reconnect: { afterMs: 500, maxMs: 500 } })]);
    const rehearsal: Rehearsal = new Rehearsal(plan, {
      onPacket: (peer, _id, n) => peer.say(2, n),
      // Nobody comes back.
      refuse: (connect) => (connect >= 6 ? 'ECONNREFUSED' : undefined),
    });
    await rehearsal.play(1000);
    for (const peer of rehearsal.peers.slice(1)) peer.disconnect();
    await rehearsal.advance(1000);
    rehearsal.peers[0]!.disconnect();
    await rehearsal.advance(10_000);
    const { totals } = rehearsal;
    // From 600 to 2000 ms there is somebody, from then to 2600 nobody.
    expect(totals.counter('packets_sent')).toBe(140);
    expect(totals.counter('dropped_sends', { cause: 'no-client' })).toBe(60);
    expect(totals.trend('response_time')).toMatchObject({ count: 140, unanswered: 60 });
    const failures = totals.counter('connect_failures') + totals.counter('disconnects') + 60;
    expect(totals.rate('errors').hits).toBe(failures);
  });

  it('begins with the barrier where all begin together', async () => {
    const plan = sixClients([kind({ every: [swarm(10)] })], { begin: 'together' });
    const heardUs: number[] = [];
    const rehearsal: Rehearsal = new Rehearsal(plan, { onPacket: () => heardUs.push(rehearsal.clock.nowUs()) });
    await rehearsal.play(1500);
    expect(heardUs).toEqual([]);
    rehearsal.worker.begin(2_000_000);
    await rehearsal.advance(10_000);
    const pacer = constantPacer(
      rateCurve({ kind: 'constant', intervalMs: 10 }),
      RandomStream.of(1, 'slot phase', 'bot', 0).next(),
    );
    expectOnTime(heardUs, dueBetween(pacer, 2_000_000, 4_000_000, 2_000_000));
  });

  it('makes what was due when the run is stopped, and no more', async () => {
    const rehearsal = new Rehearsal(sixClients([kind({ every: [swarm(10)] })]));
    await rehearsal.play(1600);
    rehearsal.worker.stop('graceful');
    await rehearsal.advance(10_000);
    expect(rehearsal.totals.counter('packets_sent', {}, wholeRun)).toBe(100);
  });
});

describe('sending', () => {
  it.each(['normal', 'precise'] as const)(
    'is never early, and with %s pacing as late as its allowance',
    async (pacing) => {
      const rate: Rate = { kind: 'constant', intervalMs: 7 };
      const plan = sixClients([kind({ every: [paced(1, tell(), { rate, arrivals: 'poisson' })] })], { pacing });
      const { rehearsals } = await play(plan, 1);
      const lag = rehearsals[0]!.totals.trend('send_lag', {}, wholeRun)!;
      expect(lag.min).toBeGreaterThanOrEqual(0);
      expect(lag.max).toBeLessThan(pacing === 'precise' ? 0.1 : 1.1);
      // Above 200 wake-ups a second the timer's tick shows, unless pacing is precise.
      if (pacing === 'normal') expect(lag.percentile(50).value).toBeGreaterThan(0.3);
    },
  );

  it.each(['normal', 'precise'] as const)(
    'with %s pacing counts in response time what its allowance does not forgive',
    async (pacing) => {
      const plan = sixClients([kind({ every: [paced(7, ask(), { arrivals: 'poisson' })] })], { pacing });
      const { rehearsals } = await play(plan, 1, { onPacket: (peer, _id, n) => peer.say(2, n) });
      const { totals } = rehearsals[0]!;
      const [response, service, lag] = (['response_time', 'service_time', 'send_lag'] as const).map(
        (metric) => totals.trend(metric, {}, wholeRun)!.mean,
      );
      // Lateness within the allowance of 1 ms is the timer's, and forgiven; precise pacing forgives none.
      expect(response).toBeCloseTo(service! + (pacing === 'normal' ? 0 : lag!), 2);
      expect(lag).toBeGreaterThan(0.02);
    },
  );

  it('goes on where it would be after a pause in the plan', async () => {
    const stages = [
      { durationMs: 0, target: 1 },
      { durationMs: 1000, target: 1 },
      { durationMs: 0, target: 0 },
      { durationMs: 1000, target: 0 },
      { durationMs: 0, target: 1 },
      { durationMs: 1000, target: 1 },
    ];
    const plan = planOf([kind({ every: [paced(100, tell(), { phase: 'even' })] })], { stages, pacing: 'precise' });
    const { timesUs } = await play(plan, 1);
    const dueUs = Array.from({ length: 30 }, (_, n) => n * 100_000);
    // The first connect takes a turn: what was due at once was not the client's yet.
    expectOnTime(timesUs, [...dueUs.slice(1, 10), ...dueUs.slice(20)]);
  });
});

it('clients connect from the local addresses in turn, whichever worker they are in', async () => {
  const localAddresses = ['127.0.0.1', '127.0.0.2'];
  for (const workers of [1, 2, 3]) {
    const from: string[] = [];
    const refuse: RehearsalOptions['refuse'] = (_connect, { localAddress }) => void from.push(localAddress ?? 'any');
    await play(sixClients([kind()], { localAddresses }), workers, { refuse });
    expect(from.sort()).toEqual([...Array(3).fill('127.0.0.1'), ...Array(3).fill('127.0.0.2')]);
  }
});

describe('a client that the plan lets leave', () => {
  it('sends nothing more, hears what is under way, and then closes', async () => {
    const stages = [
      { durationMs: 0, target: 2 },
      { durationMs: 1000, target: 2 },
      { durationMs: 0, target: 1 },
      { durationMs: 4000, target: 1 },
    ];
    const plan = planOf([kind({ every: [paced(300, ask(), { phase: 'even' })], loop: [pause(50)] })], {
      maxClients: 2,
      stages,
    });
    const rehearsal: Rehearsal = new Rehearsal(plan, {
      onPacket: (peer, _id, n) => void rehearsal.clock.setTimer(700, () => peer.say(2, n)),
    });
    await rehearsal.play(1550);
    // Client 1 sent at 150, 450 and 750 ms; the answer to the last comes at 1450 ms.
    expect(rehearsal.peers[1]?.closed).toBe(true);
    expect(rehearsal.totals.counter('disconnects', { cause: 'planned' }, wholeRun)).toBe(0);
    await rehearsal.advance(60_000);
    const { totals } = rehearsal;
    expect(totals.trend('response_time', {}, wholeRun)?.unanswered).toBe(0);
    expect(totals.counter('disconnects', { cause: 'planned' }, wholeRun)).toBe(2);
    expect(totals.rate('errors', {}, wholeRun).hits).toBe(0);
  });
});
