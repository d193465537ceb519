import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fate, SteeringState } from '../../src/control/messages.js';
import { constantPacer } from '../../src/load/pacing.js';
import { RandomStream } from '../../src/load/random.js';
import { rateCurve } from '../../src/load/rate.js';
import { RateFactor } from '../../src/load/rate-factor.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { ClientKindPlan, LoadPlan, Plan } from '../../src/scenario/plan.js';
import { announce, ask, kind, paced, pause, planOf, tell } from '../support/plans.js';
import { Rehearsal, type RehearsalOptions } from './rehearsal.js';

const asPlanned: SteeringState = { paused: false, rateFactor: 1, clientsBy: 0 };
const leadMs = 50;

/** Workers that play one plan together, as the coordinator steers them. */
class Crew {
  readonly rehearsals: Rehearsal[] = [];
  /** When the server heard a packet, in milliseconds. */
  readonly heardMs: number[] = [];

  constructor(plan: Plan, workers: number, options: RehearsalOptions = {}) {
    for (let worker = 0; worker < workers; worker++) {
      const [first] = this.rehearsals;
      const onPacket: RehearsalOptions['onPacket'] = (peer, id, n) => {
        this.heardMs.push(this.#nowMs);
        if (id === 1) peer.say(2, n);
      };
      const shared = first === undefined ? {} : { clock: first.clock };
      this.rehearsals.push(new Rehearsal(plan, { onPacket, ...options, ...shared, worker, workers }));
    }
    for (const { worker, clock } of this.rehearsals) worker.start(clock.nowUs());
  }

  get #nowMs(): number {
    return (this.rehearsals[0] as Rehearsal).clock.nowUs() / 1000;
  }

  async until(ms: number): Promise<void> {
    await this.rehearsals[0]?.advance(ms - this.#nowMs);
  }

  /** What holds from `ms` on; the workers hear of it a little before. */
  async steer(ms: number, state: Partial<SteeringState>): Promise<void> {
    await this.until(ms - leadMs);
    this.#tell(ms, state);
  }

  #tell(ms: number, state: Partial<SteeringState>): void {
    for (const { worker } of this.rehearsals) {
      worker.control({ type: 'control', atUs: ms * 1000, ...asPlanned, ...state });
    }
  }

  /** As above, but the workers hear of it `lateMs` after it was to hold. */
  async steerLate(ms: number, lateMs: number, state: Partial<SteeringState>): Promise<void> {
    await this.until(ms + lateMs);
    this.#tell(ms, state);
  }

  async finish(): Promise<TotalsBuilder> {
    await this.until(60_000);
    expect(this.rehearsals.every(({ finished }) => finished)).toBe(true);
    const totals = new TotalsBuilder({ workers: this.rehearsals.length });
    for (const { messages } of this.rehearsals) {
      for (const message of messages) if (message.type === 'snapshot') totals.add(message.snapshot);
    }
    return totals;
  }

  /** Connections that stand now. */
  get connected(): number {
    return this.rehearsals.flatMap(({ peers }) => peers).filter((peer) => !peer.closed).length;
  }

  /** Clients that were connected at the end without an effect. */
  get silent(): number {
    const messages = this.rehearsals.flatMap((rehearsal) => rehearsal.messages);
    return messages.reduce((sum, message) => sum + (message.type === 'finished' ? message.silent.length : 0), 0);
  }

  /** What became of the clients of each worker that has finished. */
  get fates(): readonly Fate[] {
    const messages = this.rehearsals.flatMap((rehearsal) => rehearsal.messages);
    return messages.flatMap((message) => (message.type === 'finished' ? message.fate : []));
  }

  heardBetween(fromMs: number, toMs: number): number {
    return this.heardMs.filter((ms) => ms >= fromMs && ms < toMs).length;
  }
}

/** Six clients at once, for ten seconds. */
function sixClients(kinds: readonly ClientKindPlan[], load: Partial<LoadPlan> = {}): Plan {
  return planOf(kinds, { maxClients: 6, pacing: 'precise', ...load });
}

/** As above, by a ramp of ten connects a second, and with a ramp-down from 8 s on. */
const ramped = {
  stages: [
    { durationMs: 600, target: 6 },
    { durationMs: 7400, target: 6 },
    { durationMs: 600, target: 0 },
  ],
};

