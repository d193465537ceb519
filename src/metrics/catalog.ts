export type MetricKind = 'counter' | 'rate' | 'trend' | 'gauge';

/** The unit that values are shown in. Trends of time are recorded in whole microseconds and shown in milliseconds. */
export type Unit = 'ms' | 'packets' | 'bytes' | 'clients' | 'count' | 'ratio';

export interface MetricDefinition {
  readonly kind: MetricKind;
  readonly unit: Unit;
  /** The tags that its series carry. */
  readonly tags: readonly TagName[];
  /** One sentence for the reference and the report. */
  readonly sentence: string;
  /** It tells how clients were served. What those with faults met stands apart, and in no sum. */
  readonly suffered?: boolean;
}

export type TagName = 'packet' | 'client' | 'step' | 'arrival' | 'cause' | 'code' | 'check' | 'name' | 'fault';

/** Why sends that were due are not made: the tag `cause` of `dropped_sends`. */
export const dropCauses = ['not-connected', 'no-client', 'queue-full', 'overdue', 'expression', 'encode'] as const;
export type DropCause = (typeof dropCauses)[number];

/** Why clients end their connection themselves: the plan wanted it, a list, a bot or a transform failed, or a fault was played. */
const ownCauses = ['planned', 'timeout', 'queue-full', 'script', 'bot', 'transform', 'fault'] as const;
export type OwnCause = (typeof ownCauses)[number];

/**
 * Why connections end: the tag `cause` of `disconnects`. Those that are not the client's own are the causes of core's sessions, and `worker`: the
 * process that held them was lost.
 */
export const disconnectCauses = [
  ...ownCauses,
  'local',
  'remote',
  'reset',
  'protocol',
  'handler',
  'send',
  'queue',
  'error',
  'worker',
] as const;
export type DisconnectedCause = (typeof disconnectCauses)[number];

