import { type Framing, serverCoreFraming } from '../core/framing.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { Report } from './problem-list.js';
import type { FramingInput } from './schema.js';

/** A delimiter is searched for in every byte: longer ones are a mistake. */
const longestDelimiter = 16;

const line: Framing = { kind: 'delimiter', delimiters: [[0x0a]], maxPacketSize: 65_535 };

export interface Framings {
  readonly send: Framing;
  readonly receive: Framing;
}

/** The framing of each direction. Reports what does not fit together; undefined where something is wrong. */
export function compileFramings(input: Collected<FramingInput>, path: Path, report: Report): Framings | undefined {
  if (typeof input === 'object' && 'send' in input) {
    const send = input.send && compileFraming(input.send, [...path, 'send'], report);
    const receive = input.receive && compileFraming(input.receive, [...path, 'receive'], report);
    return send && receive && { send, receive };
  }
  const framing = compileFraming(input, path, report);
  return framing && { send: framing, receive: framing };
}

type OneFramingInput = Exclude<Collected<FramingInput>, { readonly send: unknown }>;
type LengthInput = Extract<OneFramingInput, { readonly lengthFieldLength: unknown }>;

function compileFraming(input: OneFramingInput, path: Path, report: Report): Framing | undefined {
  if (input === 'servercore') return serverCoreFraming;
  if (input === 'line') return line;
  if (input === 'raw') return { kind: 'raw' };
  if ('delimiter' in input) return compileDelimiter(input.delimiter, input.maxPacketSize, path, report);
  return compileLength(input, path, report);
}

function compileDelimiter(
  delimiter: string | undefined,
  maxPacketSize: number | undefined,
  path: Path,
  report: Report,
): Framing | undefined {
  if (delimiter === undefined || maxPacketSize === undefined) return undefined;
  const bytes = [...new TextEncoder().encode(delimiter)];
  if (bytes.length === 0 || bytes.length > longestDelimiter) {
    const hint = 'a line break is "\\n" in double quotes';
    return report([...path, 'delimiter'], `a delimiter has 1 to ${longestDelimiter} bytes, this one ${bytes.length}`, {
      hint,
    });
  }
  return { kind: 'delimiter', delimiters: [bytes], maxPacketSize };
}

function compileLength(input: LengthInput, path: Path, report: Report): Framing | undefined {
  const { lengthFieldOffset, lengthFieldLength, endian, lengthAdjustment, idOffset, idLength, maxPacketSize } = input;
  if (lengthFieldOffset === undefined || lengthFieldLength === undefined || endian === undefined) return undefined;
  if (lengthAdjustment === undefined || idLength === undefined || maxPacketSize === undefined) return undefined;
  const lengthEnd = lengthFieldOffset + lengthFieldLength;
  const idEnd = idOffset === undefined ? 0 : idOffset + idLength;
  if (idOffset !== undefined && idOffset < lengthEnd && lengthFieldOffset < idEnd) {
    return report(
      [...path, 'idOffset'],
      `the id (bytes ${idOffset} to ${idEnd - 1}) overlaps the length field (bytes ${lengthFieldOffset} to ${lengthEnd - 1})`,
    );
  }
  const fieldsEnd = Math.max(lengthEnd, idEnd);
  const headerSize = input.headerSize ?? fieldsEnd;
  if (headerSize < fieldsEnd) {
    return report(
      [...path, 'headerSize'],
      `the header's ${headerSize} bytes end before its fields, which need ${fieldsEnd}`,
    );
  }
  if (maxPacketSize < headerSize) {
    return report([...path, 'maxPacketSize'], `${maxPacketSize} bytes do not even hold the header of ${headerSize}`);
  }
  const length = {
    kind: 'length',
    lengthFieldOffset,
    lengthFieldLength,
    endian,
    lengthAdjustment,
    headerSize,
    maxPacketSize,
  } as const;
  return idOffset === undefined ? length : { ...length, idOffset, idLength };
}
