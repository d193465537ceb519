import type { ServerTotals } from '../../../src/control/server-messages.js';
import { disconnectCauses, type MetricNameOf, type Tags } from '../../../src/metrics/catalog.js';
import { TotalsBuilder } from '../../../src/metrics/totals-builder.js';
import { Protocol } from '../../../src/packets/index.js';
import type { ClientKindPlan, SendStep, Step } from '../../../src/scenario/plan.js';
import { checkFaults } from './fault-balance.js';
import type { Tape } from './tape.js';
import type { World } from './world.js';

/** What a tape counts, summed over all of one side. */
function sum<Key extends string>(parts: readonly Readonly<Record<Key, number>>[], what: Key): number {
  return parts.reduce((total, part) => total + part[what], 0);
}

/** Whether all that was counted agrees, on both sides of the connections and with what the tapes recorded, once a run is over. */
export function checkBalance(world: World): void {
  const { tapes, snapshots, scenario } = world;
  const totals = new TotalsBuilder({ workers: scenario.workers });
  for (const snapshot of snapshots) totals.add(snapshot);
  const ours = tapes.filter(({ side }) => side === 'client');
  const theirs = tapes.filter(({ side }) => side === 'server');
  checkNothingIsLeft(world, totals);
  new Books(world, totals).check(ours);
  if (scenario.mode !== 'answers') checkServer(world, theirs);
  checkFaults(world, totals);
  checkReports(world, totals);
  checkMerging(world, totals);
}

/** Everyone has left, and nothing waits. */
function checkNothingIsLeft({ referee, tapes, clients }: World, totals: TotalsBuilder): void {
  for (const tape of tapes) {
    if (tape.over) tape.check();
    else referee.fail('a session never ended');
  }
  for (const { index, session, connecting, inbox } of clients) {
    const isFree = session === null && !connecting && inbox.waiting === 0;
    if (!isFree || inbox.nextDeadlineUs !== Number.POSITIVE_INFINITY) referee.fail(`client ${index} is not free to go`);
  }
  referee.same('clients connected at the end', totals.connected('wholeRun') ?? 0, 0);
}

/** The books of the workers, held against the tapes of their clients. */
class Books {
  readonly #world: World;
  readonly #totals: TotalsBuilder;

  constructor(world: World, totals: TotalsBuilder) {
    this.#world = world;
    this.#totals = totals;
  }

  check(ours: readonly Tape[]): void {
    this.#checkConnections(ours);
    this.#checkTraffic(ours);
    this.#checkPackets(ours);
    for (const kind of this.#world.scenario.plan.kinds) this.#checkReplies(kind);
    this.#checkErrors();
    const { hits, total } = this.#totals.rate('broadcast_reach', {}, 'wholeRun');
    if (hits > total) this.#world.referee.fail(`${hits} copies of broadcasts came where ${total} were expected`);
    // Nothing is sent before it is due, and nothing comes before it was sent.
    this.#same('values out of range', this.#totals.clamped, 0);
  }

  #checkConnections(ours: readonly Tape[]): void {
    this.#same('connects', this.#counter('connects'), ours.length);
    this.#same('connect_time', this.#count('connect_time').answered, ours.length);
    this.#same('disconnects', this.#counter('disconnects'), ours.length);
  }

  #checkTraffic(ours: readonly Tape[]): void {
    this.#same('packets_sent', this.#counter('packets_sent'), sum(ours, 'acceptedPackets'));
    const sent = ours.map((tape) => tape.sent);
    this.#same('data_sent', this.#counter('data_sent'), sum(sent, 'bytes'));
    this.#same('send_bytes', this.#count('send_bytes').answered, sum(sent, 'writes'));
    this.#same('send_batch', this.#count('send_batch').answered, sum(sent, 'packetWrites'));
    this.#same('data_received', this.#counter('data_received'), sum(ours, 'batchedBytes'));
    this.#same('recv_bytes', this.#count('recv_bytes').answered, sum(ours, 'receives'));
    this.#same('recv_batch', this.#count('recv_batch').answered, sum(ours, 'packetReceives'));
    const { preamble } = this.#world.scenario.plan.protocol;
    const accepted = ours.reduce((bytes, { outgoing }) => bytes + outgoing.accepted - preamble.length, 0);
    this.#same('packet_data_sent', this.#counter('packet_data_sent'), accepted);
    this.#same('packet_data_received', this.#counter('packet_data_received'), sum(ours, 'frameBytes'));
    this.#checkSum('send_bytes', sum(sent, 'bytes'));
    this.#checkSum('send_batch', sum(sent, 'packets'));
    this.#checkSum('recv_bytes', sum(ours, 'batchedBytes'));
    this.#checkSum('recv_batch', sum(ours, 'batchedPackets'));
    const refused = sum(ours, 'refusedPackets');
    if (refused > this.#counter('dropped_sends'))
      this.#world.referee.fail(`of ${refused} refused sends some are not counted`);
  }

