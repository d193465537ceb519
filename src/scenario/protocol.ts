import { SwarmError } from '../errors.js';
import { FramingUnfit, type UnfitPart } from '../packets/framing-unfit.js';
import { type PacketSet, Protocol, type ProtocolData } from '../packets/index.js';
import { isOptionProblem, type OptionProblem } from '../packets/invalid-packets.js';
import { bundledPackets } from './bundled.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { FileProblem, type ScenarioFiles } from './files.js';
import { compileFramings, compilePreamble, type Framings } from './framing.js';
import type { FramingInput } from './framing-schema.js';
import { asClause, sentencesOf } from './hints.js';
import {
  isPacketFile,
  type PacketOptions,
  packetsOfWord,
  readInline,
  readPacketFile,
  unfitOptions,
} from './packet-sources.js';
import type { TargetPlan, TransformPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { ScenarioInput } from './schema.js';
import { compileTransform } from './transform.js';

const path: Path = ['protocol'];

/**
 * The framing and the packets. Embedded servers bring their own where the scenario names none; paths count from the folder
 * of the scenario. Reports what is wrong, in the packet file too; the packets are given even where the framing is wrong.
 */
export function compileProtocol(
  input: Collected<ScenarioInput['protocol']>,
  target: TargetPlan | undefined,
  files: ScenarioFiles,
  problems: ProblemList,
): {
  readonly framings: Framings | undefined;
  readonly preamble: readonly number[] | undefined;
  readonly transform: TransformPlan | null | undefined;
  readonly packets: PacketSet | undefined;
} {
  const framingPath = [...path, 'framing'];
  const framing = input === undefined ? 'servercore' : input.framing;
  const framings = framing && compileFramings(framing, framingPath, problems.report);
  const packets = compilePackets(input, target, files, problems);
  if (framings !== undefined && packets !== undefined) checkFraming({ ...framings, packets }, input, problems);
  const preamble = compilePreamble(input?.preamble, [...path, 'preamble'], problems.report);
  const transform = compileTransform(input?.transform, framings, files, problems);
  return { framings, preamble, transform, packets };
}

function compilePackets(
  input: Collected<ScenarioInput['protocol']>,
  target: TargetPlan | undefined,
  files: ScenarioFiles,
  problems: ProblemList,
): PacketSet | undefined {
  const at = [...path, 'packets'];
  const { packets } = input ?? {};
  const options = packetOptions(input);
  if (typeof packets === 'object') {
    reportUnfit(options, null, problems);
    const read = readInline(packets, at, problems);
    return problems.has(at) ? undefined : read;
  }
  if (packets !== undefined) {
    const ofWord = packetsOfWord(packets);
    if (ofWord === undefined) {
      const file = files.locate(packets, at);
      if (file === undefined) return undefined;
      return readFile(file, packets, { ...options, checkImport: files.importCheck(file, at) }, problems);
    }
    reportUnfit(options, null, problems);
    return ofWord;
  }
  if (problems.has(path)) return undefined;
  if (target?.kind === 'embedded') {
    for (const { name } of unfitOptions(options, null)) {
      const message = `\`${name}\` is for packets that a file defines, and the embedded server knows its own`;
      problems.report([...path, name], message, { part: 'key', hint: 'leave it out' });
    }
    return readFile(bundledPackets(target.mode), target.mode, {}, problems);
  }
  if (target === undefined) return undefined;
  return problems.report(at, '`packets` is missing', {
    hint: 'name the PDL file or .proto of the server, define the packets here, or write packets: text, json or bytes',
  });
}

/** What the scenario says of how its file of packets is to be read; undefined where it says nothing. */
function packetOptions(input: Collected<ScenarioInput['protocol']>): PacketOptions {
  const { reading, ids, idEnum, idOption } = input ?? {};
  const given = Object.entries(ids ?? {}).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return { reading, ids: ids && Object.fromEntries(given), idEnum, idOption };
}

/** The packets of a file, which the scenario calls `written`. */
function readFile(file: string, written: string, options: PacketOptions, problems: ProblemList): PacketSet | undefined {
  const at = [...path, 'packets'];
  if (!isPacketFile(file)) {
    return problems.report(at, `\`${written}\` is not a packet definition that this version of swarm reads`, {
      hint: 'name a PDL file that ends in .xml, a .proto or a YAML file, write text, json or bytes, or define the packets here',
    });
  }
  reportUnfit(options, file, problems);
  try {
    return readPacketFile(file, options);
  } catch (error) {
    if (error instanceof FileProblem) {
      return problems.report(at, `the packet definition ${file} ${error.message}`, { hint: error.hint });
    }
    if (!(error instanceof SwarmError)) throw error;
    for (const problem of error.problems) {
      if (isOptionProblem(problem)) reportOption(problem, problems);
      else problems.add([problem]);
    }
    return undefined;
  }
}

/** What the scenario says of a file, and the file does not bear out. */
function reportOption({ option, message, hint }: OptionProblem, problems: ProblemList): void {
  const part = option[0] === 'ids' ? 'key' : 'value';
  problems.report([...path, ...option], message, { part, hint: hint === undefined ? undefined : asClause(hint) });
}

function reportUnfit(options: PacketOptions, file: string | null, problems: ProblemList): void {
  for (const { name, purpose } of unfitOptions(options, file)) {
    problems.report([...path, name], `\`${name}\` ${purpose}`, { part: 'key', hint: 'leave it out' });
  }
}

/** Text needs frames without ids, packets need frames with ids, and room for what they have in the header: the codecs know. */
function checkFraming(plan: ProtocolData, input: Collected<ScenarioInput['protocol']>, problems: ProblemList): void {
  try {
    const protocol = new Protocol(plan);
    for (const side of ['client', 'server'] as const) {
      for (const { name } of protocol.packetsTo(side === 'client' ? 'server' : 'client')) protocol.encoder(name, side);
    }
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    const { message, hint } = sentencesOf(error);
    if (error instanceof FramingUnfit && input?.packets !== undefined) {
      const framing = `the framing is ${framingName(input.framing)}`;
      problems.report(unfitPath(error.part, input.packets), message, { hint: `${hint}; ${framing}` });
    } else {
      problems.report([...path, 'framing'], message, { hint, part: 'key' });
    }
  }
}

/** Where the scenario says what does not fit the framing: where the packet is defined, or which file does. */
function unfitPath({ packet, field }: UnfitPart, packets: string | object): Path {
  const at = [...path, 'packets'];
  if (typeof packets === 'string') return at;
  return [...at, 'definitions', packet, ...(field === null ? ['id'] : ['fields', field, 'at'])];
}

/** How the scenario says what the framing is. */
function framingName(framing: Collected<FramingInput> | undefined): string {
  if (typeof framing === 'string') return `\`${framing}\``;
  if (framing !== undefined && 'preset' in framing) return `\`${framing.preset}\``;
  return 'the one under `protocol.framing`';
}
