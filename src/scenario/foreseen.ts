import { constants } from 'node:os';
import { catalog, disconnectCauses, dropCauses, type MetricName, type TagName } from '../metrics/catalog.js';
import type { DecodeErrorCode } from '../packets/codec-errors.js';
import { formatOf, namedPackets, type PacketSet } from '../packets/index.js';
import type { ClientKindPlan, Expectation, SendStep, Step, TargetPlan } from './plan.js';

/** What a tag will be: this, one of these, something like this, or null where only the run tells. */
export type ForeseenValue = string | readonly string[] | RegExp | null;

/** A series that a run of the scenario can have, as far as it is known before the run. */
export interface ForeseenSeries {
  readonly metric: MetricName;
  readonly tags: Readonly<Partial<Record<TagName, ForeseenValue>>>;
}

/** As much of a scenario as decides what can be measured. */
export interface Measured {
  /** Undefined where it could not be read. */
  readonly target: TargetPlan | undefined;
  readonly packets: PacketSet | undefined;
  /** Its bytes go through code of the user's; undefined where that could not be read. */
  readonly transformed: boolean | undefined;
  /** Every kind by its name; undefined where something in it could not be read. */
  readonly kinds: ReadonlyMap<string, ClientKindPlan | undefined>;
}

/** What any client measures. */
const ofEveryClient: readonly MetricName[] = [
  'connect_time',
  'recv_batch',
  'send_batch',
  'recv_bytes',
  'send_bytes',
  'data_sent',
  'data_received',
  'connects',
  'audited_values',
  'contaminated_values',
  'errors',
];

/**
 * The codes of `protocol_errors`: what core refuses, what transforms and decoders do, a packet that is not defined, and one in
 * which the connection ended.
 */
export const protocolErrorCodes: readonly string[] = [
  'size-below-header',
  'packet-too-large',
  'recv-buffer-full',
  'bad-consumed-count',
  'bad-length',
  'unknown-packet',
  'unfinished-packet',
  'decoded-too-large',
  ...Object.keys({
    truncated: true,
    'trailing-bytes': true,
    'bad-count': true,
    'bad-text': true,
    'bad-number': true,
    'bad-constant': true,
    'bad-wire': true,
    'bad-json': true,
    'bad-key': true,
    'too-deep': true,
  } satisfies Record<DecodeErrorCode, true>),
];

/** The system's codes for connects that fail, those that are met first; TLS has many more of its own. */
const connectCodes: readonly string[] = [
  ...new Set([
    'ECONNREFUSED',
    'ETIMEDOUT',
    'handshake-timeout',
    'ECONNRESET',
    'EADDRNOTAVAIL',
    'EMFILE',
    'ENETUNREACH',
    'EHOSTUNREACH',
    'cancelled',
    ...Object.keys(constants.errno),
  ]),
];

/** Every series that a run can have. What could not be read, and what bots do, may be anything that it can be. */
export function foreseeSeries({ target, packets, transformed, kinds }: Measured): readonly ForeseenSeries[] {
  const named = packets === undefined ? null : namedPackets(packets);
  const sole = packets === undefined ? null : formatOf(packets).sole;
  const toServer = named?.filter(({ direction }) => direction !== 'toClient').map(({ name }) => name) ?? null;
  const toClient = named?.filter(({ direction }) => direction !== 'toServer').map(({ name }) => name) ?? null;
  const received = sole?.name ?? (toClient && [...toClient, 'unknown']);
  const plans = [...kinds.values()];
  const broadcasts = new Set(plans.flatMap<string | null>((plan) => (plan === undefined ? null : broadcastsIn(plan))));
  const series: ForeseenSeries[] = [
    { metric: 'clients', tags: {} },
    ...Array.from(broadcasts, (packet) => ({ metric: 'broadcast_reach', tags: { packet } }) as const),
  ];
  for (const [client, plan] of kinds) {
    if (plan === undefined) {
      series.push(...unreadable(client, named && [...named.map(({ name }) => name), 'unknown']));
      continue;
    }
    const add = (metric: MetricName, tags: ForeseenSeries['tags'] = {}): void => {
      series.push({ metric, tags: { client, ...tags } });
    };
    for (const metric of ofEveryClient) add(metric);
    if (target === undefined || target.kind === 'tls') add('tls_handshake_time');
    add('connect_failures', { code: target === undefined || target.kind === 'tls' ? null : connectCodes });
    const faults = plan.faults.map(({ fault }) => fault);
    if (faults.length > 0) add('faults_played', { fault: faults });
    add('disconnects', { cause: disconnectCauses.filter((cause) => cause !== 'fault' || faults.length > 0) });
    add('protocol_errors', { code: protocolErrorCodes });
    if (transformed !== false) add('transform_errors');
    add('packets_received', { packet: received });
    for (const packet of broadcasts) add('broadcast_time', { packet });
    if (plan.bot === null) addSteps(plan, add);
    else addBot(client, sole?.name ?? toServer, add);
  }
  return series;
}

