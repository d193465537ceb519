import { z } from 'zod';
import { SwarmError } from '../errors.js';
import { parseDuration, parseDurationRange, parseRate } from './quantities.js';

/** How messages speak of a part of the scenario. */
export interface Words {
  /** With its article: `a client kind`. */
  readonly what: string;
  /** What to write. */
  readonly hint?: string;
  /** Keys that later versions know. */
  readonly later?: readonly string[];
}

/** The words of every schema that messages may have to name. */
export const words = z.registry<Words>();

/** A quantity written as text: `parse` turns it into numbers, and throws a SwarmError for a text that is none. */
function quantity<T>(what: string, hint: string, examples: readonly string[], parse: (text: string) => T) {
  return z
    .string()
    .transform((text, context): T => {
      try {
        return parse(text);
      } catch (error) {
        if (!(error instanceof SwarmError)) throw error;
        context.issues.push({ code: 'custom', message: error.message, params: { hint: error.hint }, input: text });
        return z.NEVER;
      }
    })
    .meta({ examples: [...examples] })
    .register(words, { what, hint });
}

const duration = () =>
  quantity(
    'a duration',
    'write a number and its unit: 250ms, 30s, 1m30s or 2h',
    ['250ms', '30s', '1m30s'],
    parseDuration,
  );
const durationRange = () =>
  quantity('a duration or a range', 'write 100ms, or 100ms..300ms', ['100ms', '100ms..300ms'], parseDurationRange);
const rate = (examples: readonly string[]) =>
  quantity('a rate', 'write a number per unit of time: 200/s or 4/m', examples, parseRate);

const text = (what: string, hint?: string) =>
  z.string().register(words, hint === undefined ? { what } : { what, hint });
const count = (min: number, max = 1_000_000) => z.int().min(min).max(max).register(words, { what: 'a whole number' });
const mapping = <T extends z.ZodType>(value: T, hint: string) =>
  z.record(z.string(), value).register(words, { what: 'a mapping', hint });

// ── what a step sends and waits for ──

const scalar = z
  .union([z.string(), z.number(), z.boolean()])
  .register(words, { what: 'a value', hint: 'write text, a number, true or false' });

/** A value for a field: a list holds one mapping per element. */
export type ValueInput = string | number | boolean | readonly { readonly [field: string]: ValueInput }[];
const value: z.ZodType<ValueInput> = z
  .lazy(() =>
    z
      .union([z.string(), z.number(), z.boolean(), z.array(mapping(value, 'write { field: value }'))])
      .register(words, { what: 'a value', hint: 'write text, a number, true or false, or a list of mappings' }),
  )
  .meta({ id: 'value' });

const names = (what: string) =>
  z
    .union([z.string(), z.array(text(what)).min(1)])
    .register(words, { what, hint: 'write one name, or a list of them' });

const expectation = z
  .strictObject({
    packet: names('a packet name')
      .optional()
      .describe('The packet that is the reply, or a list: whichever comes first.'),
    line: names('a line').optional().describe('Text protocols: the whole line, letter for letter.'),
    pattern: names('a pattern').optional().describe('Text protocols: a regular expression (RE2) found in the line.'),
    timeout: duration().prefault('5s').describe('How long to wait.'),
    onTimeout: z
      .enum(['fail', 'continue'])
      .prefault('fail')
      .describe('fail ends the list and drops the connection; continue goes on with the next step.'),
    where: mapping(scalar, 'write where: { field: value }')
      .optional()
      .describe('Fields that must be equal for a packet to be the reply.'),
    save: mapping(scalar, "write save: { name: '${reply.field}' }")
      .optional()
      .describe('Values to keep as saved.<name>, for the steps that follow.'),
    check: mapping(scalar, "write check: { name: '${reply.field == 1}' }")
      .optional()
      .describe('Conditions that are counted: true or false.'),
  })
  .register(words, { what: 'an expectation' });

const expected = z.union([z.string(), z.array(text('a packet name')).min(1), expectation]).register(words, {
  what: 'an expectation',
  hint: 'write a packet name, a list of them, or { packet, timeout, save, … }',
});

const sendKeys = {
  send: text('a packet name').describe('The packet to send; for text protocols, the line.'),
  with: mapping(value, 'write with: { field: value }').optional().describe('The values of the packet’s fields.'),
  expect: expected.optional().describe('The reply: its response time is measured.'),
};

// ── steps ──

const stepList = { what: 'a list of steps', hint: 'begin each step with a dash' };

const sendStep = z.strictObject(sendKeys).register(words, { what: 'a send step', later: ['broadcast'] });
const expectStep = z
  .strictObject({ expect: expected.describe('Waits for a packet.') })
  .register(words, { what: 'an expect step' });
