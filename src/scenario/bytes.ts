import type { Path } from './document.js';
import { FileProblem, readBytesFile, type ScenarioFiles } from './files.js';

/** How a scenario writes raw bytes. */
export const bytesHint = "write { hex: '0a 0b' }, { base64: 'Cgs=' }, { text: 'in UTF-8' } or { file: ping.bin }";

/** The bytes of a file that a scenario names at a path of its own. @throws FileProblem. */
export type ReadFile = (named: string, at: Path) => Uint8Array;

const maxFileBytes = 4 * 1024 * 1024;
/** Of all uses of all files together: the bytes are in the plan as often as a step sends them. */
const maxUsedBytes = 16 * 1024 * 1024;

/** Reads the files of a scenario, each once. */
export function bytesReader(files: ScenarioFiles): ReadFile {
  const known = new Map<string, Uint8Array>();
  let used = 0;
  return (named, at) => {
    const file = files.resolve(named, at);
    const bytes = known.get(file) ?? readBytesFile(file, maxFileBytes);
    known.set(file, bytes);
    used += bytes.length;
    if (used <= maxUsedBytes) return bytes;
    throw new FileProblem(
      `is one too many: with it all that steps take from files is more than ${maxUsedBytes} bytes`,
      'send it from fewer steps: one that is repeated counts once',
    );
  };
}

/** Why a mapping stands for no bytes: a sentence without a full stop. */
export interface BytesProblem {
  readonly message: string;
  readonly hint: string | undefined;
}

/** The bytes that a mapping with one key, at `at`, stands for, or why it stands for none. */
export function readBytes(
  input: Readonly<Record<string, unknown>>,
  at: Path,
  readFile: ReadFile,
): Uint8Array<ArrayBuffer> | BytesProblem {
  const given = Object.entries(input).filter(([, text]) => text !== undefined);
  const [[key, text] = ['', undefined]] = given;
  if (given.length !== 1 || typeof text !== 'string')
    return problem('bytes are one text: in hexadecimal, base64, UTF-8 or a file');
  switch (key) {
    case 'hex': {
      const digits = text.replace(/\s/g, '');
      if (/^([0-9a-f]{2})*$/i.test(digits)) return Uint8Array.from(Buffer.from(digits, 'hex'));
      return problem('hexadecimal has two digits (0-9, a-f) for each byte');
    }
    case 'base64': {
      const digits = text.replace(/\s/g, '');
      if (/^[A-Za-z0-9+/]*={0,2}$/.test(digits) && digits.length % 4 === 0)
        return Uint8Array.from(Buffer.from(digits, 'base64'));
      return problem('base64 has four characters (A-Z, a-z, 0-9, +, /, and = at the end) for each three bytes');
    }
    case 'text':
      return new TextEncoder().encode(text);
    case 'file':
      return fromFile(text, [...at, 'file'], readFile);
    default:
      return problem(`bytes have no \`${key}\``);
  }
}

function fromFile(named: string, at: Path, readFile: ReadFile): Uint8Array<ArrayBuffer> | BytesProblem {
  try {
    return Uint8Array.from(readFile(named, at));
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return { message: `the file ${named} ${error.message}`, hint: error.hint };
  }
}

function problem(message: string): BytesProblem {
  return { message, hint: bytesHint };
}
