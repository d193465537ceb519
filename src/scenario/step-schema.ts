import { z } from 'zod';
import { count, duration, durationRange, mapping, number, text, words } from './schema-parts.js';

const scalar = z
  .union([z.string(), number(), z.boolean()])
  .register(words, { what: 'a value', hint: 'write text, a number, true or false' });

/** A value for a field: a structure is a mapping, a list holds one mapping per element, bytes are `{ hex: '0a 0b' }`. */
export type ValueInput =
  | string
  | number
  | bigint
  | boolean
  | readonly ValueInput[]
  | { readonly [field: string]: ValueInput };
const value: z.ZodType<ValueInput> = z
  .lazy(() =>
    z
      .union([z.string(), number(), z.boolean(), z.array(value), mapping(value, 'write { field: value }')])
      .register(words, { what: 'a value', hint: 'write text, a number, true or false, a list or a mapping' }),
  )
  .meta({ id: 'value' });

/** A value of JSON as a scenario writes it, with expressions in its texts. */
export type JsonInput =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly JsonInput[]
  | { readonly [key: string]: JsonInput };
const json: z.ZodType<JsonInput> = z
  .lazy(() =>
    z
      .union([z.string(), number(), z.boolean(), z.null(), z.array(json), mapping(json, 'write { key: value }')])
      .register(words, {
        what: 'a value of JSON',
        hint: 'write text, a number, true, false, null, a list or a mapping',
      }),
  )
  .meta({ id: 'json' });

const sent = z
  .union([z.string(), number(), z.boolean(), z.null(), z.array(json), mapping(json, 'write { key: value }')])
  .register(words, { what: 'a packet name', hint: 'write the name of a packet, a line, or a value of JSON' });
export type SentInput = z.output<typeof sent>;

const jsonMembers = z
  .record(
    z.string().regex(/^(\/|$)/),
    z
      .union([z.string(), number(), z.boolean(), z.null()])
      .register(words, { what: 'a single value', hint: 'write text, a number, true, false or null' }),
  )
  .register(words, { what: 'a mapping of JSON pointers', hint: 'write { /type: welcome }' });
const bytesPattern = z
  .strictObject({
    hex: text('bytes in hex')
      .optional()
      .describe("Two digits a byte, ? for any digit, * at the end for any bytes: '90 ?? *'."),
    base64: text('bytes in base64').optional().describe('These bytes.'),
    text: text('a text').optional().describe('The bytes of this text in UTF-8.'),
    file: text('the path of a file').optional().describe('The bytes of this file, from here.'),
  })
  .register(words, { what: 'bytes', hint: "write { hex: '90 ?? *' }, or any" });
const frame = z
  .union([z.string(), jsonMembers, bytesPattern])
  .register(words, { what: 'a frame to wait for', hint: "write { /type: welcome }, { hex: '90 ?? *' } or any" });
export type FrameInput = z.output<typeof frame>;

const frames = z.union([z.string(), z.array(frame).min(1), jsonMembers, bytesPattern]).register(words, {
  what: 'a frame to wait for',
  hint: "write { /type: welcome }, { hex: '90 ?? *' }, any, or a list",
});

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
    match: frames
      .optional()
      .describe("JSON: { /type: welcome }; bytes: { hex: '90 ?? *' }; any for whatever comes; or a list."),
    timeout: duration().prefault('5s').describe('How long to wait.'),
    onTimeout: z
      .enum(['fail', 'continue'])
      .prefault('fail')
      .describe('fail ends the list and drops the connection; continue goes on with the next step.'),
    where: mapping(scalar, 'write where: { field: value }')
      .optional()
      .describe('Fields, or JSON pointers, that must be equal for a packet to be the reply.'),
    save: mapping(scalar, "write save: { name: '${reply.field}' }")
      .optional()
      .describe('Values to keep as saved.<name>, for the steps that follow.'),
    check: mapping(scalar, "write check: { name: '${reply.field == 1}' }")
      .optional()
      .describe('Conditions that are counted: true or false.'),
  })
  .register(words, { what: 'an expectation' });

const expected = z.union([z.string(), z.array(frame).min(1), expectation, jsonMembers, bytesPattern]).register(words, {
  what: 'an expectation',
  hint: 'write a packet name, a list of them, or { packet, timeout, save, … }; for JSON { /type: welcome }',
});
export type ExpectInput = z.output<typeof expected>;

const broadcastKeys = {
  packet: text('a packet name').describe(
    'The packet that brings the stamp to everyone; text, json or bytes where packets have no names.',
  ),
  timeout: duration().prefault('2s').describe('A copy that has not come by then is missing.'),
  guard: duration()
    .prefault('500ms')
    .describe('Clients that came or left within this time of a send are not expected to hear it.'),
  echo: z
    .boolean()
    .register(words, { what: 'true or false' })
    .prefault(true)
    .describe('Whether the sender hears it too.'),
};
const broadcastWords = { what: 'a broadcast', hint: 'write the name of the packet that everyone gets, as in S_Chat' };
const broadcast = z
  .union([z.string(), z.strictObject(broadcastKeys).register(words, { what: 'a broadcast' })])
  .register(words, broadcastWords);
export type BroadcastInput = z.output<typeof broadcast>;

const botBroadcast = z
  .union([
    z.string(),
    z
      .strictObject({
        ...broadcastKeys,
        field: text('the name of a field')
          .optional()
          .describe('The whole-number field of the packet that is the stamp; without it, the stamp is in a string.'),
      })
      .register(words, { what: 'a broadcast' }),
  ])
  .register(words, broadcastWords);
export type BotBroadcastInput = z.output<typeof botBroadcast>;

/** The broadcasts that a bot starts: only code says what is sent, so it has to be said in which packets it is heard. */
export const botBroadcasts = () =>
  z.array(botBroadcast).register(words, { what: 'a list of broadcasts', hint: 'write broadcasts: [S_Chat]' });

/** What a send step and an entry of `every` have in common. */
export const sendKeys = {
  send: sent.describe(
    "The packet to send; for text the line, for JSON the value, for bytes { hex: '0a 0b' } and the like.",
  ),
  with: mapping(value, 'write with: { field: value }').optional().describe('The values of the packet’s fields.'),
  expect: expected.optional().describe('The reply: its response time is measured.'),
  broadcast: broadcast
    .optional()
    .describe(
      'The packet in which everyone hears what was sent: its time and reach are measured, by the ${stamp} in `with`.',
    ),
};

const stepList = { what: 'a list of steps', hint: 'begin each step with a dash' };

const sendStep = z.strictObject(sendKeys).register(words, { what: 'a send step' });
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

/** A list of steps: of `start`, `loop` or an answer under `on`. */
export const steps = () => z.array(step).register(words, stepList);

/** `on`: lists of steps by what they answer; where frames have no names that go into a key, a list. */
export const answers = () =>
  z
    .union([
      mapping(steps(), 'write on: { S_Ping: [ { send: C_Pong } ] }'),
      z
        .array(
          z
            .strictObject({
              match: frame.describe("JSON: { /type: ping }; bytes: { hex: '90 ?? *' }; or any."),
              steps: steps().describe('What to do when such a frame comes; reply is that frame.'),
            })
            .register(words, { what: 'an answer', hint: 'write { match: { /type: ping }, steps: [ … ] }' }),
        )
        .min(1)
        .register(words, { what: 'a list of answers', hint: 'begin each with a dash' }),
    ])
    .register(words, { what: 'a mapping', hint: 'write on: { S_Ping: [ { send: C_Pong } ] }' });
