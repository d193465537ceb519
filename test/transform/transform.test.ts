import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { botDriver } from '../../src/bot/bot-driver.js';
import { type Framing, type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import { presets } from '../../src/scenario/framing-presets.js';
import type { ExpectStep, Plan, SendStep, TransformPlan } from '../../src/scenario/plan.js';
import { type Transform, type TransformedPacket, unchangedCode } from '../../src/transform/transform.js';
import { samplesOf, TestBot } from '../bot/bot-rehearsal.js';
import { fromHex } from '../core/hex.js';
import { announce, answer, ask, expression, kind, number, paced, pause, planOf, tell } from '../support/plans.js';
import { Counting, framed, marking, rehearse, type TransformRehearsalOptions } from './transform-rehearsal.js';

/** [magic ca fe][size, a varint, of what follows it][flags 07][id] */
const varintInside: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 2,
  lengthFieldLength: 'varint',
  endian: 'big',
  lengthAdjustment: 0,
  idOffset: 3,
  idLength: 1,
  headerFields: [
    { name: 'magic', offset: 0, length: 2, value: 0xcafe },
    { name: 'flags', offset: 2, length: 1, value: 7 },
  ],
  headerSize: 4,
  maxPacketSize: 1000,
};

interface WireCase {
  readonly framing: Framing;
  readonly covers: TransformPlan['covers'];
  /** C_Ask with n = 1. */
  readonly ask: string;
  /** S_Answer with n = 2. */
  readonly answer: string;
}

const wireCases: Readonly<Record<string, WireCase>> = {
  'bodies, behind a size that counts the packet': {
    framing: serverCoreFraming,
    covers: 'body',
    ask: '0900 0100 ff02010101',
    answer: '0900 0200 ff03010101',
  },
  'all behind the length, the id too': {
    framing: serverCoreFraming,
    covers: 'afterLength',
    ask: '0900 ff 0201 02010101',
    answer: '0900 ff 0301 03010101',
  },
  'a stream': {
    framing: serverCoreFraming,
    covers: 'stream',
    ask: 'ff 0901 0201 02010101',
    answer: 'ff 0901 0301 03010101',
  },
  'bodies, where the id comes first': {
    framing: presets['id-first'].framing,
    covers: 'body',
    ask: '0100 0900 ff02010101',
    answer: '0200 0900 ff03010101',
  },
  'all behind the length, where the id comes first': {
    framing: presets['id-first'].framing,
    covers: 'afterLength',
    ask: '0100 0900 ff02010101',
    answer: '0200 0900 ff03010101',
  },
  'bodies, behind a varint': {
    framing: varintInside,
    covers: 'body',
    ask: 'cafe 07 07 01 ff02010101',
    answer: 'cafe 07 07 02 ff03010101',
  },
  'all behind a varint': {
    framing: varintInside,
    covers: 'afterLength',
    ask: 'cafe 07 ff 08 02 02010101',
    answer: 'cafe 07 ff 08 03 03010101',
  },
};

const asking = kind({
  start: [ask(number(1), answer({ check: [{ name: 'is 2', value: expression('reply.n == 2') }], fields: ['n'] }))],
});

/** A text line a packet. */
function textPlan(framing: Framing, ...lines: readonly string[]): Plan {
  const start = lines.map(
    (line): SendStep => ({ ...tell(), packet: line, values: [{ kind: 'constant', value: line }] }),
  );
  const plan = framed(planOf([kind({ start })]), framing);
  return { ...plan, protocol: { ...plan.protocol, packets: { format: 'text' } } };
}

const base64: Transform = {
  encode: (bytes) => new TextEncoder().encode(Buffer.from(bytes).toString('base64')),
  decode: (bytes) => Buffer.from(Buffer.from(bytes).toString('latin1'), 'base64'),
};

const text = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1');

