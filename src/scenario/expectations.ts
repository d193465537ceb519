import { namedPackets, type PacketDefinition, type PacketSet, type Protocol, packetNamed } from '../packets/index.js';
import type { ReadFile } from './bytes.js';
import { type Collected, show } from './collect.js';
import type { Path } from './document.js';
import { frameSpeech } from './frames/index.js';
import type { MatchKey, Wanted } from './frames/speech.js';
import { didYouMean } from './hints.js';
import type { Match } from './plan.js';
import type { Report } from './problem-list.js';
import type { ExpectInput, FrameInput } from './step-schema.js';

type LongInput = Extract<ExpectInput, { readonly onTimeout: unknown }>;
type FramesInput = Collected<FrameInput> | readonly (Collected<FrameInput> | undefined)[];

const keys = ['packet', 'line', 'pattern', 'match'] as const;

/** The packets of a scenario, and the files beside it. */
export interface PacketContext {
  readonly packets: PacketSet;
  /** With their framing; undefined where that is wrong. */
  readonly protocol: Protocol | undefined;
  readonly readFile: ReadFile;
}

/** The long form of an expectation: a mapping of its parts; null for the short ones. */
export function longForm(input: Collected<ExpectInput>): Collected<LongInput> | null {
  return typeof input === 'object' && !Array.isArray(input) && 'onTimeout' in input
    ? (input as Collected<LongInput>)
    : null;
}

/** All that an expectation waits for, as the scenario writes it. */
function wantedBy(input: Collected<ExpectInput>, path: Path): readonly Wanted[] {
  const long = longForm(input);
  if (long === null) return listed('short', input as FramesInput, path);
  return keys.flatMap((key) => {
    const value = long[key];
    return value === undefined ? [] : listed(key, value as FramesInput, [...path, key]);
  });
}

function listed(key: MatchKey, input: FramesInput, path: Path): readonly Wanted[] {
  if (!isList(input)) return [{ key, input, path }];
  return input.flatMap((one, i) => (one === undefined ? [] : [{ key, input: one, path: [...path, i] }]));
}

function isList(input: FramesInput): input is readonly (Collected<FrameInput> | undefined)[] {
  return Array.isArray(input);
}

/** What a step waits for. Reports what is none of the protocol's. */
export function compileMatches(
  input: Collected<ExpectInput>,
  context: PacketContext,
  path: Path,
  report: Report,
): readonly Match[] | undefined {
  const wanted = wantedBy(input, path);
  if (wanted.length === 0) {
    if (longForm(input) === null) return undefined;
    const known = matchKeys(context.packets).map((key) => `\`${key}\``);
    return report(path, `what to wait for is missing: ${known.join(' or ')}`, {
      part: 'key',
      hint: `write { ${matchKeys(context.packets)[0]}: … } beside what is there`,
    });
  }
  const matches = wanted.map((one) => compileMatch(one, context, report));
  return matches.every((match) => match !== undefined) ? matches : undefined;
}

/** What a list of `on` answers: a key that is a packet's name, a line or a `/pattern/`. */
export function compileOnMatch(text: string, context: PacketContext, path: Path, report: Report): Match | undefined {
  return compileMatch({ key: 'short', input: text, path }, context, (at, message, options) =>
    report(at, message, { ...options, part: 'key' }),
  );
}

/** What an answer in the list form of `on` answers. */
export function compileAnswerMatch(
  input: Collected<FrameInput>,
  context: PacketContext,
  path: Path,
  report: Report,
): Match | undefined {
  return compileMatch({ key: 'match', input, path }, context, report);
}

/** The keys under which an expectation may say what it waits for. */
export function matchKeys(packets: PacketSet): readonly MatchKey[] {
  return namedPackets(packets) === null ? frameSpeech(packets).keys : ['packet'];
}

/** The protocols whose steps have the key. */
const speakers: Readonly<Record<Exclude<MatchKey, 'short'>, string>> = {
  packet: 'protocols with named packets',
  line: 'text protocols',
  pattern: 'text protocols',
  match: 'protocols of JSON or bytes',
};

function compileMatch(wanted: Wanted, { packets, readFile }: PacketContext, report: Report): Match | undefined {
  const { key, input, path } = wanted;
  const known = matchKeys(packets);
  if (key !== 'short' && !known.includes(key)) {
    const hint = `write ${known.map((one) => `\`${one}\``).join(' or ')}`;
    return report(path, `\`${key}\` is for ${speakers[key]}`, { hint });
  }
  const named = namedPackets(packets);
  if (named === null) return frameSpeech(packets).match(wanted, readFile, report);
  if (typeof input !== 'string') {
    return report(path, `${show(input)} is not a packet name`, { hint: 'write the name of a packet' });
  }
  return checkReceivable(input, named, path, report) ? { kind: 'packet', packet: input } : undefined;
}

/** What to do about a packet that goes the other way; `others`: which packets go the right one. */
export function directionCure(packet: PacketDefinition, others: string | undefined): string {
  // Only packets that a scenario defines say it with a key; the others by their names.
  const cure =
    'layout' in packet ? 'if it goes both ways, define it with `to: both`' : 'the beginning of its name says so';
  return others === undefined ? cure : `${others}; ${cure}`;
}

function checkReceivable(name: string, packets: readonly PacketDefinition[], path: Path, report: Report): boolean {
  const packet = packetNamed(packets, name);
  if (packet !== undefined && packet.direction !== 'toServer') return true;
  const receivable = packets.filter(({ direction }) => direction !== 'toServer').map((candidate) => candidate.name);
  if (packet === undefined) {
    report(path, `there is no packet \`${name}\``, { hint: didYouMean(name, receivable, 'clients receive') });
  } else {
    const hint = directionCure(packet, didYouMean(name, receivable, 'clients receive'));
    report(path, `\`${name}\` goes to the server: a client never receives it`, { hint });
  }
  return false;
}