const openLoops: readonly (readonly [string, ClientKindPlan])[] = [
  ['each client’s own clock', kind({ every: [paced(600, ask())] })],
  ['Poisson arrivals', kind({ every: [paced(600, ask(), { arrivals: 'poisson' })] })],
  ['a total rate', kind({ every: [paced(100, ask(), { per: 'swarm' })] })],
  ['a total rate with Poisson arrivals', kind({ every: [paced(100, ask(), { per: 'swarm', arrivals: 'poisson' })] })],
];

describe.each([1, 2, 3])('a pause, on %i workers', (workers) => {
  it.each(openLoops)('holds up %s, and nothing is made up for, late, dropped or shifted', async (_name, bot) => {
    const straight = new Crew(sixClients([bot]), workers);
    await straight.finish();
    const crew = new Crew(sixClients([bot]), workers);
    await crew.steer(2000, { paused: true });
    await crew.steer(5000, {});
    const totals = await crew.finish();
    expect(crew.heardBetween(2000.2, 5000)).toBe(0);
    // What comes after the pause is what would have come, three seconds later.
    const shifted = straight.heardMs.flatMap((ms) => (ms < 2000 ? [ms] : ms < 7000 ? [ms + 3000] : []));
    expect(crew.heardMs.length).toBe(shifted.length);
    const inOrder = crew.heardMs.toSorted((a, b) => a - b);
    for (const [i, ms] of shifted.toSorted((a, b) => a - b).entries()) {
      expect(Math.abs(inOrder[i]! - ms)).toBeLessThan(0.5);
    }
    expect(totals.counter('dropped_sends', {}, 'wholeRun')).toBe(0);
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
    expect(totals.trend('send_lag', {}, 'wholeRun')!.max).toBeLessThan(0.2);
  });
});

describe('a pause', () => {
  it('lets a loop finish what is under way, keeps what is left of its pauses, and sends nothing at once for all', async () => {
    const crew = new Crew(sixClients([kind({ loop: [ask(), pause(600)] })], ramped), 2);
    await crew.steer(2050, { paused: true });
    await crew.until(4000);
    expect(crew.heardBetween(2050.2, 4000)).toBe(0);
    await crew.steer(4050, {});
    await crew.until(7000);
    // The clients are as far apart as the ramp had put them, 100 ms.
    const after = crew.heardMs.filter((ms) => ms > 4050).slice(0, 6);
    expect(after).toHaveLength(6);
    for (const [i, ms] of after.slice(1).entries()) expect(ms - after[i]!).toBeGreaterThan(95);
    const totals = await crew.finish();
    expect(totals.counter('timeouts', {}, 'wholeRun')).toBe(0);
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
  });

  it('holds up a loop that pauses nowhere, and lets it go on', async () => {
    const crew = new Crew(planOf([kind({ loop: [ask()] })]), 1, {
      onPacket: (peer, _id, n) => {
        crew.heardMs.push(crew.rehearsals[0]!.clock.nowUs() / 1000);
        crew.rehearsals[0]!.clock.setTimer(20, () => peer.say(2, n));
      },
    });
    await crew.steer(1000, { paused: true });
    await crew.steer(3000, {});
    await crew.until(4000);
    expect(crew.heardBetween(1000.2, 3000)).toBe(0);
    expect(crew.heardBetween(0, 1000)).toBeGreaterThan(40);
    expect(crew.heardBetween(3000, 4000)).toBeGreaterThan(40);
    await crew.finish();
  });

  it('leaves alone what connects, what a start list sends and what answers the server', async () => {
    const bot = kind({
      start: [ask()],
      every: [paced(100, tell())],
      on: [{ match: { kind: 'packet', packet: 'S_News' }, fields: [], steps: [tell()] }],
    });
    const crew = new Crew(sixClients([bot], ramped), 1);
    await crew.steer(100, { paused: true });
    await crew.until(2000);
    expect(crew.connected).toBe(6);
    const { peers, totals } = crew.rehearsals[0]!;
    const sent = () => totals.counter('packets_sent', { packet: 'C_Tell' }, 'wholeRun');
    expect(totals.counter('packets_sent', { packet: 'C_Ask' }, 'wholeRun')).toBe(6);
    const before = sent();
    peers[3]!.say(4, 1);
    await crew.until(3000);
    expect(sent()).toBe(before + 1);
    await crew.finish();
  });

  it('that nobody ends is over when the run is', async () => {
    const crew = new Crew(sixClients([kind({ every: [paced(100, ask())], loop: [ask(), pause(100)] })]), 2);
    await crew.steer(2000, { paused: true });
    const totals = await crew.finish();
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
    expect(crew.heardBetween(2001, 60_000)).toBe(0);
    expect(crew.silent).toBe(0);
  });

  it('makes nobody look as if nothing had an effect any more, whom only the pause keeps from showing it', async () => {
    const silentOf = async (states: readonly (readonly [ms: number, state: Partial<SteeringState>])[]) => {
      const crew: Crew = new Crew(sixClients([kind({ every: [paced(100, ask())] })]), 2, {
        // Nothing is answered from the first second on.
        onPacket: (peer, _id, n) => (crew.rehearsals[0]!.clock.nowUs() < 1_000_000 ? peer.say(2, n) : undefined),
      });
      for (const [ms, state] of states) await crew.steer(ms, state);
      await crew.finish();
      return crew.silent;
    };
    expect(await silentOf([])).toBe(6);
    expect(await silentOf([[1500, { paused: true }]])).toBe(0);
    expect(await silentOf([[7000, { paused: true }]])).toBe(6);
  });

  it('lacks nothing in reach: what is not sent is not expected', async () => {
    const crew: Crew = new Crew(sixClients([kind({ every: [paced(250, announce())] })]), 2, {
      onPacket: (_peer, _id, n) => {
        for (const { peers } of crew.rehearsals) for (const peer of peers) if (!peer.closed) peer.say(4, n);
      },
    });
    await crew.steer(2000, { paused: true });
    await crew.steer(5000, { clientsBy: 2 });
    await crew.steer(7000, { clientsBy: -1 });
    const totals = await crew.finish();
    const { hits, total } = totals.rate('broadcast_reach', {}, 'wholeRun');
    expect(total).toBeGreaterThan(0);
    expect(hits).toBe(total);
  });
});

