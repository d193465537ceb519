import { extname } from 'node:path';
import type { Framing } from '../core/index.js';
import { asSentence, SwarmError } from '../errors.js';
import { requireIdFraming } from '../packets/frame-body.js';
import { formatOf, type PacketSet, type ProtocolData } from '../packets/index.js';
import { isOptionProblem, type OptionPath } from '../packets/invalid-packets.js';
import { bundledScenarios } from '../scenario/bundled.js';
import { FileProblem, readTextFile } from '../scenario/files.js';
import { type PresetName, presets } from '../scenario/framing-presets.js';
import { type LoadOptions, loadScenario } from '../scenario/load.js';
import {
  isInlineFile,
  isPacketFile,
  type OptionName,
  type PacketOptions,
  readPacketFile,
  unfitOptions,
} from '../scenario/packet-sources.js';

/** The options that say how a file of packet definitions is to be read, as the command line gives them. */
export interface PacketInputOptions extends Pick<LoadOptions, 'root'> {
  readonly framing?: PresetName;
  readonly reading?: 'strict' | 'original';
  /** `C_Chat=7` each. */
  readonly id: readonly string[];
  readonly idEnum?: string;
  readonly idOption?: string;
}

const maxInputBytes = 4 * 1024 * 1024;
const flags: Readonly<Record<OptionName, string>> = {
  reading: '--reading',
  ids: '--id',
  idEnum: '--id-enum',
  idOption: '--id-option',
};

/**
 * The packets and their framing, of a file of definitions, or of a scenario (a path, or the name of a bundled one).
 * @throws SwarmError for a file or an option that is not valid, and for a protocol of text.
 */
export function readProtocol(file: string, options: PacketInputOptions): ProtocolData {
  const protocol = isScenario(file) ? readScenario(file, options) : readDefinitions(file, options);
  if (protocol.packets.format !== 'text') return protocol;
  throw new SwarmError('packets-text', `${file} speaks text: its packets are lines, and have no fields.`);
}

/** The text of a file. @throws SwarmError `file-unreadable`. */
export function readInput(file: string): string {
  return reading(file, () => readTextFile(file, maxInputBytes, { pipes: true }));
}

function isScenario(file: string): boolean {
  if (bundledScenarios().includes(file)) return true;
  return /^\.ya?ml$/.test(extname(file)) && !reading(file, () => isInlineFile(file));
}

function readScenario(file: string, options: PacketInputOptions): ProtocolData {
  const given = unfitOptions(packetOptions(options), null).map(({ name }) => flags[name]);
  if (options.framing !== undefined) given.push('--framing');
  if (given.length === 0) return loadScenario(file, { env: process.env, root: options.root }).plan.protocol;
  throw new SwarmError('options-conflict', `${given.join(' and ')} and a scenario do not go together.`, {
    hint: `What ${file} says under \`protocol\` holds.`,
  });
}

function readDefinitions(file: string, options: PacketInputOptions): ProtocolData {
  if (!isPacketFile(file)) {
    throw new SwarmError('packets-unknown-format', `${file} is not a packet definition that swarm packets reads.`, {
      hint: 'Name a PDL file (.xml), a .proto, a YAML file of packets, or a scenario.',
    });
  }
  if (options.root !== undefined) {
    throw new SwarmError(
      'options-conflict',
      '--root is for scenarios: it says where the files that they name may lie.',
    );
  }
  const chosen = packetOptions(options);
  const [unfit] = unfitOptions(chosen, file);
  if (unfit !== undefined) throw new SwarmError('options-conflict', `${flags[unfit.name]} ${unfit.purpose}.`);
  const { framing } = presets[options.framing ?? 'servercore'];
  const packets = reading(file, () => namingOptions(file, chosen, () => readPacketFile(file, chosen)));
  checkGivenIds(packets, framing, chosen);
  return { send: framing, receive: framing, packets };
}

/** Runs `read`. Where an option is wrong, and not the file, says which. */
function namingOptions<T>(file: string, options: PacketOptions, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SwarmError) || !error.problems.some(isOptionProblem)) throw error;
    const problems = error.problems.map((problem) =>
      isOptionProblem(problem)
        ? { ...problem, message: `${written(problem.option, options)}: ${problem.message}` }
        : problem,
    );
    const message = problems.every(isOptionProblem) ? `The options do not fit ${file}.` : error.message;
    throw new SwarmError(error.code, message, { problems });
  }
}

/** An option as it stands on the command line. */
function written([name, packet]: OptionPath, { ids, idEnum }: PacketOptions): string {
  return name === 'ids' ? `${flags.ids} ${packet}=${ids?.[packet]}` : `${flags.idEnum} ${idEnum}`;
}

/** Ids of the file's own are no mistake here: its packets may travel in a framing that only a scenario can describe. */
function checkGivenIds(packets: PacketSet, framing: Framing, { ids = {} }: PacketOptions): void {
  for (const packet of formatOf(packets).packets(packets)) {
    if (Object.hasOwn(ids, packet.name)) requireIdFraming(packet, framing);
  }
}

function packetOptions({ reading, id, idEnum, idOption }: PacketInputOptions): PacketOptions {
  return {
    reading,
    ids: id.length === 0 ? undefined : Object.fromEntries(id.map(parseId)),
    idEnum,
    idOption,
  };
}

function parseId(text: string): readonly [string, number] {
  const [, name, id] = /^([^=]+)=(\d+)$/.exec(text) ?? [];
  if (name !== undefined) return [name, Number(id)];
  throw new SwarmError('id-invalid', `--id ${text} does not give a packet an id.`, { hint: 'Write --id C_Chat=7.' });
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    const { message, hint } = error;
    throw new SwarmError(
      'file-unreadable',
      `${file} ${message}.`,
      hint === undefined ? {} : { hint: asSentence(hint) },
    );
  }
}