describe('what a transform covers', () => {
  it.each(Object.entries(wireCases))(
    '%s: is encoded and decoded there, and the length is true',
    async (_what, { framing, covers, ...wire }) => {
      const plan = framed(planOf([asking]), framing);
      const greeting = [fromHex(wire.answer)];
      const { rehearsal, wires } = rehearse(plan, { make: () => marking, covers, greeting });
      await rehearsal.play(1000);
      const { totals } = rehearsal;
      expect(wires[0]?.hex).toBe(wire.ask.replaceAll(' ', ''));
      expect(totals.rate('checks', {}, 'wholeRun')).toEqual({ hits: 1, total: 1 });
      expect(totals.counter('data_received', {}, 'wholeRun')).toBe(greeting[0]?.length);
      expect(totals.counter('data_sent', {}, 'wholeRun')).toBe(wires[0]?.received.length);
      expect(totals.counter('protocol_errors', {}, 'wholeRun')).toBe(0);
    },
  );

  it('is a line without its delimiter', async () => {
    const plan = textPlan(presets.crlf.framing, 'PING', 'A');
    const { rehearsal, wires } = rehearse(plan, { make: () => base64, covers: 'body' });
    await rehearsal.play(100);
    expect(text(wires[0]?.hex ?? '')).toBe('UElORw==\r\nQQ==\r\n');
  });

  it('is all of a frame of fixed length, which stays as long', async () => {
    const plan = textPlan({ kind: 'fixed', length: 4 }, 'PING', 'PONG');
    const { rehearsal, wires } = rehearse(plan, { make: () => new Counting(), covers: 'body' });
    await rehearsal.play(100);
    expect(wires[0]?.hex).toBe('50484c44544a4840');
  });

  it('may make a varint longer', async () => {
    const plan = textPlan(presets.varint.framing, 'A'.repeat(127));
    const { rehearsal, wires } = rehearse(plan, { make: () => marking, covers: 'body' });
    await rehearsal.play(100);
    expect(wires[0]?.hex).toBe(`8001ff${'42'.repeat(127)}`);
  });

  it('is of a stream every send, whatever the framing', async () => {
    const plan = textPlan(presets.raw.framing, 'AB', 'C');
    const { rehearsal, wires } = rehearse(plan, { make: () => marking, covers: 'stream' });
    await rehearsal.play(100);
    expect(wires[0]?.hex).toBe('ff4243ff44');
  });

  it.each([
    ['body', 'cafe 0900 0100 ff02010101'],
    ['afterLength', 'cafe 0900 ff 0201 02010101'],
    ['stream', 'ffcbff ff 0901 0201 02010101'],
  ] as const)('%s: takes the preamble along where it covers every byte', async (covers, wire) => {
    const plan = planOf([asking]);
    const withPreamble = { ...plan, protocol: { ...plan.protocol, preamble: [0xca, 0xfe] } };
    const { rehearsal, wires } = rehearse(withPreamble, { make: () => marking, covers });
    await rehearsal.play(100);
    expect(wires[0]?.hex).toBe(wire.replaceAll(' ', ''));
  });
});