describe('a rate that is scaled', () => {
  it.each(openLoops)('has so many more of %s due, evenly', async (_name, bot) => {
    const crew = new Crew(
      sixClients([bot], {
        stages: [
          { durationMs: 0, target: 6 },
          { durationMs: 30_000, target: 6 },
        ],
      }),
      2,
    );
    await crew.steer(10_000, { rateFactor: 3 });
    await crew.steer(20_000, { rateFactor: 0.5 });
    const totals = await crew.finish();
    const chance = bot.every[0]!.arrivals === 'poisson' ? 4 : 0.1;
    const expectAbout = (count: number, planned: number) =>
      expect(Math.abs(count - planned)).toBeLessThanOrEqual(6 + chance * Math.sqrt(planned));
    expectAbout(crew.heardBetween(0, 10_000), 100);
    expectAbout(crew.heardBetween(10_000, 20_000), 300);
    expectAbout(crew.heardBetween(20_000, 30_000), 50);
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
    expect(totals.trend('send_lag', {}, 'wholeRun')!.max).toBeLessThan(0.2);
  });

  it('shortens the pauses of a loop', async () => {
    const crew = new Crew(sixClients([kind({ loop: [ask(), pause(500)] })]), 1);
    await crew.steer(4000, { rateFactor: 5 });
    await crew.until(6000);
    expect(crew.heardBetween(4050, 5050)).toBeGreaterThanOrEqual(6 * 9);
    await crew.finish();
  });
});

