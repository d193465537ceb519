import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { type PacketSet, type PdlOptions, type ProtoOptions, parsePdl, readProto } from '../packets/index.js';
import { invalidPackets } from '../packets/invalid-packets.js';
import { type Collected, collect } from './collect.js';
import { maxYamlBytes, type Path, ScenarioDocument } from './document.js';
import { readTextFile } from './files.js';
import { compileInlinePackets } from './inline-packets.js';
import { type InlinePacketsInput, inlinePacketsSchema } from './inline-schema.js';
import { ProblemList } from './problem-list.js';

/** What is said besides of how a file is to be read; each key is for some kinds of files only. */
export interface PacketOptions extends PdlOptions, ProtoOptions {}

/** The names of the options, as scenarios write them. */
export type OptionName = Exclude<keyof PacketOptions, 'checkImport'>;

interface FileKind {
  readonly options: readonly OptionName[];
  /** @throws FileProblem where the file cannot be read; SwarmError with the problems in it. */
  read(file: string, options: PacketOptions): PacketSet;
}

/** What `packets:` may say: words, files by their extension, or the definitions themselves, which `readInline` takes. */
const words: Readonly<Record<string, PacketSet>> = {
  text: { format: 'text' },
  json: { format: 'json' },
  bytes: { format: 'bytes' },
};
const yaml: FileKind = { options: [], read: readYaml };
const fileKinds: Readonly<Record<string, FileKind>> = {
  '.xml': {
    options: ['reading', 'ids'],
    read: (file, options) => parsePdl(readTextFile(file, maxPdlBytes), file, options),
  },
  '.proto': { options: ['ids', 'idEnum', 'idOption'], read: readProto },
  '.yaml': yaml,
  '.yml': yaml,
};

/** What each option is for, as a clause behind its name. */
const purposes: Readonly<Record<OptionName, string>> = {
  reading: 'is for PDL files: it says how they are read',
  ids: 'is for PDL and .proto files: other packets have their ids where they are defined',
  idEnum: 'is for .proto files: it names the enum of their ids',
  idOption: 'is for .proto files: it names the message option that holds an id',
};

const maxPdlBytes = 4 * 1024 * 1024;

/** The packets that a word stands for; undefined where `written` is none, and names a file. */
export function packetsOfWord(written: string): PacketSet | undefined {
  return Object.hasOwn(words, written) ? words[written] : undefined;
}

/** Packets that the scenario defines itself, at `path`. */
export function readInline(
  input: Collected<InlinePacketsInput>,
  path: Path,
  problems: ProblemList,
): PacketSet | undefined {
  return compileInlinePackets(input, path, problems.report);
}

/** Whether a file is YAML that has packet definitions at its top, as no scenario has. */
export function isInlineFile(file: string): boolean {
  if (fileKinds[extname(file)] !== yaml || !existsSync(file)) return false;
  const document = new ScenarioDocument(readTextFile(file, maxYamlBytes), file);
  const top = document.syntaxProblems().length > 0 ? null : document.read();
  return typeof top === 'object' && top !== null && 'definitions' in top;
}

/** Whether swarm reads packet definitions from files that are called so. */
export function isPacketFile(file: string): boolean {
  return Object.hasOwn(fileKinds, extname(file));
}

/**
 * The packets of a file for which `isPacketFile` holds.
 * @throws FileProblem where it cannot be read; SwarmError `packets-invalid` with every problem in it.
 */
export function readPacketFile(file: string, options: PacketOptions): PacketSet {
  return fileKinds[extname(file)]!.read(file, options);
}

/** An option that was given, and says nothing of the packets. */
export interface UnfitOption {
  readonly name: OptionName;
  /** What it is for, as a clause that follows its name. */
  readonly purpose: string;
}

/** The options that are not for files like `file`, or where that is null, for packets that are in no file. */
export function unfitOptions(options: PacketOptions, file: string | null): readonly UnfitOption[] {
  const fitting = file === null ? [] : fileKinds[extname(file)]!.options;
  return (Object.keys(purposes) as OptionName[])
    .filter((name) => options[name] !== undefined && !fitting.includes(name))
    .map((name) => ({ name, purpose: purposes[name] }));
}

function readYaml(file: string): PacketSet {
  const document = new ScenarioDocument(readTextFile(file, maxYamlBytes), file);
  const problems = new ProblemList(document);
  const packets = problems.during(() => {
    const syntax = document.syntaxProblems();
    problems.add(syntax);
    const input = syntax.length > 0 ? undefined : collect(inlinePacketsSchema, document.read(), problems.report);
    return input && compileInlinePackets(input, [], problems.report);
  });
  const found = problems.sorted();
  if (found.length === 0 && packets !== undefined) return packets;
  throw invalidPackets(file, found);
}
