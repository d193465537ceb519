import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('corpus', import.meta.url));

/** Bytes as a file of text: as they are where they print, `\xff` where they do not, so that a corpus can be read and compared. */
function shown(input: Uint8Array): string {
  return Buffer.from(input)
    .toString('latin1')
    .replace(/[^\n\x20-\x5b\x5d-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function read(text: string): Uint8Array {
  return Uint8Array.from(
    Buffer.from(
      text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ),
  );
}

/** The inputs that are kept for a target: one for each thing that its parser does, and each that was once a find. */
export class Corpus {
  readonly #folder: string;

  constructor(target: string) {
    this.#folder = join(root, target);
  }

  get names(): readonly string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).sort() : [];
  }

  read(name: string): Uint8Array {
    return read(readFileSync(join(this.#folder, name), 'utf8'));
  }

  /** @returns the path of the file. */
  add(input: Uint8Array, prefix = ''): string {
    mkdirSync(this.#folder, { recursive: true });
    const name = `${prefix}${createHash('sha256').update(input).digest('hex').slice(0, 12)}.txt`;
    const path = join(this.#folder, name);
    writeFileSync(path, shown(input));
    return path;
  }

  remove(name: string): void {
    rmSync(join(this.#folder, name));
  }
}