describe.each([1, 2, 3])('clients, on %i workers,', (workers) => {
  const chatty = kind({ every: [paced(100, ask(), { per: 'swarm' })] });

  it('are added at the rate of the ramp and leave when the ramp-down begins', async () => {
    const crew = new Crew(sixClients([chatty], ramped), workers);
    await crew.steer(2000, { clientsBy: 5 });
    await crew.until(2250);
    expect(crew.connected).toBe(9);
    await crew.until(2600);
    expect(crew.connected).toBe(11);
    await crew.until(7999);
    expect(crew.connected).toBe(11);
    await crew.until(8050);
    expect(crew.connected).toBe(6);
    const totals = await crew.finish();
    expect(totals.counter('disconnects', { cause: 'planned' }, 'wholeRun')).toBe(11);
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
    expect(totals.trend('connect_time', {}, 'wholeRun')!.max).toBeLessThan(1);
  });

  it('are removed as the plan lets them leave, and what was meant for them goes to those who stay', async () => {
    const crew = new Crew(sixClients([chatty], ramped), workers);
    await crew.steer(2000, { clientsBy: -5 });
    await crew.until(2050);
    expect(crew.connected).toBe(1);
    await crew.steer(5000, { clientsBy: 1 });
    const totals = await crew.finish();
    expect(totals.counter('disconnects', {}, 'wholeRun')).toBe(6 + 6);
    expect(totals.counter('disconnects', { cause: 'planned' }, 'wholeRun')).toBe(6 + 6);
    expect(totals.counter('dropped_sends', {}, 'wholeRun')).toBe(0);
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
    // From the end of the ramp to the ramp-down, ten a second.
    expect(totals.counter('packets_sent', {}, 'wholeRun')).toBe(74);
  });

  it('may all be removed, and added again: the run goes on', async () => {
    const crew = new Crew(sixClients([chatty], ramped), workers);
    await crew.steer(2000, { clientsBy: -6 });
    await crew.until(4000);
    expect(crew.connected).toBe(0);
    expect(crew.heardBetween(2001, 4000)).toBe(0);
    await crew.steer(5000, {});
    await crew.until(7000);
    expect(crew.connected).toBe(6);
    const totals = await crew.finish();
    expect(crew.heardBetween(6600, 8000)).toBe(14);
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
  });

  it('who are lost are missed no more once they are removed: only those lost who were to stay lose the target', async () => {
    const plan = sixClients([chatty], ramped);
    const endings: Readonly<Record<number, boolean>> = { [-6]: false, [-3]: true };
    for (const [by, lost] of Object.entries(endings)) {
      const crew = new Crew(plan, workers);
      await crew.until(2000);
      for (const peer of crew.rehearsals.flatMap(({ peers }) => peers).slice(0, -1)) peer.disconnect();
      await crew.steer(3000, { clientsBy: Number(by) });
      await crew.until(4000);
      for (const peer of crew.rehearsals.flatMap(({ peers }) => peers)) peer.disconnect();
      await crew.finish();
      expect([by, crew.fates.includes('lost')]).toEqual([by, lost]);
    }
  });

  it('are told from those who are lost, worker by worker', async () => {
    const crew = new Crew(sixClients([chatty], ramped), workers);
    await crew.steer(3000, { clientsBy: -5 });
    await crew.until(4000);
    for (const peer of crew.rehearsals.flatMap(({ peers }) => peers)) peer.disconnect();
    await crew.finish();
    expect(crew.fates.toSorted()).toEqual(['lost', 'removed', 'removed'].slice(0, workers));
  });

  it('who are removed before they connected do not keep the others at the barrier', async () => {
    const crew = new Crew(
      sixClients([kind({ start: [ask()], every: [paced(100, tell())] })], { ...ramped, begin: 'together' }),
      workers,
    );
    await crew.steer(300, { clientsBy: -3 });
    await crew.until(2000);
    const started = crew.rehearsals.filter(({ messages }) => messages.some(({ type }) => type === 'started'));
    expect(started).toHaveLength(workers);
    for (const { worker } of crew.rehearsals) worker.begin(2_100_000);
    await crew.until(4000);
    expect(crew.connected).toBe(3);
    await crew.finish();
  });
});

describe('workers that are late', () => {
  const slots = kind({ every: [paced(20, tell(), { per: 'swarm' })] });
  /** Fifty slots a second, from the end of the ramp to the ramp-down. */
  const planned = 370;

  it('deal what was due before clients were removed, once, and then to those who stay', async () => {
    const crew = new Crew(sixClients([slots], ramped), 3);
    await crew.steer(2000, { clientsBy: -4 });
    crew.rehearsals[0]!.clock.block(300);
    const totals = await crew.finish();
    expect(totals.counter('packets_sent', {}, 'wholeRun')).toBe(planned);
    expect(totals.counter('dropped_sends', {}, 'wholeRun')).toBe(0);
  });

  it('to hear of a pause and of its end make up for what they sent too much, or too little', async () => {
    const crew = new Crew(sixClients([slots], ramped), 3);
    await crew.steerLate(2000, 200, { paused: true });
    await crew.steerLate(4000, 200, {});
    const totals = await crew.finish();
    expect(totals.counter('packets_sent', {}, 'wholeRun')).toBe(planned - 100);
    expect(totals.counter('dropped_sends', {}, 'wholeRun')).toBe(0);
  });

  it('to hear that clients were removed let go of those who came meanwhile', async () => {
    const crew = new Crew(sixClients([slots], ramped), 3);
    await crew.steerLate(200, 250, { clientsBy: -6 });
    await crew.until(1000);
    expect(crew.connected).toBe(0);
    await crew.finish();
  });
});

const anyStep = fc.record({
  afterMs: fc.integer({ min: 60, max: 1000 }),
  state: fc.record({
    paused: fc.boolean(),
    rateFactor: fc.constantFrom(0.4, 1, 2.5),
    clientsBy: fc.integer({ min: -4, max: 6 }),
  }),
});
const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 5 });
type Steps = readonly { readonly afterMs: number; readonly state: SteeringState }[];