const pauseStep = z
  .strictObject({ pause: durationRange().describe('Waits; a range draws anew each time.') })
  .register(words, { what: 'a pause step' });
const disconnectStep = z
  .strictObject({
    disconnect: z
      .union([z.literal(true), z.null()])
      .register(words, { what: 'true', hint: 'write `disconnect: true`' })
      .describe('Leaves, as planned.'),
  })
  .register(words, { what: 'a disconnect step' });
export type EveryInput = z.output<typeof everyEntry>;
export type StepInput =
  | z.output<typeof sendStep>
  | z.output<typeof expectStep>
  | z.output<typeof pauseStep>
  | z.output<typeof disconnectStep>
  | { repeat: { times: number; steps: StepInput[] } };

const step: z.ZodType<StepInput> = z
  .lazy(() =>
    z
      .union([sendStep, expectStep, pauseStep, repeatStep, disconnectStep])
      .register(words, { what: 'a step', hint: 'a step is one of send, expect, pause, repeat, disconnect' }),
  )
  .meta({ id: 'step' });
const repeatStep = z
  .strictObject({
    repeat: z
      .strictObject({
        times: count(1, 1_000_000_000).describe('How often.'),
        steps: z.array(step).register(words, stepList),
      })
      .register(words, { what: 'a repeat', hint: 'write repeat: { times: 3, steps: [ … ] }' }),
  })
  .register(words, { what: 'a repeat step' });
const steps = () => z.array(step).register(words, stepList);

// ── client kinds ──

const everyEntry = z
  .strictObject({
    interval: duration().optional().describe('Each client sends once per interval.'),
    rate: rate(['4/s', '30/m']).optional().describe('How often each client sends; in place of interval.'),
    ...sendKeys,
  })
  .register(words, {
    what: 'an entry of every',
    later: ['totalRate', 'arrivals', 'poisson', 'phase', 'pacing', 'broadcast'],
  });

const clientKind = z
  .strictObject({
    weight: count(1).prefault(1).describe('The share of the clients, relative to the other kinds.'),
    data: text('the path of a CSV file')
      .optional()
      .describe('A CSV file, from here; client i has row i as data.<column>.'),
    start: steps().optional().describe('In order, once per connection.'),
    loop: steps().optional().describe('Closed loop: the next round begins when this one ended.'),
    every: z
      .array(everyEntry)
      .register(words, { what: 'a list', hint: 'begin each entry with a dash' })
      .optional()
      .describe('Open loop: sends that are due on time, whether or not answers came.'),
    on: mapping(steps(), 'write on: { S_Ping: [ { send: C_Pong } ] }')
      .optional()
      .describe('What to do when the server sends a packet that nothing else waits for.'),
    lifetime: durationRange().optional().describe('How long a client stays before it leaves and comes back.'),
  })
  .register(words, { what: 'a client kind', later: ['reconnect', 'bot', 'rooms', 'transform'] });

// ── the rest ──

const stage = z
  .strictObject({
    duration: duration().describe('How long the stage lasts.'),
    target: count(0).describe('How many clients are connected at its end.'),
  })
  .register(words, { what: 'a stage', hint: 'write { duration: 10s, target: 100 }' });

const load = z
  .strictObject({
    clients: count(1).optional().describe('How many clients; with duration.'),
    duration: duration().optional().describe('How long the clients stay, once all of them have been asked to connect.'),
    stages: z
      .array(stage)
      .min(1)
      .register(words, { what: 'a list of stages', hint: 'begin each stage with a dash' })
      .optional()
      .describe('Connected clients over time, in straight lines; in place of clients and duration.'),
    connectRate: rate(['200/s', '1000/s'])
      .optional()
      .describe(
        'New connections a second: with clients the speed of the ramp (default 1000/s), with stages the steepest that is allowed.',
      ),
    warmup: duration().prefault('0s').describe('Kept out of the totals.'),
    begin: z
      .enum(['each', 'together'])
      .prefault('each')
      .describe('together: loop and every start when every client has finished, or failed, its start list.'),
    gracefulStop: duration().prefault('1s').describe('Sends have stopped; clients stay to hear what is under way.'),
    connectTimeout: duration().prefault('10s').describe('After this a connection counts as failed.'),
  })
  .register(words, {
    what: 'a load',
    hint: 'write load: { clients: 100, duration: 30s }',
    later: ['arrivalRate', 'capacity'],
  });

const framingName = z.enum(['servercore', 'line', 'raw']);
const maxPacketSize = () =>
  count(1, 2 ** 31 - 1)
    .prefault(65535)
    .describe('The largest packet in bytes, header included.');
const delimiterFraming = z
  .strictObject({ delimiter: text('text').describe('Ends each packet.'), maxPacketSize: maxPacketSize() })
  .register(words, { what: 'framing by a delimiter' });