describe('the module', () => {
  it('has an instance for each connection, which knows the number of its client', async () => {
    const made: number[] = [];
    const make = (index: number) => {
      made.push(index);
      return new Counting();
    };
    const { rehearsal, wires } = rehearse(planOf([kind({ start: [tell()] })], { maxClients: 3 }), {
      make,
      covers: 'body',
    });
    await rehearsal.play(100);
    expect(made.toSorted()).toEqual([0, 1, 2]);
    expect(new Set(wires.map(({ hex }) => hex))).toEqual(new Set(['0800030001010203']));
  });

  it('may work in place on packets that are sent again and again', async () => {
    const plan = planOf([kind({ start: [tell(number(0)), tell(number(0))] })]);
    const { rehearsal, wires } = rehearse(plan, { make: () => new Counting(), covers: 'body' });
    await rehearsal.play(100);
    expect(wires[0]?.hex).toBe('0800030000010203 0800030004050607'.replace(' ', ''));
  });

  it('hears which packet it is, where that can be known', async () => {
    const heard: (string | undefined)[] = [];
    const hear = (bytes: Uint8Array, packet: TransformedPacket | null) => {
      heard.push(packet === null ? undefined : `${packet.name} ${packet.id}`);
      return bytes;
    };
    const greeting = [fromHex('0800 0200 02000000'), fromHex('0800 6300 02000000')];
    for (const covers of ['body', 'afterLength', 'stream'] as const) {
      const make = () => ({ encode: hear, decode: hear });
      await rehearse(planOf([asking]), { make, covers, greeting }).rehearsal.play(100);
    }
    expect(heard).toEqual([
      ...['C_Ask 1', 'S_Answer 2', undefined],
      ...['C_Ask 1', undefined, undefined],
      ...['C_Ask 1', undefined, undefined],
    ]);
  });

  it('may learn keys from what it hears', async () => {
    let key = 0;
    const make = (): Transform => ({
      encode: (bytes) => bytes.map((byte) => byte ^ key),
      decode(bytes, packet) {
        if (packet?.name === 'S_News') key = bytes[0]!;
        return bytes;
      },
    });
    const news: ExpectStep = {
      verb: 'expect',
      path: 'bot.news',
      expect: answer({ matches: [{ kind: 'packet', packet: 'S_News' }] }),
    };
    const plan = planOf([kind({ start: [tell(), news, tell()] })]);
    const { rehearsal, wires } = rehearse(plan, { make, covers: 'body', greeting: [fromHex('0800 0400 f0000000')] });
    await rehearsal.play(100);
    expect(wires[0]?.hex).toBe('080003000100000008000300f1f0f0f0');
  });

  it('may give back a part of what it was handed, so that signatures can be taken off', async () => {
    const signed: Transform = {
      encode: (bytes) => Uint8Array.of(...bytes, 0xee),
      decode: (bytes) => bytes.subarray(0, -1),
    };
    const greeting = [fromHex('0900 0200 02000000 ee')];
    const { rehearsal, wires } = rehearse(planOf([asking]), { make: () => signed, covers: 'body', greeting });
    await rehearsal.play(1000);
    expect(wires[0]?.hex).toBe('0900010001000000ee');
    expect(rehearsal.totals.rate('checks', {}, 'wholeRun')).toEqual({ hits: 1, total: 1 });
  });

  it('is not asked for what would not be sent, so that its state stays that of the server', async () => {
    const line = 'x'.repeat(60_000);
    const plan = textPlan(presets.line.framing);
    const send: SendStep = { ...tell(), packet: line, values: [{ kind: 'constant', value: line }] };
    let encoded = 0;
    const make = (): Transform => ({
      encode(bytes) {
        encoded++;
        return bytes;
      },
      decode: (bytes) => bytes,
    });
    const kinds = [kind({ every: [paced(1, send)] })];
    const { rehearsal } = rehearse({ ...plan, kinds }, { make, covers: 'body', deaf: true });
    await rehearsal.play(1200);
    const { totals } = rehearsal;
    expect(totals.counter('dropped_sends', { cause: 'queue-full' }, 'wholeRun')).toBeGreaterThan(0);
    expect(totals.counter('packets_sent', {}, 'wholeRun')).toBe(encoded);
  });

  it('is decoded before stamps are looked for', async () => {
    const plan = planOf([kind({ every: [paced(100, announce())] })]);
    // What was said comes back as S_News.
    const answer = (bytes: Uint8Array) => bytes.map((byte, i) => (i % 8 === 2 ? 4 : byte));
    const { rehearsal } = rehearse(plan, { make: () => new Counting(), covers: 'body', answer });
    await rehearsal.play(20_000);
    expect(rehearsal.totals.trend('broadcast_time', {}, 'wholeRun')?.count).toBeGreaterThan(90);
    expect(rehearsal.totals.counter('transform_errors', {}, 'wholeRun')).toBe(0);
  });
});

/** One case of what a module does wrong, or a server: `message` is what the report says. */
interface Failure {
  readonly transform?: Partial<Record<keyof Transform, (bytes: Uint8Array) => unknown>>;
  readonly framing?: Framing;
  readonly lines?: readonly string[];
  readonly message: string;
}

