import { extname } from 'node:path';
import { SwarmError } from '../errors.js';
import { type PacketSet, type PdlOptions, type ProtoOptions, parsePdl, readProto } from '../packets/index.js';
import { type Collected, collect } from './collect.js';
import { type Path, ScenarioDocument } from './document.js';
import { FileProblem, readTextFile } from './files.js';
import { compileInlinePackets } from './inline-packets.js';
import { type InlinePacketsInput, inlinePacketsSchema } from './inline-schema.js';
import { ProblemList } from './problem-list.js';

/** What a scenario says besides of how a file is to be read. */
export interface PacketOptions extends PdlOptions, ProtoOptions {}

/** Reads the content of a file of packet definitions; what is wrong with it goes to `problems`. */
type FileReader = (text: string, file: string, options: PacketOptions, problems: ProblemList) => PacketSet | undefined;

/** What `packets:` may say: words, files by their extension, or the definitions themselves, which `readInline` takes. */
const words: Readonly<Record<string, PacketSet>> = {
  text: { format: 'text' },
  json: { format: 'json' },
  bytes: { format: 'bytes' },
};
const fileReaders: Readonly<Record<string, FileReader>> = {
  '.xml': readPdl,
  '.proto': readProtobuf,
  '.yaml': readYaml,
  '.yml': readYaml,
};

const maxPacketFileBytes = 4 * 1024 * 1024;

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

/** The packets of a file, which the scenario names at `path` as `written`. */
export function readPacketFile(
  file: string,
  written: string,
  options: PacketOptions,
  path: Path,
  problems: ProblemList,
): PacketSet | undefined {
  const extension = extname(file);
  const read = Object.hasOwn(fileReaders, extension) ? fileReaders[extension] : undefined;
  if (read === undefined) {
    return problems.report(path, `\`${written}\` is not a packet definition that this version of swarm reads`, {
      hint: 'name a PDL file that ends in .xml, a .proto or a YAML file, write text, json or bytes, or define the packets here',
    });
  }
  try {
    return read(readTextFile(file, maxPacketFileBytes), file, options, problems);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return problems.report(path, `the packet definition ${file} ${error.message}`, { hint: error.hint });
  }
}

function readPdl(text: string, file: string, options: PacketOptions, problems: ProblemList): PacketSet | undefined {
  return collecting(problems, () => parsePdl(text, file, options));
}

/** The file and those that it imports. */
function readProtobuf(
  _text: string,
  file: string,
  options: PacketOptions,
  problems: ProblemList,
): PacketSet | undefined {
  return collecting(problems, () => readProto(file, options));
}

function collecting(problems: ProblemList, read: () => PacketSet): PacketSet | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    problems.add(error.problems);
    return undefined;
  }
}

function readYaml(text: string, file: string, _options: PacketOptions, problems: ProblemList): PacketSet | undefined {
  const document = new ScenarioDocument(text, file);
  const syntax = document.syntaxProblems();
  problems.add(syntax);
  if (syntax.length > 0) return undefined;
  const own = new ProblemList(document);
  const input = collect(inlinePacketsSchema, document.read(), own.report);
  const packets = input && compileInlinePackets(input, [], own.report);
  const found = own.sorted();
  problems.add(found);
  return found.length > 0 ? undefined : packets;
}
