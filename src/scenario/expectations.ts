import { SwarmError } from '../errors.js';
import { compilePattern, namedPackets, type PacketDefinition, type PacketSet } from '../packets/index.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { didYouMean, sentencesOf } from './hints.js';
import type { Match } from './plan.js';
import type { Report } from './problem-list.js';
import type { ExpectInput } from './step-schema.js';

/** Which key of an expectation names what it waits for; the short form has none. */
type Source = 'short' | 'packet' | 'line' | 'pattern';

interface Wanted {
  readonly source: Source;
  readonly text: string;
  readonly path: Path;
}

/** All that an expectation waits for, as the scenario writes it. */
function wantedBy(input: Collected<ExpectInput>, path: Path): readonly Wanted[] {
  if (typeof input === 'string') return [{ source: 'short', text: input, path }];
  if (isList(input)) return listed('short', input, path);
  return (['packet', 'line', 'pattern'] as const).flatMap((key) => {
    const value = input[key];
    if (value === undefined) return [];
    const at = [...path, key];
    return typeof value === 'string' ? [{ source: key, text: value, path: at }] : listed(key, value, at);
  });
}

function listed(source: Source, texts: readonly (string | undefined)[], path: Path): readonly Wanted[] {
  return texts.flatMap((text, i) => (text === undefined ? [] : [{ source, text, path: [...path, i] }]));
}

function isList(input: Collected<ExpectInput>): input is readonly (string | undefined)[] {
  return Array.isArray(input);
}

/** What a step waits for. Reports what is none of the protocol's. */
export function compileMatches(
  input: Collected<ExpectInput>,
  packets: PacketSet,
  path: Path,
  report: Report,
): readonly Match[] | undefined {
  const wanted = wantedBy(input, path);
  const isLong = typeof input === 'object' && !isList(input);
  if (wanted.length === 0) {
    const keys = namedPackets(packets) === null ? '`line` or `pattern`' : '`packet`';
    return isLong ? report(path, `what to wait for is missing: ${keys}`, { part: 'key' }) : undefined;
  }
  const matches = wanted.map((one) => compileMatch(one, packets, report));
  return matches.every((match) => match !== undefined) ? matches : undefined;
}

/** What a list of `on` answers: a key that is a packet's name, a line or a `/pattern/`. */
export function compileOnMatch(text: string, packets: PacketSet, path: Path, report: Report): Match | undefined {
  return compileMatch({ source: 'short', text, path }, packets, (at, message, options) =>
    report(at, message, { ...options, part: 'key' }),
  );
}

function compileMatch({ source, text, path }: Wanted, packets: PacketSet, report: Report): Match | undefined {
  const named = namedPackets(packets);
  if (named === null) {
    if (source === 'packet')
      return report(path, 'a text protocol has no packets', { hint: 'write `line` or `pattern`' });
    return textMatch(source, text, path, report);
  }
  if (source === 'line' || source === 'pattern') {
    return report(path, `\`${source}\` is for text protocols`, {
      hint: 'write `packet`, and tell replies apart with `where`',
    });
  }
  return checkReceivable(text, named, path, report) ? { kind: 'packet', packet: text } : undefined;
}

function textMatch(source: Source, text: string, path: Path, report: Report): Match | undefined {
  const slashed = /^\/(.+)\/$/s.exec(text)?.[1];
  const pattern = source === 'pattern' ? (slashed ?? text) : source === 'short' ? slashed : undefined;
  if (pattern !== undefined) return compiledPattern(pattern, path, report);
  if (text.includes('${')) {
    return report(path, 'a line that is waited for is taken letter for letter: it cannot have expressions', {
      hint: 'wait for a /pattern/, and check what it matched',
    });
  }
  return { kind: 'line', text };
}

function compiledPattern(pattern: string, path: Path, report: Report): Match | undefined {
  try {
    compilePattern(pattern);
    return { kind: 'pattern', pattern };
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    const { message, hint } = sentencesOf(error);
    return report(path, message, { hint });
  }
}

function checkReceivable(name: string, packets: readonly PacketDefinition[], path: Path, report: Report): boolean {
  const packet = packets.find((candidate) => candidate.name === name);
  if (packet !== undefined && packet.direction !== 'toServer') return true;
  const receivable = packets.filter(({ direction }) => direction !== 'toServer').map((candidate) => candidate.name);
  const what =
    packet === undefined
      ? `there is no packet \`${name}\``
      : `\`${name}\` goes to the server: a client never receives it`;
  report(path, what, { hint: didYouMean(name, receivable, 'clients receive') });
  return false;
}