const failures: Readonly<Record<string, Failure>> = {
  'throws in encode': {
    transform: {
      encode() {
        throw new Error('no key');
      },
    },
    message: 'no key',
  },
  'throws in decode': {
    transform: {
      decode() {
        throw new Error('wrong signature');
      },
    },
    message: 'wrong signature',
  },
  'returns a promise': {
    transform: { encode: async (bytes) => bytes },
    message: 'returned a promise from `encode`, which must be synchronous',
  },
  'returns text': {
    transform: { decode: () => 'text' },
    message: 'returned a string from `decode`, where bytes (a Uint8Array) are wanted',
  },
  'returns an ArrayBuffer': {
    transform: { decode: () => new ArrayBuffer(4) },
    message: 'returned an object from `decode`, where bytes (a Uint8Array) are wanted',
  },
  'returns nothing': {
    transform: { encode() {} },
    message: 'returned undefined from `encode`, where bytes (a Uint8Array) are wanted',
  },
  'encodes to more than the packet may have': {
    transform: { encode: () => new Uint8Array(65_532) },
    message: 'gave 65532 bytes from `encode`, where the framing has room for at most 65531',
  },
  'encodes to more than the length can say': {
    transform: { encode: () => new Uint8Array(300) },
    framing: { ...serverCoreFraming, lengthFieldLength: 1, lengthAdjustment: -1, idOffset: 1, headerSize: 3 },
    message: 'gave 300 bytes from `encode`, where the framing has room for at most 252',
  },
  'encodes to another size where frames have one': {
    transform: { encode: (bytes) => bytes.subarray(1) },
    framing: { kind: 'fixed', length: 4 },
    lines: ['PING'],
    message: 'gave 3 bytes from `encode`, where the framing has room for 4',
  },
  'encodes to bytes with a delimiter in them': {
    transform: { encode: () => Uint8Array.of(0x41, 0x0a, 0x42) },
    framing: presets.line.framing,
    lines: ['PING'],
    message: 'gave bytes from `encode` that contain the delimiter, and would arrive as another frame',
  },
};

describe('a module that fails ends its client, under a name of its own', () => {
  const greeting = [fromHex('0800 0200 02000000')];

  it.each(Object.entries(failures))('it %s', async (_what, { transform, framing, lines, message }) => {
    const plan =
      lines === undefined ? framed(planOf([asking]), framing ?? serverCoreFraming) : textPlan(framing!, ...lines);
    const make = () =>
      ({ encode: (bytes: Uint8Array) => bytes, decode: (bytes: Uint8Array) => bytes, ...transform }) as Transform;
    const { rehearsal, wires } = rehearse(plan, { make, covers: 'body', greeting });
    await rehearsal.play(2000);
    const { totals } = rehearsal;
    expect(totals.counter('transform_errors', { client: 'bot' }, 'wholeRun')).toBe(1);
    expect(samplesOf(rehearsal)[`transform cipher.ts: ${message}`]).toBe(1);
    expect(totals.counter('connects', {}, 'wholeRun')).toBe(1);
    expect(wires[0]?.ended).not.toBeNull();
  });

  it('which is lost for that cause, and may come back', async () => {
    const plan = planOf([kind({ start: [tell(), pause(60_000)], reconnect: { afterMs: 100, maxMs: 100 } })]);
    let made = 0;
    const make = (): Transform => {
      if (made++ === 0) throw new Error('not the first time');
      return marking;
    };
    const withPreamble = { ...plan, protocol: { ...plan.protocol, preamble: [1] } };
    const { rehearsal, wires } = rehearse(withPreamble, { make, covers: 'stream' });
    await rehearsal.play(1000);
    expect(wires.map(({ hex }) => hex)).toEqual(['', 'ff02ff0901040102010101']);
    expect(rehearsal.totals.counter('disconnects', { cause: 'transform' }, 'wholeRun')).toBe(1);
  });
});