it('whatever is done by hand: what is due is sent, once and on time, everyone wanted is connected, and nobody fails', async () => {
  const kinds = [
    kind({ every: [paced(150, ask()), paced(70, tell(), { per: 'swarm' })] }),
    kind({ name: 'closed', loop: [ask(), pause(120)] }),
  ];
  const play = async (steps: Steps, workers: number) => {
    const crew = new Crew(sixClients(kinds, ramped), workers);
    const rateFactor = new RateFactor();
    let atMs = 700;
    for (const { afterMs, state } of steps) {
      atMs += afterMs;
      await crew.steer(atMs, state);
      rateFactor.change({ atUs: atMs * 1000, factor: state.paused ? 0 : state.rateFactor });
    }
    await crew.until(7999);
    expect(crew.connected).toBe(6 + (steps.at(-1)?.state.clientsBy ?? 0));
    const totals = await crew.finish();
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
    expect(totals.counter('dropped_sends', {}, 'wholeRun')).toBe(0);
    const curve = rateFactor.scaled(rateCurve({ kind: 'constant', intervalMs: 70 }), () => 600_000);
    const slots = constantPacer(curve, RandomStream.of(1, 'slot phase', 'bot', 0).next());
    expect(totals.counter('packets_sent', { packet: 'C_Tell' }, 'wholeRun')).toBe(slots.firstFrom(7_400_000));
    const asked = totals.counter('packets_sent', { packet: 'C_Ask' }, 'wholeRun');
    expect(totals.counter('packets_received', { packet: 'S_Answer' }, 'wholeRun')).toBe(asked);
    expect(totals.trend('send_lag', {}, 'wholeRun')!.max).toBeLessThan(0.2);
  };
  // Some are removed, asked back, and fewer of them are wanted before they have their slots.
  const slow = { paused: false, rateFactor: 0.4 };
  const changedTheirMind: Steps = [
    { afterMs: 60, state: { ...slow, clientsBy: -3 } },
    { afterMs: 60, state: { ...slow, clientsBy: 0 } },
    { afterMs: 354, state: { ...slow, rateFactor: 2.5, clientsBy: -2 } },
  ];
  const examples: [Steps, number][] = [1, 2, 3].map((workers) => [changedTheirMind, workers]);
  await fc.assert(fc.asyncProperty(anySteps, fc.integer({ min: 1, max: 3 }), play), { numRuns: 40, examples });
});

it('whatever is done by hand to stages, lifetimes and a barrier: the barrier opens, and whoever connects leaves as planned', async () => {
  const kinds = [
    kind({ start: [ask()], every: [paced(150, ask())] }),
    kind({ name: 'churning', lifetimeMs: { min: 300, max: 900 }, loop: [ask(), pause(120), tell()] }),
  ];
  const stages = [
    { durationMs: 600, target: 6 },
    { durationMs: 2000, target: 6 },
    { durationMs: 300, target: 2 },
    { durationMs: 1000, target: 2 },
    { durationMs: 0, target: 5 },
    { durationMs: 3000, target: 5 },
    { durationMs: 600, target: 0 },
  ];
  const play = async (before: Steps, after: Steps, workers: number) => {
    const crew = new Crew(sixClients(kinds, { stages, begin: 'together' }), workers);
    let atMs = 100;
    const steer = async (steps: Steps) => {
      for (const { afterMs, state } of steps) {
        atMs += afterMs;
        await crew.steer(atMs, state);
      }
    };
    await steer(before);
    atMs += 1000;
    await crew.until(atMs);
    for (const { messages, worker } of crew.rehearsals) {
      expect(messages.some(({ type }) => type === 'started')).toBe(true);
      worker.begin((atMs + leadMs) * 1000);
    }
    await steer(after);
    const totals = await crew.finish();
    const left = totals.counter('disconnects', { cause: 'planned' }, 'wholeRun');
    expect(totals.counter('connects', {}, 'wholeRun')).toBe(left);
    expect(totals.counter('disconnects', {}, 'wholeRun')).toBe(left);
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
    // From when it was wanted, which for those who are added at the barrier is not when that stood.
    expect(totals.trend('connect_time', {}, 'wholeRun')!.max).toBeLessThan(30);
  };
  await fc.assert(fc.asyncProperty(anySteps, anySteps, fc.integer({ min: 1, max: 4 }), play), { numRuns: 25 });
});
