import { z } from 'zod';
import { parseAddresses } from './addresses.js';
import { faults } from './fault-schema.js';
import { framing, preamble } from './framing-schema.js';
import { inlinePacketsSchema } from './inline-schema.js';
import { count, duration, durationRange, mapping, quantity, rate, rateTarget, text, words } from './schema-parts.js';
import { parseServerFault, serverFaultExamples } from './server-faults.js';
import { answers, botBroadcasts, sendKeys, steps } from './step-schema.js';

const rateStage = z
  .strictObject({
    duration: duration().describe('How long the stage lasts.'),
    target: rateTarget(['10/s', '0/s']).describe('The rate at its end.'),
  })
  .register(words, { what: 'a stage', hint: 'write { duration: 10s, target: 10/s }' });
const rateOrStages = (examples: readonly string[]) =>
  z
    .union([
      rate(examples),
      z
        .strictObject({
          stages: z
            .array(rateStage)
            .min(1)
            .register(words, { what: 'a list of stages', hint: 'begin each stage with a dash' })
            .describe('The rate over time, in straight lines from 0; the last target stays.'),
        })
        .register(words, { what: 'a rate' }),
    ])
    .register(words, { what: 'a rate', hint: 'write 4/s, or { stages: [ { duration: 10s, target: 10/s } ] }' });

const everyEntry = z
  .strictObject({
    interval: duration().optional().describe('Each client sends once per interval.'),
    rate: rateOrStages(['4/s', '30/m']).optional().describe('How often each client sends; in place of interval.'),
    totalRate: rateOrStages(['4000/s'])
      .optional()
      .describe(
        'How often all clients of the kind send together, dealt to them in turn; from the end of the first ramp to the last descent.',
      ),
    arrivals: z
      .enum(['constant', 'poisson'])
      .prefault('constant')
      .describe('constant: at even distances. poisson: at random, as independent users come.'),
    phase: z
      .enum(['random', 'even'])
      .optional()
      .describe(
        'Where each client stands in its interval: random (default) draws from the seed, even gives client i of n its i/n.',
      ),
    ...sendKeys,
  })
  .register(words, { what: 'an entry of every' });

const clientKind = z
  .strictObject({
    weight: count(1)
      .register(words, { what: 'a whole number', below: 'to have none of these clients, leave the kind out' })
      .prefault(1)
      .describe('The share of the clients, relative to the other kinds: a whole number.'),
    data: text('the path of a CSV file')
      .optional()
      .describe('A CSV file, from here; client i has row i as data.<column>.'),
    bot: text('the path of a bot')
      .optional()
      .describe(
        'Code that drives the clients in place of start, loop, every and on: a TypeScript or JavaScript file, from here.',
      ),
    options: mapping(z.unknown(), 'write options: { name: value }')
      .optional()
      .describe('Constants that the bot is handed.'),
    broadcasts: botBroadcasts()
      .optional()
      .describe('The packets in which everyone hears what the bot sends by `broadcast`: time and reach are measured.'),
    start: steps().optional().describe('In order, once per connection.'),
    loop: steps().optional().describe('Closed loop: the next round begins when this one ended.'),
    every: z
      .array(everyEntry)
      .register(words, { what: 'a list', hint: 'begin each entry with a dash' })
      .optional()
      .describe('Open loop: sends that are due on time, whether or not answers came.'),
    on: answers().optional().describe('What to do when the server sends a packet that nothing else waits for.'),
    lifetime: durationRange().optional().describe('How long a client stays before it leaves and comes back.'),
    reconnect: z
      .strictObject({
        after: duration().prefault('1s').describe('The wait before the first attempt; each next one is twice as long.'),
        max: duration().prefault('30s').describe('The longest wait.'),
      })
      .register(words, { what: 'a reconnect', hint: 'write reconnect: { after: 1s, max: 30s }' })
      .optional()
      .describe(
        'A client that was lost, or could not connect, tries again; without it a lost client stays lost, unless it has faults: then it comes back after about a second.',
      ),
    faults: faults()
      .optional()
      .describe('What these clients do wrong, to show that the server and the others bear it.'),
  })
  .register(words, { what: 'a client kind', later: ['rooms'] });

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
    pacing: z
      .enum(['normal', 'precise'])
      .prefault('normal')
      .describe(
        'precise: sends on the microsecond, for a core of each worker; normal may be a timer’s tick (1 ms) late.',
      ),
    localAddresses: z
      .array(
        quantity(
          'an IP address',
          'write 127.0.0.1, 127.0.0.1-127.0.0.20 or 127.0.1.0/28',
          ['127.0.0.1'],
          parseAddresses,
        ),
      )
      .min(1)
      .register(words, { what: 'a list of IP addresses', hint: 'write [127.0.0.1, 127.0.0.2]', most: 256 })
      .optional()
      .describe(
        'The addresses to connect from, dealt to the clients in turn: each has its own ports. Ranges and networks too.',
      ),
    tcp: z
      .strictObject({
        noDelay: z
          .boolean()
          .register(words, { what: 'true or false' })
          .prefault(true)
          .describe('Each write is sent at once (TCP_NODELAY).'),
        keepAlive: duration()
          .optional()
          .describe('After so long a silence the system asks whether the server is there.'),
      })
      .register(words, { what: 'options of TCP', hint: 'write tcp: { noDelay: true, keepAlive: 30s }' })
      .optional()
      .describe('What the sockets are set to.'),
  })
  .register(words, {
    what: 'a load',
    hint: 'write load: { clients: 100, duration: 30s }',
    later: ['arrivalRate', 'capacity'],
  });

