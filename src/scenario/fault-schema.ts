import { z } from 'zod';
import { didYouMean } from './hints.js';
import { parseByteRange, parseDataRate, parseMoment, parseShare } from './quantities.js';
import { count, duration, durationRange, quantity, rate, words } from './schema-parts.js';

const share = () => quantity('a share', 'write a percentage: 30%', ['30%', '5%'], parseShare);
const byteRange = () =>
  quantity('a number of bytes or a range', 'write 7, or 1..3', ['1..3', '7..1400'], parseByteRange);
const after = () =>
  quantity('a time after the connect, or `start`', 'write start, or 2s', ['start', '2s'], parseMoment)
    .prefault('0s')
    .describe('How long after the connect it begins; start: when the start list is done.');

/** When it is played, on the clock of the run. */
const times = {
  from: duration().prefault('0s').describe('Not before this time of the run: a calm stretch to compare with.'),
  until: duration().optional().describe('Not after this time of the run; without it, to the end.'),
};

const ofPackets = {
  share: share().optional().describe('Of the packets; by default 100%.'),
  rate: rate(['0.2/s', '1/m']).optional().describe('How often per client, in place of share; at random times.'),
  ...times,
};

const ofConnections = {
  share: share().optional().describe('Of the connections; by default 100%.'),
  ...times,
};

/** What faults of packets alone have, and what to write in its place. */
const ofPacketsOnly = {
  rate: 'faults of connections have no rate, but a share of them: write share: 30%',
};

/** `name: { … }`. */
function fault<Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape, sentence: string) {
  const options = z
    .strictObject(shape)
    .register(words, {
      what: `options of ${name}`,
      hint: `write ${name}: {}, or ${name}: { share: 30% }`,
      elsewhere: ofPacketsOnly,
    })
    .describe(sentence);
  return z.strictObject({ [name]: options } as Record<Name, typeof options>).register(words, { what: 'a fault' });
}

const size = z
  .union([z.enum(['short', 'larger', 'largest']), count(0, Number.MAX_SAFE_INTEGER)])
  .register(words, { what: 'a size', hint: 'write a whole number, short, larger or largest' });

const faultSchemas = [
  fault(
    'fragment',
    {
      bytes: byteRange().prefault('1..3').describe('So many bytes at a time.'),
      pause: durationRange().prefault('5ms..20ms').describe('How long it waits between two pieces.'),
      ...ofPackets,
    },
    'Sends a packet in pieces, with pauses between them.',
  ),
  fault('resetMidPacket', ofPackets, 'Sends a part of a packet, then resets the connection.'),
  fault(
    'wrongSize',
    {
      sizes: z
        .array(size)
        .min(1)
        .register(words, { what: 'a list of sizes', hint: 'write [0, 1, short, larger, largest]' })
        .optional()
        .describe(
          'What the size field says, one of these at a time: a number; short: less than the header; larger: more than is sent; largest: all that it can hold.',
        ),
      ...ofPackets,
    },
    'Writes a size that is not that of the packet.',
  ),
  fault('unknownId', ofPackets, 'Writes an id that no packet has.'),
  fault('truncate', ofPackets, 'Cuts the end of the body off; the size field says what is left.'),
  fault(
    'overlong',
    { bytes: byteRange().prefault('1..64').describe('So many more.'), ...ofPackets },
    'Adds random bytes to the body; the size field counts them.',
  ),
  fault(
    'randomBytes',
    { bytes: byteRange().prefault('1..256').describe('How many.'), ...ofPackets },
    'Sends random bytes in place of a packet.',
  ),
  fault(
    'mutate',
    { bytes: byteRange().prefault('1..4').describe('How many.'), ...ofPackets },
    'Changes bytes anywhere in a packet.',
  ),
  fault(
    'glue',
    {
      bytes: byteRange().prefault('7..1400').describe('So many bytes at a time, wherever packets begin and end.'),
      wait: duration().prefault('200ms').describe('Bytes that do not fill a piece wait no longer than this.'),
      ...ofConnections,
    },
    'Gathers packets, and sends them in pieces of odd sizes.',
  ),
  fault(
    'readSlowly',
    {
      rate: quantity('a number of bytes a second', 'write 1kB/s, 500B/s or 1MB/s', ['1kB/s'], parseDataRate)
        .prefault('1kB/s')
        .describe('Bytes that it reads in a second, on average.'),
      ...ofConnections,
    },
    'Reads what the server sends more slowly than it comes.',
  ),
  fault('stopReading', { after: after(), ...ofConnections }, 'Reads nothing more; goes on sending.'),
  fault('silence', { after: after(), ...ofConnections }, 'Sends nothing more; goes on reading.'),
  fault(
    'halfOpen',
    { after: after(), ...ofConnections },
    'Neither sends nor reads, and does not close: as a machine that lost its power.',
  ),
  fault('halfClose', { after: after(), ...ofConnections }, 'Ends its side (FIN), and goes on reading.'),
  fault(
    'leaveAtOnce',
    {
      after: durationRange().prefault('0s').describe('How long after the connect; a range draws anew each time.'),
      ...ofConnections,
    },
    'Connects and leaves.',
  ),
] as const;

const names = faultSchemas.map(({ shape }) => Object.keys(shape)[0]!);
const oneOfThem = `write one of ${names.join(', ')}`;

/** The name alone: every option has a default. */
const bareFault = () =>
  z
    .string()
    .transform((name, context): FaultInput => {
      const i = names.indexOf(name);
      if (i >= 0) return faultSchemas[i]!.parse({ [name]: {} });
      const hint = didYouMean(name, names, 'write one of');
      context.issues.push({ code: 'custom', message: `\`${name}\` is not a fault`, params: { hint }, input: name });
      return z.NEVER;
    })
    .meta({ enum: names })
    .register(words, { what: 'a fault', hint: oneOfThem });

/** The faults that the clients of a kind play. */
export const faults = () =>
  z
    .array(z.union([...faultSchemas, bareFault()]).register(words, { what: 'a fault', hint: oneOfThem }))
    .min(1)
    .register(words, {
      what: 'a list of faults',
      hint: 'begin each fault with a dash: - truncate, or - mutate: { share: 10% }',
    });

export type FaultInput = z.output<(typeof faultSchemas)[number]>;
