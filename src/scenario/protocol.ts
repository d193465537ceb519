import { extname } from 'node:path';
import { SwarmError } from '../errors.js';
import { type PacketSet, type PdlOptions, Protocol, type ProtocolData, parsePdl } from '../packets/index.js';
import { bundledPackets } from './bundled.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { FileProblem, pathFrom, readTextFile } from './files.js';
import { compileFramings, compilePreamble, type Framings } from './framing.js';
import { sentencesOf } from './hints.js';
import type { TargetPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { ScenarioInput } from './schema.js';

const maxPacketFileBytes = 4 * 1024 * 1024;

const path: Path = ['protocol'];

/**
 * The framing and the packets. Embedded servers bring their own where the scenario names none; paths count from the folder
 * of the scenario. Reports what is wrong, in the packet file too; the packets are given even where the framing is wrong.
 */
export function compileProtocol(
  input: Collected<ScenarioInput['protocol']>,
  target: TargetPlan | undefined,
  scenarioFile: string,
  problems: ProblemList,
): {
  readonly framings: Framings | undefined;
  readonly preamble: readonly number[] | undefined;
  readonly packets: PacketSet | undefined;
} {
  const framingPath = [...path, 'framing'];
  const framing = input === undefined ? 'servercore' : input.framing;
  const framings = framing && compileFramings(framing, framingPath, problems.report);
  const ids = Object.entries(input?.ids ?? {}).filter((entry): entry is [string, number] => entry[1] !== undefined);
  const options = { reading: input?.reading ?? 'strict', ids: Object.fromEntries(ids) };
  const packets = compilePackets(input?.packets, options, target, scenarioFile, problems);
  if (framings !== undefined && packets !== undefined) checkFraming({ ...framings, packets }, framingPath, problems);
  const preamble = compilePreamble(input?.preamble, [...path, 'preamble'], problems.report);
  return { framings, preamble, packets };
}

function compilePackets(
  packets: string | undefined,
  options: PdlOptions,
  target: TargetPlan | undefined,
  scenarioFile: string,
  problems: ProblemList,
): PacketSet | undefined {
  const at = [...path, 'packets'];
  if (packets === 'text') return { format: 'text' };
  if (packets !== undefined) return readPackets(pathFrom(scenarioFile, packets), packets, options, at, problems);
  if (problems.has(path)) return undefined;
  if (target?.kind === 'embedded') return readPackets(bundledPackets(target.mode), target.mode, {}, at, problems);
  if (target === undefined) return undefined;
  return problems.report(at, '`packets` is missing', {
    hint: 'name the PDL file of the server, or write packets: text',
  });
}

function readPackets(
  file: string,
  written: string,
  options: PdlOptions,
  at: Path,
  problems: ProblemList,
): PacketSet | undefined {
  if (extname(file) !== '.xml') {
    return problems.report(at, `\`${written}\` is not a packet definition that this version of swarm reads`, {
      hint: 'name a PDL file that ends in .xml, or write text',
    });
  }
  try {
    return parsePdl(readTextFile(file, maxPacketFileBytes), file, options);
  } catch (error) {
    if (error instanceof FileProblem)
      return problems.report(at, `the packet definition ${file} ${error.message}`, { hint: error.hint });
    if (!(error instanceof SwarmError)) throw error;
    problems.add(error.problems);
    return undefined;
  }
}

/** Text needs frames without ids, packets need frames with ids: the codecs know. */
function checkFraming(plan: ProtocolData, at: Path, problems: ProblemList): void {
  try {
    const protocol = new Protocol(plan);
    for (const side of ['client', 'server'] as const) {
      const packet = protocol.packetsTo(side === 'client' ? 'server' : 'client')[0];
      if (packet !== undefined) protocol.encoder(packet.name, side);
    }
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    const { message, hint } = sentencesOf(error);
    problems.report(at, message, { hint, part: 'key' });
  }
}
