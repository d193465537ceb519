import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { explainFrames } from '../generator/explain.js';
import { renderExplanation } from '../generator/explanation-text.js';
import { parseHex } from '../generator/hex.js';
import { listPackets, renderPacketList } from '../generator/packet-list.js';
import { isNameProblem } from '../generator/type-names.js';
import { generatedMark, generateTypeScript } from '../generator/typescript.js';
import { makeFolder } from '../make-folder.js';
import { declaredAt } from '../packets/declared-at.js';
import type { ProtocolData, Side } from '../packets/index.js';
import { isPacketFile } from '../scenario/packet-sources.js';
import { toolVersion } from '../version.js';
import { type PacketInputOptions, readInput, readProtocol } from './packet-input.js';
import { legible } from './terminal.js';

/** The options of `swarm packets`, as the command line gives them. One of `list`, `decode` and `out` says what to do. */
export interface PacketsOptions extends PacketInputOptions {
  readonly list?: boolean;
  readonly json?: boolean;
  /** Hexadecimal digits, or `@` and the name of a file of them. */
  readonly decode?: string;
  /** Who sent the frames to decode. */
  readonly side?: Side;
  /** The folder for the generated file. */
  readonly out?: string;
}

/**
 * Lists the packets of a definition file or a scenario, explains frames of them, or writes TypeScript for them. Resolves to 104
 * where a frame does not fit: what was wrong is part of the explanation.
 * @throws SwarmError for a file or an option that is not valid.
 */
export async function packets(file: string, options: PacketsOptions): Promise<number> {
  const { decode, out } = options;
  checkOptions(options);
  const protocol = readProtocol(file, options);
  if (out !== undefined) return generate(protocol, file, out);
  if (decode !== undefined) return explain(protocol, decode, options.side);
  const listed = listPackets(protocol);
  console.log(options.json ? JSON.stringify(listed, null, 2) : legible(renderPacketList(listed)));
  return exitCodes.ok.code;
}

function checkOptions({ list, json, decode, out, side }: PacketsOptions): void {
  const given = [list && '--list', decode !== undefined && '--decode', out !== undefined && '--out'].filter(Boolean);
  if (given.length > 1) throw new SwarmError('options-conflict', `${given.join(' and ')} do not go together.`);
  if (json && (decode ?? out) !== undefined) throw new SwarmError('options-conflict', '--json goes with --list alone.');
  if (side !== undefined && decode === undefined) {
    throw new SwarmError('options-conflict', '--side goes with --decode alone.');
  }
}

function explain(protocol: ProtocolData, hex: string, sentBy: Side | undefined): number {
  const { send, receive, packets: set } = protocol;
  if (sentBy === undefined && send !== receive) {
    throw new SwarmError('side-missing', 'The frames of clients and of the server differ here.', {
      hint: 'Say who sent these: --side client or --side server.',
    });
  }
  const bytes = hex.startsWith('@') ? parseHex(readInput(hex.slice(1)), hex.slice(1)) : parseHex(hex, '--decode');
  const frames = explainFrames(bytes, { framing: sentBy === 'server' ? receive : send, set, sentBy });
  console.log(legible(renderExplanation(frames)));
  return frames.every(({ fault }) => fault === undefined) ? exitCodes.ok.code : exitCodes.invalidInput.code;
}

async function generate(protocol: ProtocolData, file: string, folder: string): Promise<number> {
  const { send, receive, packets: set } = protocol;
  if (send !== receive) {
    throw new SwarmError('framing-ungeneratable', 'No code is made where clients and server have different headers.');
  }
  const text = placing(file, () => generateTypeScript(set, send, { file: basename(file), toolVersion }));
  const target = join(folder, 'packets.ts');
  await makeFolder(folder);
  try {
    refuseForeign(target);
    writeFileSync(target, text);
  } catch (error) {
    if (error instanceof SwarmError || !(error instanceof Error && 'code' in error)) throw error;
    throw new SwarmError('file-unwritable', `${target} cannot be written: ${error.code}.`, { cause: error });
  }
  console.log(`${target}: made from ${file}`);
  return exitCodes.ok.code;
}

/** Runs `work`. Where it refuses names, says where `file` has them; a scenario has its packets elsewhere. */
function placing<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SwarmError) || !isPacketFile(file)) throw error;
    const { code, message, hint } = error;
    const problems = error.problems.map((problem) =>
      isNameProblem(problem) ? { ...problem, ...declaredAt(file, problem.owner) } : problem,
    );
    throw new SwarmError(code, message, { ...(hint !== undefined && { hint }), problems });
  }
}

/** What somebody wrote by hand is not lost to a mistyped folder. */
function refuseForeign(target: string): void {
  if (!existsSync(target) || readFileSync(target, 'utf8').startsWith(generatedMark)) return;
  throw new SwarmError('file-not-generated', `${target} was not made by swarm, and is not overwritten.`, {
    hint: 'Move it away, or name another folder.',
  });
}
