import type { ProtoScalar } from '../packets/proto-messages.js';
import { wireTypeOf } from '../packets/proto-wire.js';

/** A type of protobuf's in generated code: `put…` writes a value of it, `take…` reads one. */
export interface ScalarCode {
  readonly tsType: string;
  /** The end of the names of its two functions. */
  readonly suffix: string;
  /** What a field without presence holds of which nothing came. */
  readonly zero: string;
  /** A condition: the value is another, and is to be written. */
  isSet(value: string): string;
}

/** A type with the bodies of its functions: one writes `value`, the other returns one. */
interface ScalarFunctions extends ScalarCode {
  readonly put: string;
  readonly take: string;
  readonly putUses: readonly string[];
  readonly takeUses: readonly string[];
}

type Body = readonly [code: string, ...uses: string[]];

function scalar(suffix: string, tsType: string, zero: string, put: Body, takeBody: Body): ScalarFunctions {
  const [putCode, ...putUses] = put;
  const [takeCode, ...takeUses] = takeBody;
  const isSet = (value: string) => `${value} !== ${zero}`;
  return { suffix, tsType, zero, isSet, put: putCode, take: takeCode, putUses, takeUses };
}

function narrow(suffix: string, min: number, max: number, [put, ...uses]: Body, takeBody: Body): ScalarFunctions {
  const checked: Body = [`checkWhole(value, ${min}, ${max}, field);\n  ${put}`, 'checkWhole', ...uses];
  return scalar(suffix, 'number', '0', checked, takeBody);
}

function wide(suffix: string, signed: boolean, [put, ...uses]: Body, takeBody: Body): ScalarFunctions {
  const checked: Body = [
    `if (BigInt.as${signed ? 'Int' : 'Uint'}N(64, value) !== value) throw new RangeError(\`\${field}: \${value} does not fit 64 bits\`);\n  ${put}`,
    ...uses,
  ];
  return scalar(suffix, 'bigint', '0n', checked, takeBody);
}

const i32 = [-(2 ** 31), 2 ** 31 - 1] as const;
const u32 = [0, 2 ** 32 - 1] as const;

/** As `src/packets/` reads and writes them; the tests hold the two against each other, and against protobufjs. */
const scalars: Readonly<Record<ProtoScalar, ScalarFunctions>> = {
  double: {
    ...scalar(
      'Double',
      'number',
      '0',
      ['written.setFloat64(reserve(8, field), value, true);', 'reserve'],
      ['return received.getFloat64(take(8, field), true);'],
    ),
    isSet: (value) => `!Object.is(${value}, 0)`,
  },
  float: {
    ...scalar(
      'Float',
      'number',
      '0',
      [
        `if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw new RangeError(\`\${field}: \${value} is too large for a float\`);
  }
  written.setFloat32(reserve(4, field), value, true);`,
        'reserve',
      ],
      ['return received.getFloat32(take(4, field), true);'],
    ),
    isSet: (value) => `!Object.is(${value}, 0)`,
  },
  int32: narrow(
    'Int32',
    ...i32,
    ['if (value < 0) putVarint64(BigInt(value), field);\n  else putVarint(value, field);', 'putVarint', 'putVarint64'],
    ['takeVarint(field);\n  return low | 0;'],
  ),
  sint32: narrow(
    'Sint32',
    ...i32,
    ['putVarint(((value << 1) ^ (value >> 31)) >>> 0, field);', 'putVarint'],
    ['takeVarint(field);\n  return (low >>> 1) ^ -(low & 1);'],
  ),
  sfixed32: narrow(
    'Sfixed32',
    ...i32,
    ['written.setInt32(reserve(4, field), value, true);', 'reserve'],
    ['return received.getInt32(take(4, field), true);'],
  ),
  uint32: narrow('Uint32', ...u32, ['putVarint(value, field);', 'putVarint'], ['takeVarint(field);\n  return low;']),
  fixed32: narrow(
    'Fixed32',
    ...u32,
    ['written.setUint32(reserve(4, field), value, true);', 'reserve'],
    ['return received.getUint32(take(4, field), true);'],
  ),
  int64: wide(
    'Int64',
    true,
    ['putVarint64(value, field);', 'putVarint64'],
    ['return BigInt.asIntN(64, takeVarint64(field));', 'takeVarint64'],
  ),
  sint64: wide(
    'Sint64',
    true,
    ['putVarint64((value << 1n) ^ (value >> 63n), field);', 'putVarint64'],
    ['const zigzag = takeVarint64(field);\n  return (zigzag >> 1n) ^ -(zigzag & 1n);', 'takeVarint64'],
  ),
  sfixed64: wide(
    'Sfixed64',
    true,
    ['written.setBigInt64(reserve(8, field), value, true);', 'reserve'],
    ['return received.getBigInt64(take(8, field), true);'],
  ),
  uint64: wide(
    'Uint64',
    false,
    ['putVarint64(value, field);', 'putVarint64'],
    ['return takeVarint64(field);', 'takeVarint64'],
  ),
  fixed64: wide(
    'Fixed64',
    false,
    ['written.setBigUint64(reserve(8, field), value, true);', 'reserve'],
    ['return received.getBigUint64(take(8, field), true);'],
  ),
  bool: {
    ...scalar(
      'Bool',
      'boolean',
      'false',
      ['written.setUint8(reserve(1, field), value ? 1 : 0);', 'reserve'],
      ['takeVarint(field);\n  return low !== 0 || high !== 0;'],
    ),
    isSet: (value) => value,
  },
  string: scalar(
    'String',
    'string',
    "''",
    ['putBytes(utf8.encode(value), field);', 'utf8', 'putBytes'],
    [
      `const size = takeLength(field);
  const text = new Uint8Array(received.buffer, take(size, field), size);
  try {
    return strictUtf8.decode(text);
  } catch {
    throw new ProtocolError('bad-text', \`\${field}: the text is not UTF-8\`);
  }`,
      'strictUtf8',
    ],
  ),
  bytes: {
    ...scalar(
      'Bytes',
      'Uint8Array',
      'new Uint8Array(0)',
      [
        'packetBytes.set(value, reserve(value.length, field));\n  putVarint(value.length, field);',
        'reserve',
        'putVarint',
      ],
      ['const size = takeLength(field);\n  return new Uint8Array(received.buffer, take(size, field), size).slice();'],
    ),
    isSet: (value) => `${value}.length > 0`,
  },
};

export function scalarCode(type: ProtoScalar): ScalarCode {
  return scalars[type];
}

/** A function of the generated file. */
export interface FunctionCode {
  readonly code: string;
  /** The functions that it calls, beside those that every file has. */
  readonly uses?: readonly string[];
}

/** The two functions of each type, by their names. */
export const scalarFunctions: Readonly<Record<string, FunctionCode>> = Object.fromEntries(
  Object.entries(scalars).flatMap(([type, scalar]) => functionsOf(type as ProtoScalar, scalar)),
);

function functionsOf(
  type: ProtoScalar,
  { suffix, tsType, put, take, putUses, takeUses }: ScalarFunctions,
): [string, FunctionCode][] {
  const wireType = wireTypeOf(type);
  return [
    [
      `put${suffix}`,
      { code: `function put${suffix}(value: ${tsType}, field: string): void {\n  ${put}\n}`, uses: putUses },
    ],
    [
      `take${suffix}`,
      {
        code: `function take${suffix}(tag: number, field: string): ${tsType} {\n  checkWireType(tag, ${wireType}, field);\n  ${take}\n}`,
        uses: ['checkWireType', ...takeUses],
      },
    ],
  ];
}
