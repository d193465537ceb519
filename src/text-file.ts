import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { nearest } from './nearest.js';

/** The most names of files that a hint lists. */
const mostListed = 5;

/** Why a file cannot be used: a sentence that follows the file's name. */
export class FileProblem extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Reads a whole text file of at most `maxBytes`, which must be UTF-8; a byte order mark is dropped.
 * @throws FileProblem when it is absent, a directory, too large, or not UTF-8.
 */
export function readTextFile(path: string, maxBytes: number): string {
  const bytes = readBytesFile(path, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileProblem('is not UTF-8 text', 'save it as UTF-8');
  }
}

/**
 * Reads a whole file of at most `maxBytes`.
 * @throws FileProblem when it is absent, a directory or too large.
 */
export function readBytesFile(path: string, maxBytes: number): Uint8Array {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new FileProblem('is a folder', 'name the file in it');
    if (stat.size > maxBytes) throw new FileProblem(`has ${stat.size} bytes; at most ${maxBytes} are read`);
    const bytes = readFileSync(path);
    // A pipe has no size to ask for beforehand.
    if (bytes.length > maxBytes) throw new FileProblem(`has more than the ${maxBytes} bytes that are read at most`);
    return bytes;
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(systemSentence(error), absenceHint(path));
  }
}

/** What else there is where a file is missing: the name that was meant, or how far the path leads. Undefined for a file that is there. */
function absenceHint(path: string): string | undefined {
  if (existsSync(path)) return undefined;
  const folder = dirname(path);
  if (!existsSync(folder)) return `there is no folder ${folder}`;
  const place = folder === '.' ? 'this folder' : folder;
  const names = statSync(folder).isDirectory() ? readdirSync(folder) : [];
  const close = nearest(basename(path), names);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  const alike = names.filter((name) => extname(name) === extname(path)).slice(0, mostListed);
  return alike.length === 0 ? `check the path: ${place} has no such file` : `${place} has ${alike.join(', ')}`;
}

function systemSentence(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read: permission denied';
  return `cannot be read: ${code ?? error}`;
}
