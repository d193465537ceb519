import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SwarmError } from './errors.js';

/**
 * Makes a folder and those above it, where they are missing. (`mkdir` with `recursive` never comes back where a file system refuses,
 * as /proc does.)
 * @throws SwarmError `folder-unwritable`, naming whichever of them is a file, or cannot be made.
 */
export async function makeFolder(folder: string): Promise<void> {
  const there = await kindOf(folder);
  if (there === 'folder') return;
  if (there === 'file') {
    throw new SwarmError('folder-unwritable', `${folder} is a file, and a folder is needed.`, {
      hint: 'Name another folder, or move the file away.',
    });
  }
  const above = dirname(folder);
  if (above !== folder) await makeFolder(above);
  try {
    await mkdir(folder);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if ((await kindOf(folder)) === 'folder') return;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwarmError('folder-unwritable', `The folder ${folder} cannot be made: ${reason}.`, {
      hint: 'Name another folder.',
      cause: error,
    });
  }
}

async function kindOf(path: string): Promise<'folder' | 'file' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}
