import { dirname, extname } from 'node:path';
import { SwarmError } from '../errors.js';
import { type PacketSet, type PdlOptions, Protocol, type ProtoOptions, parsePdl, readProto } from '../packets/index.js';
import { bundledPackets } from './bundled.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { FileProblem, pathFrom, readTextFile } from './files.js';
import { compileFramings, type Framings } from './framing.js';
import { sentencesOf } from './hints.js';
import type { ProtocolPlan, TargetPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { ScenarioInput } from './schema.js';

const maxPacketFileBytes = 4 * 1024 * 1024;

const path: Path = ['protocol'];

/** What each format's reader takes of them. */
type PacketOptions = PdlOptions & ProtoOptions;

/**
 * The framing and the packets. Embedded servers bring their own where the scenario names none; paths count from the folder
 * of the scenario. Reports what is wrong, in the packet file too; the packets are given even where the framing is wrong.
 */
export function compileProtocol(
  input: Collected<ScenarioInput['protocol']>,
  target: TargetPlan | undefined,
  scenarioFile: string,
  problems: ProblemList,
): { readonly framings: Framings | undefined; readonly packets: PacketSet | undefined } {
  const framingPath = [...path, 'framing'];
  const framing = input === undefined ? 'servercore' : input.framing;
  const framings = framing && compileFramings(framing, framingPath, problems.report);
  const ids = Object.entries(input?.ids ?? {}).filter((entry): entry is [string, number] => entry[1] !== undefined);
  const { reading = 'strict', idEnum } = input ?? {};
  const options = { reading, ids: Object.fromEntries(ids), folder: dirname(scenarioFile), ...(idEnum && { idEnum }) };
  const packets = compilePackets(input?.packets, options, target, scenarioFile, problems);
  if (framings !== undefined && packets !== undefined) checkFraming({ ...framings, packets }, framingPath, problems);
  return { framings, packets };
}

function compilePackets(
  packets: string | undefined,
  options: PacketOptions,
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
    hint: 'name the PDL or .proto file of the server, or write packets: text',
  });
}

function readPackets(
  file: string,
  written: string,
  options: PacketOptions,
  at: Path,
  problems: ProblemList,
): PacketSet | undefined {
  const extension = extname(file);
  if (extension !== '.xml' && extension !== '.proto') {
    return problems.report(at, `\`${written}\` is not a packet definition that this version of swarm reads`, {
      hint: 'name a PDL file that ends in .xml, a protobuf file that ends in .proto, or write text',
    });
  }
  try {
    if (extension === '.proto') return readProto(file, options);
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
function checkFraming(plan: ProtocolPlan, at: Path, problems: ProblemList): void {
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
