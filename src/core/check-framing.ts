import { byteCount } from './byte-count.js';
import { CoreError } from './errors.js';
import type { DelimiterFraming, Framing, HeaderField, LengthFraming } from './framing.js';
import { isMatch } from './header.js';

/** Throws a CoreError (`bad-framing`) where a parser or writer for `framing` would read or write outside its header. */
export function checkFraming(framing: Framing): void {
  const problem = problemOf(framing);
  if (problem !== undefined) throw new CoreError('bad-framing', problem);
}

function problemOf(framing: Framing): string | undefined {
  switch (framing.kind) {
    case 'length':
      return lengthProblem(framing) ?? idProblem(framing) ?? fieldsProblem(framing);
    case 'delimiter':
      return delimiterProblem(framing);
    case 'fixed':
      return isCount(framing.length) && framing.length > 0 ? undefined : 'length must be a whole number above 0';
    case 'raw':
      return undefined;
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function lengthProblem(framing: LengthFraming): string | undefined {
  const { lengthFieldOffset, lengthFieldLength, idOffset, idLength, headerSize, maxPacketSize } = framing;
  if (![lengthFieldOffset, idOffset ?? 0, headerSize, maxPacketSize].every(isCount))
    return 'offsets and sizes must be whole numbers';
  if (!Number.isSafeInteger(framing.lengthAdjustment)) return 'lengthAdjustment must be a whole number';
  if ((idOffset === undefined) !== (idLength === undefined)) return 'idOffset and idLength go together';
  const width = lengthFieldLength === 'varint' ? 0 : lengthFieldLength;
  if (lengthFieldOffset + width > headerSize) return 'the length field reaches beyond headerSize';
  if (maxPacketSize < headerSize) return 'maxPacketSize is smaller than headerSize';
  return undefined;
}

function idProblem(framing: LengthFraming): string | undefined {
  const { idOffset, idLength, idMask, idShift = 0, idRest = 0 } = framing;
  if (idOffset === undefined || idLength === undefined) return undefined;
  const problem = placeProblem('the id', idOffset, idLength, framing);
  if (problem !== undefined) return problem;
  const all = 256 ** idLength - 1;
  const mask = idMask ?? all;
  if (!isCount(mask) || mask > all) return 'idMask is wider than the id';
  if (!isCount(idShift) || idShift > 31 || (mask >>> idShift) * 2 ** idShift !== mask)
    return 'idShift shifts bits of the id away';
  const rests = typeof idRest === 'number' ? [idRest] : Object.values(idRest);
  if (!rests.every((rest) => isCount(rest) && rest <= all && (rest & mask) === 0))
    return 'idRest must lie in the bits beside idMask';
  return undefined;
}

function fieldsProblem(framing: LengthFraming): string | undefined {
  const { headerFields = [] } = framing;
  if (headerFields.filter(isMatch).length > 1) return 'replies are matched by one header field only';
  for (const { name, offset, length, value } of headerFields) {
    const problem = placeProblem(`the header field ${name}`, offset, length, framing);
    if (problem !== undefined) return problem;
    if (typeof value === 'number' && !(isCount(value) && value < 256 ** length))
      return `${value} does not fit the ${byteCount(length)} of the header field ${name}`;
  }
  return undefined;
}

function placeProblem(
  what: string,
  offset: HeaderField['offset'],
  length: number,
  { headerSize, lengthFieldLength, lengthFieldOffset }: LengthFraming,
): string | undefined {
  if (!isCount(offset)) return 'offsets and sizes must be whole numbers';
  if (offset + length > headerSize) return `${what} reaches beyond headerSize`;
  const isCut = lengthFieldLength === 'varint' && offset < lengthFieldOffset && offset + length > lengthFieldOffset;
  return isCut ? `${what} reaches into the length field` : undefined;
}

function delimiterProblem({ delimiters, maxPacketSize }: DelimiterFraming): string | undefined {
  if (delimiters.length === 0) return 'there is no delimiter';
  if (delimiters.some((delimiter) => delimiter.length === 0)) return 'the delimiter is empty';
  if (!delimiters.flat().every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255))
    return 'a delimiter is made of bytes';
  if (!isCount(maxPacketSize) || maxPacketSize < 1) return 'maxPacketSize must be a whole number above 0';
  return undefined;
}
