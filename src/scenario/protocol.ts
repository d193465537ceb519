import { dirname } from 'node:path';
import { SwarmError } from '../errors.js';
import { type PacketSet, Protocol, type ProtocolData } from '../packets/index.js';
import { bundledPackets } from './bundled.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { pathFrom } from './files.js';
import { compileFramings, compilePreamble, type Framings } from './framing.js';
import { sentencesOf } from './hints.js';
import { type PacketOptions, packetsOfWord, readInline, readPacketFile } from './packet-sources.js';
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
  scenarioFile: string,
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
  const ids = Object.entries(input?.ids ?? {}).filter((entry): entry is [string, number] => entry[1] !== undefined);
  const options = {
    reading: input?.reading ?? 'strict',
    ids: Object.fromEntries(ids),
    idEnum: input?.idEnum,
    folder: dirname(scenarioFile),
  };
  const packets = compilePackets(input?.packets, options, target, scenarioFile, problems);
  if (framings !== undefined && packets !== undefined) checkFraming({ ...framings, packets }, framingPath, problems);
  const preamble = compilePreamble(input?.preamble, [...path, 'preamble'], problems.report);
  const transform = compileTransform(input?.transform, framings, scenarioFile, problems);
  return { framings, preamble, transform, packets };
}

function compilePackets(
  packets: Collected<NonNullable<ScenarioInput['protocol']>>['packets'],
  options: PacketOptions,
  target: TargetPlan | undefined,
  scenarioFile: string,
  problems: ProblemList,
): PacketSet | undefined {
  const at = [...path, 'packets'];
  if (typeof packets === 'object') {
    const read = readInline(packets, at, problems);
    return problems.has(at) ? undefined : read;
  }
  if (packets !== undefined) {
    return packetsOfWord(packets) ?? readPacketFile(pathFrom(scenarioFile, packets), packets, options, at, problems);
  }
  if (problems.has(path)) return undefined;
  if (target?.kind === 'embedded') return readPacketFile(bundledPackets(target.mode), target.mode, {}, at, problems);
  if (target === undefined) return undefined;
  return problems.report(at, '`packets` is missing', {
    hint: 'name the PDL file or .proto of the server, define the packets here, or write packets: text',
  });
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
