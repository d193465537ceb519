import type { Framing } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { requireFraming } from '../packets/frame-body.js';
import { formatOf, type PacketSet } from '../packets/index.js';
import { type HeaderCode, headerCode } from './header-code.js';
import { type GeneratedPacket, packetManager } from './manager-code.js';
import { pdlCode } from './pdl-code.js';
import { protoCode } from './proto-code.js';

/** What a format's packets become. */
export interface PacketCode {
  /** What the body of a packet is, in one word. */
  readonly body: string;
  readonly packets: readonly GeneratedPacket[];
  /** What the file exports for each packet: its types, `encode…` and `decode…`. */
  readonly declarations: readonly string[];
  /** What these call. */
  readonly functions: readonly string[];
}

/** What the generated file is made of, for its first lines. */
export interface Origin {
  /** The name of the definition file, without its folder. */
  readonly file: string;
  readonly toolVersion: string;
}

/** How each generated file begins: by this it is known as one that may be overwritten. */
export const generatedMark = '// Made by swarm ';

/**
 * A TypeScript module for a server or client on `tcp-swarm/core`: for each packet an interface, an encoder and a decoder; `packetIds`;
 * and for each side a packet manager with one handler for each packet it receives. The text depends on the arguments alone.
 *
 * The codecs are straight code, not calls of `tcp-swarm/packets`: a debugger steps through the very fields of the packet,
 * nothing is looked up or compiled at start, and a mistake in a field's name or type does not compile. All that is
 * imported is `ProtocolError`, so that a malformed packet ends its session with the cause `protocol`.
 *
 * @throws SwarmError `packets-ungeneratable` for packets without definitions or with names that cannot be types; `framing-unfit` for an
 * id that the header has no room for; `framing-ungeneratable` for a header that no code is made for.
 */
export function generateTypeScript(packets: PacketSet, framing: Framing, origin: Origin): string {
  requireFraming(formatOf(packets).packets(packets), framing);
  const header = headerCode(framing);
  const code = codeOf(packets, header);
  const parts = [
    fileComment(origin, header, code.body),
    "import { ProtocolError } from 'tcp-swarm/core';",
    packetIds(code.packets),
    ...code.declarations,
    ...packetManager('server', code.packets),
    ...packetManager('client', code.packets),
    ...code.functions,
  ];
  return `${parts.join('\n\n')}\n`;
}

function codeOf(packets: PacketSet, header: HeaderCode): PacketCode {
  switch (packets.format) {
    case 'pdl':
      return pdlCode(packets.packets, header);
    case 'proto':
      return protoCode(packets, header);
    default:
      throw new SwarmError('packets-ungeneratable', `No TypeScript can be made of ${packets.format} packets.`, {
        hint: 'It can be made of a PDL file or a .proto.',
      });
  }
}

function fileComment({ file, toolVersion }: Origin, { picture, rule }: HeaderCode, body: string): string {
  // A line break in a file's name would end the comment.
  const name = file.replace(/[\p{Cc}\u2028\u2029]/gu, '?');
  return `\
${generatedMark}${toolVersion} from ${name}. Do not edit it: change that file, and make this one again.
// On the wire a packet is ${picture}[${body}], ${rule}.`;
}

function packetIds(packets: readonly GeneratedPacket[]): string {
  return `\
export const packetIds = {
${packets.map(({ type, id }) => `  ${type}: ${id},`).join('\n')}
} as const;`;
}
