import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for programs and results, which goes when the benchmark does. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