/** Every metric there is. */
export const catalog = {
  connect_time: {
    kind: 'trend',
    unit: 'ms',
    tags: ['client'],
    sentence: 'From the time the ramp wanted a client connected until it was.',
    suffered: true,
  },
  tls_handshake_time: {
    kind: 'trend',
    unit: 'ms',
    tags: ['client'],
    sentence: 'From connected over TCP until the TLS handshake was complete; a part of connect_time.',
    suffered: true,
  },
  response_time: {
    kind: 'trend',
    unit: 'ms',
    tags: ['packet', 'client', 'step', 'arrival'],
    sentence:
      'From the time a packet was due to be sent until its reply came; unanswered packets stand in it as lower bounds.',
    suffered: true,
  },
  service_time: {
    kind: 'trend',
    unit: 'ms',
    tags: ['packet', 'client', 'step', 'arrival'],
    sentence: 'From the time a packet was handed to the socket until its reply came.',
    suffered: true,
  },
  broadcast_time: {
    kind: 'trend',
    unit: 'ms',
    tags: ['packet', 'client'],
    sentence:
      'For each receiver of a broadcast, from the time it was due to be sent until the copy came; missing copies stand in it as lower bounds.',
    suffered: true,
  },
  broadcast_reach: {
    kind: 'rate',
    unit: 'ratio',
    tags: ['packet'],
    sentence: 'Copies received ÷ copies expected; above 1 the server sent some twice.',
  },
  send_lag: {
    kind: 'trend',
    unit: 'ms',
    tags: ['client', 'step'],
    sentence: 'How much later than due an open-loop packet was handed to the socket: the generator, not the server.',
    suffered: true,
  },
  recv_batch: { kind: 'trend', unit: 'packets', tags: ['client'], sentence: 'Packets that one receive carried.' },
  send_batch: {
    kind: 'trend',
    unit: 'packets',
    tags: ['client'],
    sentence: 'Packets that one gathered write carried.',
  },
  recv_bytes: { kind: 'trend', unit: 'bytes', tags: ['client'], sentence: 'Bytes that one receive brought.' },
  send_bytes: { kind: 'trend', unit: 'bytes', tags: ['client'], sentence: 'Bytes that one gathered write carried.' },
  packets_sent: {
    kind: 'counter',
    unit: 'packets',
    tags: ['packet', 'client'],
    sentence: 'Packets handed to the socket.',
  },
  packets_received: {
    kind: 'counter',
    unit: 'packets',
    tags: ['packet', 'client'],
    sentence: 'Whole packets received.',
  },
  packet_data_sent: {
    kind: 'counter',
    unit: 'bytes',
    tags: ['packet', 'client'],
    sentence: 'Bytes of the packets handed to the socket, headers included; before a transform, where there is one.',
  },
  packet_data_received: {
    kind: 'counter',
    unit: 'bytes',
    tags: ['packet', 'client'],
    sentence:
      'Bytes of the whole packets received, headers included and delimiters not; after a transform, where there is one.',
  },
  data_sent: {
    kind: 'counter',
    unit: 'bytes',
    tags: ['client'],
    sentence: 'Bytes handed to the socket, headers included.',
  },
  data_received: { kind: 'counter', unit: 'bytes', tags: ['client'], sentence: 'Bytes received, headers included.' },
  clients: { kind: 'gauge', unit: 'clients', tags: [], sentence: 'Clients connected now.' },
  connects: { kind: 'counter', unit: 'count', tags: ['client'], sentence: 'Connections that were made.' },
  connect_failures: {
    kind: 'counter',
    unit: 'count',
    tags: ['client', 'code'],
    sentence: 'Connections that could not be made, by the system’s error code.',
    suffered: true,
  },
  disconnects: {
    kind: 'counter',
    unit: 'count',
    tags: ['client', 'cause'],
    sentence: 'Connections that ended, by cause; those the plan wanted have the cause `planned`.',
    suffered: true,
  },
  timeouts: {
    kind: 'counter',
    unit: 'count',
    tags: ['packet', 'client', 'step'],
    sentence: 'Replies that did not come within their time.',
    suffered: true,
  },
  lost_replies: {
    kind: 'counter',
    unit: 'count',
    tags: ['packet', 'client', 'step'],
    sentence: 'Replies that were still waited for when their connection ended.',
    suffered: true,
  },
  late_replies: {
    kind: 'counter',
    unit: 'count',
    tags: ['packet', 'client', 'step'],
    sentence: 'Replies that came within a minute after their timeout; they count as timeouts all the same.',
    suffered: true,
  },
  uncertain_matches: {
    kind: 'counter',
    unit: 'count',
    tags: ['packet', 'client', 'step'],
    sentence: 'Replies matched in order after a timeout, where a skipped reply could not be told; `where` is the cure.',
    suffered: true,
  },
  dropped_sends: {
    kind: 'counter',
    unit: 'count',
    tags: ['packet', 'client', 'step', 'cause'],
    sentence: 'Sends that were due and not made, by cause.',
    suffered: true,
  },
  protocol_errors: {
    kind: 'counter',
    unit: 'count',
    tags: ['client', 'code'],
    sentence:
      'Bytes from the server that break the framing or the packet definitions, or end inside a packet, by kind.',
    suffered: true,
  },
  iterations: {
    kind: 'counter',
    unit: 'count',
    tags: ['client'],
    sentence: 'Times a client went through its whole loop.',
  },
  audited_values: {
    kind: 'counter',
    unit: 'count',
    tags: ['client'],
    sentence:
      'Answered values that were audited for what the generator may have added: open response, closed service and broadcast times.',
    suffered: true,
  },
  contaminated_values: {
    kind: 'counter',
    unit: 'count',
    tags: ['client'],
    sentence: 'Audited values of which more than 2 ms, and more than a tenth, may be the generator’s.',
    suffered: true,
  },
  checks: {
    kind: 'rate',
    unit: 'ratio',
    tags: ['check', 'client', 'step'],
    sentence: 'Share of checks that held.',
    suffered: true,
  },
  faults_played: {
    kind: 'counter',
    unit: 'count',
    tags: ['fault', 'client'],
    sentence: 'Faults that clients played, as their kind’s `faults` say: packets, or connections, that each spoilt.',
  },
  bot_errors: {
    kind: 'counter',
    unit: 'count',
    tags: ['client'],
    sentence: 'Errors that the code of bots threw.',
  },
  transform_errors: {
    kind: 'counter',
    unit: 'count',
    tags: ['client'],
    sentence: 'Errors that the code of the transform threw.',
  },
  bot_counter: {
    kind: 'counter',
    unit: 'count',
    tags: ['name', 'client'],
    sentence: 'What bots counted, by their own names.',
  },
  bot_time: {
    kind: 'trend',
    unit: 'ms',
    tags: ['name', 'client'],
    sentence: 'Times that bots took, by their own names.',
  },
  bot_trend: {
    kind: 'trend',
    unit: 'count',
    tags: ['name', 'client'],
    sentence: 'Values that bots recorded, by their own names, rounded to whole numbers.',
  },
  errors: {
    kind: 'rate',
    unit: 'ratio',
    tags: ['client'],
    sentence:
      'Failed attempts ÷ attempts. Connects, due sends and waits are attempts, and fail by connect failures, drops, timeouts and lost replies; a connection that is lost unplanned, a script error and a protocol error count as a failed attempt each.',
    suffered: true,
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof catalog;

/** How many of the units that a metric is recorded in make one of those that it is shown in: 1000 µs in a millisecond. */
export function recordedUnits(metric: MetricName): number {
  return catalog[metric].unit === 'ms' ? 1000 : 1;
}

/** The metrics of one kind. */
export type MetricNameOf<Kind extends MetricKind> = {
  [Name in MetricName]: (typeof catalog)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

export type Tags = Readonly<Partial<Record<TagName, string>>>;

/** One series: a metric and the values of its tags. */
export interface SeriesId {
  readonly metric: MetricName;
  readonly tags: Tags;
}

/** A series as text, `response_time{client:"talker",packet:"C_Chat"}`: the same for the same tags in any order. */
export function seriesKey({ metric, tags }: SeriesId): string {
  const entries = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0
    ? metric
    : `${metric}{${entries.map(([tag, value]) => `${tag}:${JSON.stringify(value)}`).join(',')}}`;
}

/** A value belongs to the phase of its due time. */
export const phases = ['warmup', 'measured', 'rampdown'] as const;
export type Phase = 0 | 1 | 2;