  /** The values of a histogram add up to what a counter says, to its precision of three digits. */
  #checkSum(metric: MetricNameOf<'trend'>, expected: number): void {
    const { mean = 0, count = 0 } = this.#totals.trend(metric, {}, 'wholeRun') ?? {};
    if (Math.abs(mean * count - expected) > expected / 1000) {
      this.#world.referee.fail(`the values of ${metric} add up to ${mean * count}, and not ${expected}`);
    }
  }

  #checkPackets(ours: readonly Tape[]): void {
    this.#same('packets_received', this.#counter('packets_received'), sum(ours, 'frames'));
    const protocol = new Protocol(this.#world.scenario.plan.protocol);
    const frames = tally(
      ours.flatMap(({ framesById }) =>
        [...framesById].map(([id, count]) => [protocol.nameOf(id, 'client') ?? 'unknown', count] as const),
      ),
    );
    for (const [packet, count] of frames) {
      this.#same(`packets_received of ${packet}`, this.#counter('packets_received', { packet }), count);
    }
  }

  /** Each request is answered, timed out or lost, and that once; each send that was due is made or dropped. */
  #checkReplies({ name: client, start, loop, on, every }: ClientKindPlan): void {
    const closed = [start, loop, ...on.map(({ steps }) => steps)].flat().flatMap(sendsIn);
    const open = every.map(({ send }) => send);
    for (const { expect, path: step, packet } of [...closed, ...open]) {
      if (expect === null) continue;
      const { answered, unanswered } = this.#count('service_time', { client, step });
      // What comes later is no answer.
      const { max = 0 } = this.#totals.trend('service_time', { client, step }, 'wholeRun') ?? {};
      if (max > expect.timeoutMs * 1.001) this.#world.referee.fail(`${step} was answered after ${max} ms`);
      const given = this.#counter('timeouts', { client, step }) + this.#counter('lost_replies', { client, step });
      this.#same(`requests of ${step} without an answer`, unanswered, given);
      if (!open.some(({ path }) => path === step)) continue;
      const sent = this.#count('send_lag', { client, step }).answered;
      this.#same(`requests of ${step}`, answered + unanswered, sent);
      const response = this.#count('response_time', { client, step });
      const dropped = this.#counter('dropped_sends', { client, step, packet });
      this.#same(`response times of ${step}`, response.answered + response.unanswered, sent + dropped);
    }
    for (const packet of new Set([...closed, ...open].map((send) => send.packet))) {
      const sends = [...closed, ...open].filter((send) => send.packet === packet);
      if (sends.some(({ expect }) => expect === null)) continue;
      const { answered, unanswered } = this.#count('service_time', { client, packet });
      const sent = this.#counter('packets_sent', { client, packet });
      this.#same(`requests with ${packet} of ${client}`, answered + unanswered, sent);
    }
  }

  /** A failure is counted once, whichever way it is told. */
  #checkErrors(): void {
    const { hits, total } = this.#totals.rate('errors', {}, 'wholeRun');
    const lost = brokenCauses.reduce((count, cause) => count + this.#counter('disconnects', { cause }), 0);
    const attempts = this.#counter('connects') + this.#counter('connect_failures') + this.#counter('packets_sent');
    const unmade = this.#counter('dropped_sends');
    const missed = this.#counter('timeouts') + this.#counter('lost_replies');
    // A connection that ends within a packet, though it had nothing left to do, is a failure of its own.
    const unfinished = hits - (this.#counter('connect_failures') + unmade + missed + lost);
    // Nothing counts the waits for what was not asked for, but that they are attempts.
    const waits = total - (attempts + unmade + lost + unfinished);
    const { kinds } = this.#world.scenario.plan;
    const waiting = kinds.some(({ start, loop }) => [...start, ...loop].some(({ verb }) => verb === 'expect'));
    if (waits < 0 || (waits > 0 && !waiting)) this.#world.referee.fail(`${total} attempts are ${waits} too many`);
    if (unfinished < 0 || unfinished > this.#counter('protocol_errors')) {
      this.#world.referee.fail(`${hits} attempts have failed: that is ${unfinished} too many`);
    }
  }

  #counter(metric: MetricNameOf<'counter'>, tags: Tags = {}): number {
    return this.#totals.counter(metric, tags, 'wholeRun');
  }

  #count(metric: MetricNameOf<'trend'>, tags: Tags = {}): { answered: number; unanswered: number } {
    const trend = this.#totals.trend(metric, tags, 'wholeRun');
    return { answered: trend?.count ?? 0, unanswered: trend?.unanswered ?? 0 };
  }

  #same(what: string, actual: number, expected: number): void {
    this.#world.referee.same(what, actual, expected);
  }
}

