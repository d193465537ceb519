import { isUtf8 } from 'node:buffer';
import { closeSync, existsSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { nearest } from './nearest.js';
import { namesIn } from './paths.js';

/** The most names of files that a hint lists. */
const mostListed = 5;
const newline = 0x0a;
const sizeCure = 'check that it is the file you meant, and leave out of it what is not needed';

/** Why a file cannot be used: a sentence that follows the file's name. */
export class FileProblem extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

export interface ReadingOptions {
  /**
   * Whether the file may be a pipe, as in `swarm compare <(git show main:report.json) report.json`. A pipe may never end, so that only
   * one is waited for that the user named himself, on the command line; none that a file names.
   */
  readonly pipes?: boolean;
}

/**
 * Reads a whole text file of at most `maxBytes`, which must be UTF-8; a byte order mark is dropped.
 * @throws FileProblem when it is absent, a directory, a device, too large, or not UTF-8.
 */
export function readTextFile(path: string, maxBytes: number, options: ReadingOptions = {}): string {
  const bytes = readBytesFile(path, maxBytes, options);
  if (isUtf16(bytes)) throw new FileProblem('is UTF-16, not UTF-8', 'save it as UTF-8');
  const zeroAt = bytes.indexOf(0);
  if (zeroAt >= 0) {
    const line = lineOf(bytes, zeroAt);
    throw new FileProblem(`has a zero byte in line ${line}, as no text has`, 'name a text file, saved as UTF-8');
  }
  if (!isUtf8(bytes)) throw new FileProblem(`is not UTF-8 text: look at line ${brokenLine(bytes)}`, 'save it as UTF-8');
  return new TextDecoder().decode(bytes);
}

/**
 * Reads a whole file of at most `maxBytes`.
 * @throws FileProblem when it is absent, a directory, a device or too large.
 */
export function readBytesFile(path: string, maxBytes: number, { pipes = false }: ReadingOptions = {}): Uint8Array {
  try {
    const stat = statSync(path);
    checkKind(stat, pipes);
    if (stat.size > maxBytes) throw new FileProblem(`has ${stat.size} bytes; at most ${maxBytes} are read`, sizeCure);
    return stat.size > 0 ? readFileSync(path) : readUnsized(path, maxBytes);
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(...systemProblem(error, path));
  }
}

/** @throws FileProblem for what has no end, or none that comes by itself. */
function checkKind(stat: Stats, pipes: boolean): void {
  if (stat.isFile() || (pipes && stat.isFIFO())) return;
  if (stat.isDirectory()) throw new FileProblem('is a folder', 'name the file in it');
  const what = stat.isFIFO() ? 'a pipe' : stat.isSocket() ? 'a socket' : 'a device';
  throw new FileProblem(`is ${what}, not a file`, 'write what it holds to a file, and name that');
}

/** Reads what has no size to ask for beforehand: pipes, and files of /proc. No more of it is taken than may be. */
function readUnsized(path: string, maxBytes: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const chunks: Uint8Array[] = [];
    for (let size = 0; ; ) {
      const chunk = new Uint8Array(64 * 1024);
      const count = readSync(file, chunk);
      if (count === 0) return Buffer.concat(chunks, size);
      size += count;
      if (size > maxBytes) throw new FileProblem(`has more than the ${maxBytes} bytes that are read at most`, sizeCure);
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

/** The number of the line in which a byte stands. */
function lineOf(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let end = bytes.indexOf(newline); end >= 0 && end < at; end = bytes.indexOf(newline, end + 1)) line++;
  return line;
}

/** The first line that is not UTF-8: no character of several bytes has that of a line's end in it. */
function brokenLine(bytes: Uint8Array): number {
  let start = 0;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return lineOf(bytes, start);
}

/** By its byte order mark: what some Windows editors call Unicode. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** Why the system does not let a file be read, and the cure. */
function systemProblem(error: unknown, path: string): [message: string, hint?: string] {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return ['does not exist', absenceHint(path)];
    case 'EACCES':
    case 'EPERM':
      return ['may not be read: permission denied'];
    case 'ELOOP':
      return ['is a link that leads back to itself', 'name the file that it should lead to'];
    case 'ENAMETOOLONG':
      return ['cannot be there: its name is longer than names can be'];
    case 'ERR_INVALID_ARG_VALUE':
      return ['cannot be there: no name has a zero byte in it'];
    default:
      return [`cannot be read: ${code ?? error}`];
  }
}

/** What else there is where a file is missing: the name that was meant, or how far the path leads. */
function absenceHint(path: string): string {
  if (/(^|\/)\w{2,}:\//.test(path)) return 'files are read from this machine: download it first';
  const folder = dirname(path);
  if (/(^|\/)~\//.test(path)) return 'only a shell takes ~ for your folder: write the path in full';
  if (!existsSync(folder)) return `there is no folder ${folder}`;
  const place = folder === '.' ? 'this folder' : folder;
  const names = namesIn(folder);
  if (names.includes(basename(path))) return 'it is a link to something that is not there';
  const close = nearest(basename(path), names);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  const alike = names.filter((name) => extname(name) === extname(path)).slice(0, mostListed);
  return alike.length === 0 ? `check the path: ${place} has no such file` : `${place} has ${alike.join(', ')}`;
}
