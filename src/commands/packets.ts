import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { serverCoreFraming } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { explainFrames } from '../generator/explain.js';
import type { FixedHeader } from '../generator/explain-header.js';
import { renderExplanation } from '../generator/explanation-text.js';
import { parseHex } from '../generator/hex.js';
import { listPackets, renderPacketList } from '../generator/packet-list.js';
import { generatedMark, generateTypeScript } from '../generator/typescript.js';
import { nearest } from '../nearest.js';
import { type PacketDefinition, type PacketSet, parsePdl, type Side } from '../packets/index.js';
import { FileProblem, readTextFile } from '../scenario/files.js';
import { toolVersion } from '../version.js';

/** The options of `swarm packets`, as the command line gives them. One of `list`, `decode` and `out` says what to do. */
export interface PacketsOptions {
  readonly list?: boolean;
  readonly json?: boolean;
  /** Hexadecimal digits, or `@` and the name of a file of them. */
  readonly decode?: string;
  readonly framing: string;
  /** Who sent the frames to decode. */
  readonly side?: string;
  /** The folder for the generated file. */
  readonly out?: string;
  readonly reading: string;
}

const maxFileBytes = 4 * 1024 * 1024;
const framings: Readonly<Record<string, FixedHeader>> = { servercore: serverCoreFraming };
/** Which packets each side may have sent. */
const notSentBy = { client: 'toClient', server: 'toServer' } as const;

/**
 * Lists the packets of a definition file, explains frames of them, or writes TypeScript for them. Resolves to 104 where a
 * frame does not fit: what was wrong is part of the explanation.
 * @throws SwarmError for a file or an option that is not valid.
 */
export async function packets(file: string, options: PacketsOptions): Promise<number> {
  const { decode, out } = options;
  checkOptions(options);
  const set = readPackets(
    file,
    choose('reading', options.reading, { strict: 'strict', original: 'original' } as const),
  );
  if (out !== undefined) return generate(set, file, out);
  const definitions = definitionsOf(set, file);
  if (decode !== undefined) return explain(definitions, decode, options);
  const listed = listPackets(definitions);
  console.log(options.json ? JSON.stringify(listed, null, 2) : renderPacketList(listed));
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

function readPackets(file: string, reading: 'strict' | 'original'): PacketSet {
  if (extname(file) !== '.xml') {
    const hint = 'Name a PDL file, which ends in .xml.';
    throw new SwarmError('packets-unknown-format', `${file} is not a packet definition that swarm packets reads.`, {
      hint,
    });
  }
  return parsePdl(readFile(file), file, { reading });
}

function readFile(file: string): string {
  try {
    return readTextFile(file, maxFileBytes);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    const { message, hint } = error;
    throw new SwarmError('file-unreadable', `${file} ${message}.`, hint === undefined ? {} : { hint });
  }
}

function definitionsOf(set: PacketSet, file: string): readonly PacketDefinition[] {
  if (set.format === 'pdl') return set.packets;
  throw new SwarmError('packets-unknown-format', `${file} defines no packets with fields.`);
}

function explain(definitions: readonly PacketDefinition[], hex: string, options: PacketsOptions): number {
  const framing = choose('framing', options.framing, framings);
  const side = options.side === undefined ? undefined : chooseSide(options.side);
  const sent = definitions.filter(({ direction }) => side === undefined || direction !== notSentBy[side]);
  const bytes = hex.startsWith('@') ? parseHex(readFile(hex.slice(1)), hex.slice(1)) : parseHex(hex, '--decode');
  const frames = explainFrames(bytes, sent, framing);
  console.log(renderExplanation(frames));
  return frames.every(({ fault }) => fault === undefined) ? exitCodes.ok.code : exitCodes.invalidInput.code;
}

function chooseSide(text: string): Side {
  return choose('side', text, { client: 'client', server: 'server' } as const);
}

/** The value that an option names. */
function choose<T>(option: string, text: string, values: Readonly<Record<string, T>>): T {
  const value = Object.hasOwn(values, text) ? values[text] : undefined;
  if (value !== undefined) return value;
  const names = Object.keys(values);
  const close = nearest(text, names);
  const hint = close === undefined ? `There is ${names.join(', ')}.` : `Did you mean ${close}?`;
  throw new SwarmError(`${option}-invalid`, `--${option} ${text}: there is no such ${option}`, { hint });
}

function generate(set: PacketSet, file: string, folder: string): number {
  const text = generateTypeScript(set, { file: basename(file), toolVersion });
  const target = join(folder, 'packets.ts');
  try {
    mkdirSync(folder, { recursive: true });
    refuseForeign(target);
    writeFileSync(target, text);
  } catch (error) {
    if (error instanceof SwarmError || !(error instanceof Error && 'code' in error)) throw error;
    throw new SwarmError('file-unwritable', `${target} cannot be written: ${error.code}.`, { cause: error });
  }
  console.log(`${target}: made from ${file}`);
  return exitCodes.ok.code;
}

/** What somebody wrote by hand is not lost to a mistyped folder. */
function refuseForeign(target: string): void {
  if (!existsSync(target) || readFileSync(target, 'utf8').startsWith(generatedMark)) return;
  throw new SwarmError('file-not-generated', `${target} was not made by swarm, and is not overwritten.`, {
    hint: 'Move it away, or name another folder.',
  });
}