const transform = z
  .union([
    text('the path of a module'),
    z
      .strictObject({
        module: text('the path of a module').describe(
          'A TypeScript or JavaScript file, from here: its default export makes { encode, decode } for each connection.',
        ),
        options: mapping(z.unknown(), 'write options: { name: value }')
          .optional()
          .describe('Constants that the module is handed.'),
        covers: z
          .enum(['body', 'afterLength', 'stream'])
          .optional()
          .describe(
            'body (default): what stands behind the header of each frame. afterLength: all that stands behind its length field, the id too. stream: every byte of the connection.',
          ),
      })
      .register(words, { what: 'a transform' }),
  ])
  .register(words, {
    what: 'a transform',
    hint: 'write transform: ./cipher.ts, or { module: ./cipher.ts, covers: stream }',
  });

const protocol = z
  .strictObject({
    framing: framing.prefault('servercore').describe('How packets are cut from the stream.'),
    preamble: preamble
      .optional()
      .describe('Sent once on connecting, before all packets and without framing: text, or { hex: … }.'),
    transform: transform
      .optional()
      .describe('Code that scrambles, compresses or signs: a TypeScript or JavaScript module, from here.'),
    packets: z
      .union([z.string(), inlinePacketsSchema])
      .register(words, {
        what: 'packet definitions',
        hint: 'write the path of a PDL, .proto or YAML file, text, json, bytes, or { definitions: { Login: { id: 1, fields: { name: string } } } }',
      })
      .optional()
      .describe(
        'A PDL, .proto or YAML file, from here; the definitions themselves; or text, json or bytes: a line, a value of JSON or raw bytes a packet.',
      ),
    reading: z
      .enum(['strict', 'original'])
      .optional()
      .describe(
        'original reads a PDL file as the original generator does, for a server built with it: unknown types are dropped, a self-closing packet swallows the next.',
      ),
    ids: mapping(count(0, 65_535), 'write ids: { C_Chat: 7 }')
      .optional()
      .describe(
        'Packet ids by name. All others keep theirs: in a PDL file their number, from 1; in a .proto what its enum or option says.',
      ),
    idEnum: text('the name of an enum')
      .optional()
      .describe('The enum of a .proto whose values are the ids of the messages; MsgId unless said otherwise.'),
    idOption: text('the name of a message option')
      .optional()
      .describe('The message option of a .proto that holds the id of its message; msg_id unless said otherwise.'),
  })
  .register(words, {
    what: 'a protocol',
    hint: 'write protocol: { packets: chat.pdl.xml }',
    later: ['stamp'],
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

const tls = z
  .strictObject({
    serverName: text('a host name')
      .optional()
      .describe(
        'The name that is asked for (SNI) and that the certificate must have; by default the host of the target.',
      ),
    ca: text('the path of a PEM file').optional().describe('The certificates to trust, in place of the system’s.'),
    cert: text('the path of a PEM file').optional().describe('The certificate of the clients; with key.'),
    key: text('the path of a PEM file').optional().describe('The private key of cert.'),
    insecure: z.boolean().register(words, { what: 'true or false' }).prefault(false).describe('Takes any certificate.'),
  })
  .register(words, { what: 'options of TLS', hint: 'write tls: { ca: ca.pem }, or tls: { insecure: true }' });

/** The scenario file: the source of its validation, of its type and of the JSON Schema that editors complete from. */
export const scenarioSchema = z
  .strictObject({
    name: text('text').optional().describe('The name of reports; by default the name of the file.'),
    target: text(
      'a target',
      'write tcp://host:port, host:port, [::1]:port, tls://host:port, unix:/path or embedded:chat',
    ).describe(
      'The server: tcp://host:port, host:port, [::1]:port, tls://host:port, unix:/path; embedded:chat, embedded:move or embedded:echo starts the bundled one.',
    ),
    tls: tls.optional().describe('For a target of tls://: whom to trust, and who the clients are.'),
    serverFaults: z
      .array(quantity('a fault', 'write drop 1% or delay 5ms..50ms', serverFaultExamples, parseServerFault))
      .register(words, { what: 'a list of faults', hint: 'write serverFaults: [ drop 1%, "delay 5ms..50ms" ]' })
      .optional()
      .describe('How the embedded server misbehaves; see `swarm serve --help`.'),
    protocol: protocol.optional().describe('How the server speaks; embedded targets know.'),
    load: load.describe('How many clients, and when.'),
    seed: count(0, Number.MAX_SAFE_INTEGER).prefault(1).describe('Every random choice follows from it.'),
    clients: z
      .record(z.string(), clientKind)
      .register(words, {
        what: 'a mapping of client kinds',
        hint: 'write clients: { name: { loop: [ … ] } }',
        most: 1000,
      })
      .describe('The kinds of clients, by name.'),
    thresholds: z
      .record(
        z.string(),
        z.array(thresholdEntry).min(1).register(words, {
          what: 'a list of thresholds',
          hint: 'write what must hold, as in [ "p(99)<100" ] or [ "rate<0.01" ], or take the metric away',
        }),
      )
      .register(words, { what: 'a mapping of metrics', hint: "write response_time: ['p(99)<100']" })
      .optional()
      .describe('What must hold, in k6’s grammar: metric{tag:value}: [ expressions ].'),
  })
  .register(words, {
    what: 'a scenario',
    hint: 'it has at least target, load and clients',
    later: ['server', 'extends', 'rooms'],
  });

export type ScenarioInput = z.output<typeof scenarioSchema>;
export type ClientKindInput = z.output<typeof clientKind>;
export type TransformInput = z.output<typeof transform>;
export type EveryInput = z.output<typeof everyEntry>;
