import type { FieldRecord, ScalarField } from '../../packets/definition.js';
import { type ReadFile, readBytes } from '../bytes.js';
import { show } from '../collect.js';
import type { Match } from '../plan.js';
import type { Report } from '../problem-list.js';
import type { ReplyMethod, ReplyShape } from '../reply-shape.js';
import type { FrameSpeech, Wanted } from './speech.js';

const bytesField: ScalarField = { name: 'bytes', type: 'bytes' };

/** Bytes as they are: sent in hexadecimal, base64, text or from a file, and waited for likewise. */
export const bytesSpeech: FrameSpeech = {
  protocol: 'a protocol of bytes',
  keys: ['match'],
  anything: { kind: 'bytes', pattern: '*' },
  whereMisfit: () => ({
    message: '`where` compares fields, and bytes have none',
    hint: "wait for a pattern: { hex: '90 ?? *' }",
  }),
  tag: () => 'bytes',
  value: (sent, path, place, values) => values.forBytes(sent, bytesField, 'what is sent', path, place),
  match: matchBytes,
  reply: () => replyOfBytes,
};

function matchBytes({ input, path }: Wanted, readFile: ReadFile, report: Report): Match | undefined {
  if (input === 'any') return bytesSpeech.anything;
  if (typeof input === 'string') {
    return report(path, `${show(input)} is not bytes`, { hint: "write { hex: '90 ?? *' }, or any for whatever comes" });
  }
  const { hex } = input as { readonly hex?: string };
  if (hex !== undefined && Object.values(input).filter((value) => value !== undefined).length === 1) {
    const pattern = hex.replace(/\s/g, '').toLowerCase();
    if (/^([0-9a-f?]{2})*\*?$/.test(pattern)) return { kind: 'bytes', pattern };
    return report(
      [...path, 'hex'],
      'a pattern has two digits (0-9, a-f, or ? for any) for each byte, and may end with *',
      { hint: "write it like '01 ?? ff*'" },
    );
  }
  const bytes = readBytes(input, path, readFile);
  if (bytes instanceof Uint8Array) return { kind: 'bytes', pattern: Buffer.from(bytes).toString('hex') };
  return report(path, bytes.message, { hint: bytes.hint });
}

const replyOfBytes: ReplyShape = {
  fields: [bytesField, { name: 'size', type: 'int' }],
  methods: [
    ...reader('u8', 1, (view, at) => view.getUint8(at)),
    ...reader('i8', 1, (view, at) => view.getInt8(at)),
    ...inBothOrders('u16', 2, (view, at, little) => view.getUint16(at, little)),
    ...inBothOrders('i16', 2, (view, at, little) => view.getInt16(at, little)),
    ...inBothOrders('u32', 4, (view, at, little) => view.getUint32(at, little)),
    ...inBothOrders('i32', 4, (view, at, little) => view.getInt32(at, little)),
    ...inBothOrders('u64', 8, (view, at, little) => view.getBigUint64(at, little)),
    ...inBothOrders('i64', 8, (view, at, little) => view.getBigInt64(at, little)),
    {
      signature: 'slice(int, int): bytes',
      call(reply: FieldRecord, from: bigint, to: bigint) {
        const bytes = bytesOf(reply);
        if (from >= 0n && from <= to && to <= bytes.length) return bytes.slice(Number(from), Number(to));
        throw new RangeError(`slice(${from}, ${to}) is not within the ${bytes.length} bytes of the reply`);
      },
    },
  ],
};

function inBothOrders(
  name: string,
  sizeBytes: number,
  read: (view: DataView, at: number, little: boolean) => number | bigint,
): readonly ReplyMethod[] {
  return [
    ...reader(`${name}be`, sizeBytes, (view, at) => read(view, at, false)),
    ...reader(`${name}le`, sizeBytes, (view, at) => read(view, at, true)),
  ];
}

/** `name(at)`: the whole number in so many bytes from byte `at` on. */
function reader(
  name: string,
  sizeBytes: number,
  read: (view: DataView, at: number) => number | bigint,
): readonly ReplyMethod[] {
  const call = (reply: FieldRecord, at: bigint): bigint => {
    const { buffer, byteOffset, length } = bytesOf(reply);
    if (at >= 0n && at + BigInt(sizeBytes) <= length)
      return BigInt(read(new DataView(buffer, byteOffset, length), Number(at)));
    throw new RangeError(`${name}(${at}) reads up to byte ${at + BigInt(sizeBytes)} of a reply of ${length}`);
  };
  return [{ signature: `${name}(int): int`, call }];
}

function bytesOf({ bytes }: FieldRecord): Uint8Array {
  return bytes as Uint8Array;
}
