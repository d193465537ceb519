import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/** The path of a file of that name for parsers that read files; gone when the process ends. */
export function scratchFile(name: string, content: Uint8Array | string): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'swarm-fuzz-'));
    process.once('exit', () => rmSync(folder as string, { recursive: true, force: true }));
  }
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
