import { fileURLToPath } from 'node:url';

/** The folder of our own code, with the separator behind it. */
const ours = fileURLToPath(new URL('..', import.meta.url));

/** `at name (path:line:column)`, or the path alone; of Node's own modules there is none. */
const frame = /^\s+at (?:async )?(?:[^(\n]*\()?((?:file:\/\/|\/|[A-Za-z]:\\)[^()\n]*):(\d+):(\d+)\)?$/gm;

/** A place in a stack trace: line and column count from 1. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The innermost place in a stack trace that is neither ours, nor Node's, nor a package's; null where there is none. */
export function innermostFrame(error: unknown): Frame | null {
  if (!(error instanceof Error) || error.stack === undefined) return null;
  for (const [, path = '', line, column] of error.stack.matchAll(frame)) {
    const file = path.startsWith('file://') ? fileURLToPath(path) : path;
    if (file.startsWith(ours) || /[\\/]node_modules[\\/]/.test(file)) continue;
    return { file, line: Number(line), column: Number(column) };
  }
  return null;
}

/** Whether an error that nobody caught may be that of a user's code. What it rejects with need not be an error; what we throw is one. */
export function isUsersOwn(error: unknown): boolean {
  const isRejectedValue = error instanceof Error && 'code' in error && error.code === 'ERR_UNHANDLED_REJECTION';
  return isRejectedValue || innermostFrame(error) !== null;
}