/** How a connection ends that nobody wanted to end. */
const brokenCauses = disconnectCauses.filter((cause) =>
  ['local', 'remote', 'reset', 'protocol', 'send', 'queue', 'error'].includes(cause),
);

function sendsIn(step: Step): readonly SendStep[] {
  if (step.verb === 'send') return [step];
  return step.verb === 'repeat' ? step.steps.flatMap(sendsIn) : [];
}

/** What the reference server counted, all that ran one after the other together, held against the tapes of its sessions. */
function checkServer({ referee, serverTotals, scenario }: World, theirs: readonly Tape[]): void {
  const total = (of: (totals: ServerTotals) => number): number => serverTotals.reduce((all, one) => all + of(one), 0);
  referee.same(
    'sessions of the server',
    total(({ sessions }) => sessions.accepted),
    theirs.length,
  );
  referee.same(
    'sessions that the server still has',
    total(({ sessions }) => sessions.current),
    0,
  );
  referee.same(
    'packets that the server got',
    total(({ received }) => received.packets),
    sum(theirs, 'frames'),
  );
  referee.same(
    'bytes that the server got',
    total(({ received }) => received.bytes),
    sum(theirs, 'frameBytes'),
  );
  referee.same(
    'packets that the server sent',
    total(({ sent }) => sent.packets),
    // Faults take what a session sends apart: each packet goes out in a buffer of its own.
    sum(theirs, scenario.serverFaults.length === 0 ? 'acceptedPackets' : 'writtenBuffers'),
  );
  const accepted = theirs.reduce((bytes, { wire }) => bytes + wire.accepted, 0);
  referee.same(
    'bytes that the server sent',
    total(({ sent }) => sent.bytes),
    accepted,
  );
  referee.same(
    'packets that the server was refused',
    total(({ refusedPackets }) => refusedPackets),
    sum(theirs, 'refusedPackets'),
  );
  const counted = tally(serverTotals.flatMap(({ disconnects }) => Object.entries(disconnects)));
  const ended = tally(theirs.flatMap(({ reason }) => (reason === null ? [] : [[reason.cause, 1]])));
  for (const cause of new Set([...counted.keys(), ...ended.keys()])) {
    referee.same(`sessions of the server that ended ${cause}`, counted.get(cause) ?? 0, ended.get(cause) ?? 0);
  }
}

function tally(counts: readonly (readonly [name: string, count: number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

/** The reports of each worker follow each other without a gap, and what stands in the rows of the time line adds up to the totals. */
function checkReports({ referee, snapshots, scenario }: World, totals: TotalsBuilder): void {
  for (let worker = 0; worker < scenario.workers; worker++) {
    let reportedUs = 0;
    for (const { fromUs, toUs } of snapshots.filter((snapshot) => snapshot.worker === worker)) {
      referee.same(`beginning of a report of worker ${worker}`, fromUs, reportedUs);
      reportedUs = toUs;
    }
  }
  const inRows = totals.timeline.reduce((sum, { packetsSent, widthMs }) => sum + (packetsSent * widthMs) / 1000, 0);
  referee.same('packets in the rows', Math.round(inRows), totals.counter('packets_sent', {}, 'wholeRun'));
}

/** Snapshots merge to the same totals in whatever order the workers' reports come. */
function checkMerging({ referee, snapshots, scenario }: World, totals: TotalsBuilder): void {
  const other = new TotalsBuilder({ workers: scenario.workers });
  for (const snapshot of snapshots.toSorted((a, b) => b.worker - a.worker)) other.add(snapshot);
  for (const { metric, tags } of totals.series()) {
    const [here, there] = [totals, other].map((merged) => [
      merged.counter(metric, tags, 'wholeRun'),
      merged.rate(metric, tags, 'wholeRun').hits,
      merged.rate(metric, tags, 'wholeRun').total,
      merged.trend(metric, tags, 'wholeRun')?.encode(),
      merged.trend(metric, tags, 'wholeRun')?.encodeUnanswered(),
    ]);
    if (String(here) !== String(there))
      referee.fail(`${metric} depends on the order of the reports: ${here} or ${there}`);
  }
}