const lengthFraming = z
  .strictObject({
    lengthFieldOffset: count(0, 255).prefault(0).describe('Where the length field begins, in bytes.'),
    lengthFieldLength: z
      .literal([1, 2, 3, 4, 8])
      .register(words, { what: 'a size in bytes' })
      .describe('The size of the length field in bytes.'),
    endian: z.enum(['little', 'big']).prefault('little').describe('The byte order of length and id.'),
    lengthAdjustment: count(-255, 255)
      .prefault(0)
      .describe('packet size = lengthFieldOffset + lengthFieldLength + value of the field + lengthAdjustment'),
    idOffset: count(0, 255)
      .optional()
      .describe('Where the packet id begins, in bytes; absent where packets have none.'),
    idLength: z
      .literal([1, 2, 4])
      .register(words, { what: 'a size in bytes' })
      .prefault(2)
      .describe('The size of the packet id in bytes.'),
    headerSize: count(1, 1024)
      .optional()
      .describe('Bytes before the body; by default, up to the end of length and id.'),
    maxPacketSize: maxPacketSize(),
  })
  .register(words, {
    what: 'framing by a length field',
    later: ['idMask', 'idShift', 'fixedLength', 'initialBytesToStrip'],
  });
const oneFraming = z.union([framingName, delimiterFraming, lengthFraming]).register(words, {
  what: 'a framing',
  hint: 'write servercore, line, raw, { delimiter: "\\r\\n" }, or the fields of a length header',
});
const twoFramings = z
  .strictObject({
    send: oneFraming.describe('What clients send.'),
    receive: oneFraming.describe('What clients receive.'),
  })
  .register(words, { what: 'framing by direction' });

const protocol = z
  .strictObject({
    framing: z
      .union([framingName, delimiterFraming, lengthFraming, twoFramings])
      .register(words, words.get(oneFraming)!)
      .prefault('servercore')
      .describe('How packets are cut from the stream.'),
    packets: text('the path of a packet definition, or text')
      .optional()
      .describe('A PDL file, from here; or text: one line a packet.'),
  })
  .register(words, {
    what: 'a protocol',
    hint: 'write protocol: { packets: chat.pdl.xml }',
    later: ['transform', 'tls', 'stamp'],
  });

const thresholdEntry = z
  .union([
    z.string(),
    z
      .strictObject({
        threshold: text('a threshold').describe('The expression, as in p(99)<100.'),
        abortOnFail: z
          .boolean()
          .register(words, { what: 'true or false' })
          .prefault(false)
          .describe('Ends the run as soon as it fails.'),
        delayAbortEval: duration()
          .prefault('0s')
          .describe('How long after the start of measuring that may first happen.'),
      })
      .register(words, { what: 'a threshold' }),
  ])
  .register(words, { what: 'a threshold', hint: "write 'p(99)<100' or { threshold: 'p(99)<100', abortOnFail: true }" });

/** The scenario file: the source of its validation, of its type and of the JSON Schema that editors complete from. */
export const scenarioSchema = z
  .strictObject({
    name: text('text').optional().describe('The name of reports; by default the name of the file.'),
    target: text('a target', 'write tcp://host:port, host:port, [::1]:port or embedded:chat').describe(
      'The server: tcp://host:port, host:port, [::1]:port; embedded:chat, embedded:move or embedded:echo starts the bundled one.',
    ),
    protocol: protocol.optional().describe('How the server speaks; embedded targets know.'),
    load: load.describe('How many clients, and when.'),
    seed: count(0, Number.MAX_SAFE_INTEGER).prefault(1).describe('Every random choice follows from it.'),
    clients: z
      .record(z.string(), clientKind)
      .register(words, { what: 'a mapping of client kinds', hint: 'write clients: { name: { loop: [ … ] } }' })
      .describe('The kinds of clients, by name.'),
    thresholds: z
      .record(
        z.string(),
        z.array(thresholdEntry).register(words, { what: 'a list of thresholds', hint: "write ['p(99)<100']" }),
      )
      .register(words, { what: 'a mapping of metrics', hint: "write response_time: ['p(99)<100']" })
      .optional()
      .describe('What must hold, in k6’s grammar: metric{tag:value}: [ expressions ].'),
  })
  .register(words, {
    what: 'a scenario',
    hint: 'it has at least target, load and clients',
    later: ['tls', 'bot', 'server', 'extends', 'rooms'],
  });

export type ScenarioInput = z.output<typeof scenarioSchema>;
export type ClientKindInput = z.output<typeof clientKind>;
export type ExpectInput = z.output<typeof expected>;
export type FramingInput = z.output<typeof protocol>['framing'];