describe('a server that sends what cannot be', () => {
  it.each([
    ['body', '0800 0200 02000000'],
    ['stream', '0800 0200 02000000'],
  ] as const)('%s: packs more into its bytes than is let through: a protocol error', async (covers, wire) => {
    const make = () => ({ ...unchangedCode().make(0), decode: () => new Uint8Array(2 ** 20 + 1) });
    const { rehearsal } = rehearse(planOf([asking]), { make, covers, greeting: [fromHex(wire)] });
    await rehearsal.play(1000);
    expect(rehearsal.totals.counter('protocol_errors', { code: 'decoded-too-large' }, 'wholeRun')).toBe(1);
    expect(rehearsal.totals.counter('transform_errors', {}, 'wholeRun')).toBe(0);
  });

  it('leaves too little for a header', async () => {
    const make = () => ({ ...unchangedCode().make(0), decode: (bytes: Uint8Array) => bytes.subarray(0, 1) });
    const greeting = [fromHex('0800 0200 02000000')];
    const { rehearsal } = rehearse(planOf([asking]), { make, covers: 'afterLength', greeting });
    await rehearsal.play(1000);
    expect(rehearsal.totals.counter('protocol_errors', { code: 'size-below-header' }, 'wholeRun')).toBe(1);
  });
});

interface Dialect {
  readonly framing: Framing;
  /** What stands between length and body of S_News. */
  readonly head: readonly number[];
  /** The frame in which `behindLength` stands behind the length. */
  frame(behindLength: readonly number[]): readonly number[];
}

const dialects: readonly Dialect[] = [
  { framing: serverCoreFraming, head: [4, 0], frame: (rest) => [2 + rest.length, 0, ...rest] },
  { framing: varintInside, head: [7, 4], frame: (rest) => [0xca, 0xfe, rest.length, ...rest] },
];

const ciphers: Readonly<Record<string, () => Transform>> = {
  counting: () => new Counting(),
  deflating: () => ({ encode: (bytes) => deflateRawSync(bytes), decode: (bytes) => inflateRawSync(bytes) }),
};

/** What a server says to bring these numbers, through its own end of the cipher. */
function news(
  numbers: readonly number[],
  { head, frame }: Dialect,
  covers: TransformPlan['covers'],
  cipher: Transform,
): Uint8Array {
  const encode = (...bytes: readonly number[]) => cipher.encode(Uint8Array.from(bytes), null);
  const frames = numbers.flatMap((n) => {
    const body = new Uint8Array(Int32Array.of(n).buffer);
    if (covers === 'body') return frame([...head, ...encode(...body)]);
    return frame(covers === 'afterLength' ? [...encode(...head, ...body)] : [...head, ...body]);
  });
  return covers === 'stream' ? encode(...frames) : Uint8Array.from(frames);
}

/** `bytes` in pieces, cut at those places that lie in them. */
function split(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const inside = places.filter((place) => place > 0 && place < bytes.length);
  const cuts = [0, ...new Set(inside.toSorted((a, b) => a - b)), bytes.length];
  return cuts.slice(1).map((cut, i) => bytes.subarray(cuts[i], cut));
}

/** The numbers that a bot hears from a server which says this. */
async function heardFrom(plan: Plan, options: Pick<TransformRehearsalOptions, 'make' | 'covers' | 'greeting'>) {
  const heard: number[] = [];
  class Hearer extends TestBot {
    override onPacket(_name: string, fields: object): void {
      heard.push((fields as { n: number }).n);
    }
  }
  const driver = botDriver({ BotClass: Hearer, options: {}, env: {}, file: 'hearer.ts', placeOf: () => null });
  const { rehearsal } = rehearse(plan, { ...options, drivers: new Map([['bot', driver]]) });
  await rehearsal.play(50);
  return heard;
}

describe('however the stream is split', () => {
  it.each([
    ['body', 'counting'],
    ['body', 'deflating'],
    ['afterLength', 'counting'],
    ['afterLength', 'deflating'],
    ['stream', 'counting'],
  ] as const)('%s, %s: the same packets come', async (covers, cipher) => {
    const make = ciphers[cipher]!;
    const numbers = fc.array(fc.integer(), { minLength: 1, maxLength: 12 });
    const places = fc.array(fc.nat(200), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(numbers, fc.constantFrom(...dialects), places, async (said, dialect, cuts) => {
        const greeting = split(news(said, dialect, covers, make()), cuts);
        const plan = framed(planOf([kind()]), dialect.framing);
        expect(await heardFrom(plan, { make, covers, greeting })).toEqual(said);
      }),
      { numRuns: 25 },
    );
  });
});