type Add = (metric: MetricName, tags?: ForeseenSeries['tags']) => void;

/** Tags of a client whose lists could not be read: whatever each metric carries. */
function unreadable(client: string, packet: ForeseenValue): readonly ForeseenSeries[] {
  const metrics = Object.keys(catalog) as MetricName[];
  return metrics.map((metric) => {
    const carried: readonly TagName[] = catalog[metric].tags;
    return {
      metric,
      tags: Object.fromEntries(
        carried.map((tag) => [tag, tag === 'client' ? client : tag === 'packet' ? packet : null]),
      ),
    };
  });
}

function addSteps({ start, loop, every, on }: ClientKindPlan, add: Add): void {
  const open = [...start, ...on.flatMap(({ steps }) => steps), ...every.map(({ send }) => send)];
  for (const step of flatten(open)) addStep(step, 'open', add);
  for (const step of flatten(loop)) addStep(step, 'closed', add);
  if (loop.length > 0) add('iterations');
}

function addStep(step: Step, arrival: 'open' | 'closed', add: Add): void {
  if (step.verb === 'send') addSend(step, arrival, add);
  else if (step.verb === 'expect') addExpectation(step.expect, { step: step.path }, add);
}

function addSend({ packet, path, expect }: SendStep, arrival: 'open' | 'closed', add: Add): void {
  const tags = { packet, step: path };
  add('packets_sent', { packet });
  add('dropped_sends', { ...tags, cause: dropCauses });
  if (arrival === 'open') add('send_lag', { step: path });
  if (expect === null) return;
  addReply(tags, [arrival], add);
  addExpectation(expect, tags, add);
}

function addReply(tags: ForeseenSeries['tags'], arrivals: readonly ('open' | 'closed')[], add: Add): void {
  for (const arrival of arrivals) {
    if (arrival === 'open') add('response_time', { ...tags, arrival });
    add('service_time', { ...tags, arrival });
  }
  add('late_replies', tags);
  add('uncertain_matches', tags);
}

function addExpectation({ check }: Pick<Expectation, 'check'>, tags: ForeseenSeries['tags'], add: Add): void {
  add('timeouts', tags);
  add('lost_replies', tags);
  for (const { name } of check) add('checks', { check: name, step: tags.step ?? null });
}

/** What a bot does is not known before it does it; its steps have names all the same. */
function addBot(client: string, packet: ForeseenValue, add: Add): void {
  const step = new RegExp(`^${client}\\.bot(\\.every\\[\\d+\\])?$`);
  const tags = { packet, step };
  add('packets_sent', { packet });
  add('dropped_sends', { ...tags, cause: dropCauses });
  add('send_lag', { step });
  addReply(tags, ['open', 'closed'], add);
  addExpectation({ check: [] }, tags, add);
  add('checks', { check: null, step });
  add('bot_errors');
  for (const metric of ['bot_counter', 'bot_time', 'bot_trend'] as const) add(metric, { name: null });
}

function broadcastsIn({ bot, start, loop, every, on }: ClientKindPlan): readonly string[] {
  const steps = [...start, ...loop, ...on.flatMap((answer) => answer.steps), ...every.map(({ send }) => send)];
  const sent = flatten(steps).flatMap((step) =>
    step.verb === 'send' && step.broadcast !== null ? step.broadcast : [],
  );
  return [...sent, ...(bot?.broadcasts ?? [])].map(({ packet }) => packet);
}

function flatten(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => (step.verb === 'repeat' ? flatten(step.steps) : [step]));
}
