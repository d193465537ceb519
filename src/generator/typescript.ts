import { serverCoreFraming } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { minimumSize } from '../packets/field-reader.js';
import { requireIdFraming } from '../packets/frame-body.js';
import type { FieldDefinition, PacketDefinition, PacketSet, Side } from '../packets/index.js';
import { type PdlField, pdlField } from '../packets/pdl-field.js';
import { checkTypeNames, elementTypeName } from './type-names.js';
import { wireFunctions, wireTypes } from './wire-functions.js';

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
 * @throws SwarmError `packets-ungeneratable` for packets without definitions or with names that cannot be types;
 * `framing-unfit` for an id above 65,535.
 */
export function generateTypeScript(packets: PacketSet, origin: Origin): string {
  if (packets.format !== 'pdl') {
    const message = `No TypeScript can be made of ${packets.format} packets.`;
    throw new SwarmError('packets-ungeneratable', message, { hint: 'It can be made of a PDL file.' });
  }
  const definitions = packets.packets;
  checkTypeNames(definitions);
  for (const packet of definitions) requireIdFraming(packet, serverCoreFraming);
  const parts = [
    header(origin),
    "import { ProtocolError } from 'tcp-swarm/core';",
    packetIds(definitions),
    ...definitions.flatMap((packet) => [...interfacesOf(packet), encoder(packet), decoder(packet)]),
    ...packetManager('server', definitions),
    ...packetManager('client', definitions),
    ...definitions.flatMap((packet) => elementFunctions(packet.name, packet.name, packet.fields)),
    ...wireFunctions(new Set(definitions.flatMap((packet) => typesIn(packet.fields)))),
  ];
  return `${parts.join('\n\n')}\n`;
}

function header({ file, toolVersion }: Origin): string {
  // A line break in a file's name would end the comment.
  const name = file.replace(/[\p{Cc}\u2028\u2029]/gu, '?');
  return `\
${generatedMark}${toolVersion} from ${name}. Do not edit it: change that file, and make this one again.
// On the wire a packet is [size u16][id u16][fields], little-endian; the size counts all of it.`;
}

function packetIds(packets: readonly PacketDefinition[]): string {
  return `\
export const packetIds = {
${packets.map(({ name, id }) => `  ${name}: ${id},`).join('\n')}
} as const;`;
}

/** As the original generator decides it: what has neither prefix goes to the server. */
function receiverOf({ direction }: PacketDefinition): Side {
  return direction === 'toClient' ? 'client' : 'server';
}

function interfacesOf(packet: PacketDefinition): readonly string[] {
  const { name, id, fields } = packet;
  const comment = `/** Packet ${id}, to the ${receiverOf(packet)}. */`;
  if (fields.length === 0) return [`${comment}\nexport type ${name} = Readonly<Record<string, never>>;`];
  return [...elementInterfaces(name, fields), `${comment}\n${interfaceOf(name, fields)}`];
}

/** Innermost first, so that each stands before its use. */
function elementInterfaces(outer: string, fields: readonly FieldDefinition[]): readonly string[] {
  return fields.flatMap((field) => {
    if (field.type !== 'list') return [];
    const type = elementTypeName(outer, field);
    return [...elementInterfaces(type, field.fields), interfaceOf(type, field.fields)];
  });
}

function interfaceOf(type: string, fields: readonly FieldDefinition[]): string {
  const members = fields.map(pdlField).map((field) => {
    const tsType = field.type === 'list' ? `readonly ${elementTypeName(type, field)}[]` : wireTypes[field.type].tsType;
    return `  readonly ${field.name}: ${tsType};`;
  });
  return `export interface ${type} {\n${members.join('\n')}\n}`;
}

function encoder({ name, fields }: PacketDefinition): string {
  return `\
${fields.length === 0 ? '' : `/** @throws RangeError for a value that its field cannot hold. */\n`}\
export function encode${name}(${fields.length === 0 ? '' : `packet: ${name}`}): Uint8Array {
  beginPacket(packetIds.${name});
${writes(name, name, 'packet', fields)}\
  return endPacket();
}`;
}

function decoder({ name, fields }: PacketDefinition): string {
  const open = `openPacket(buffer, packetStart, packetEnd, '${name}');`;
  const body =
    fields.length === 0
      ? `  ${open}\n  closePacket('${name}');\n  return {};`
      : `  ${open}\n  const packet = {\n${reads(name, name, fields)}  };\n  closePacket('${name}');\n  return packet;`;
  return `\
/** Reads the packet from \`packetStart\` to \`packetEnd\`, header included. @throws ProtocolError for malformed bytes. */
export function decode${name}(buffer: Uint8Array, packetStart = 0, packetEnd = buffer.length): ${name} {
${body}
}`;
}

/** For each list a function that writes an element, and one that reads it. `path` is how errors call the list's owner. */
function elementFunctions(outer: string, path: string, fields: readonly FieldDefinition[]): readonly string[] {
  return fields.flatMap((field) => {
    if (field.type !== 'list') return [];
    const type = elementTypeName(outer, field);
    const elementPath = `${path}.${field.name}[]`;
    return [
      `function write${type}(element: ${type}): void {\n${writes(type, elementPath, 'element', field.fields)}}`,
      `function read${type}(): ${type} {\n  return {\n${reads(type, elementPath, field.fields)}  };\n}`,
      ...elementFunctions(type, elementPath, field.fields),
    ];
  });
}

function writes(type: string, path: string, variable: string, fields: readonly FieldDefinition[]): string {
  return fields
    .map(pdlField)
    .map((field) => {
      const element = field.type === 'list' ? `write${elementTypeName(type, field)}, ` : '';
      const { suffix } = wireTypes[field.type];
      return `  write${suffix}(${variable}.${field.name}, ${element}'${path}.${field.name}');\n`;
    })
    .join('');
}

function reads(type: string, path: string, fields: readonly FieldDefinition[]): string {
  return fields
    .map(pdlField)
    .map((field) => {
      const element =
        field.type === 'list' ? `read${elementTypeName(type, field)}, ${minimumSize(field.fields)}, ` : '';
      return `    ${field.name}: read${wireTypes[field.type].suffix}(${element}'${path}.${field.name}'),\n`;
    })
    .join('');
}

/** None for a side that receives nothing. */
function packetManager(side: Side, packets: readonly PacketDefinition[]): readonly string[] {
  const received = packets.filter((packet) => receiverOf(packet) === side);
  if (received.length === 0) return [];
  const prefix = side === 'server' ? 'Server' : 'Client';
  const handlers = received.map(({ name }) => `  ${name}Handler(session: S, packet: ${name}): void;`);
  const cases = received.map(
    ({ name }) => `\
      case packetIds.${name}:
        this.#handler.${name}Handler(session, decode${name}(buffer, start, end));
        return true;`,
  );
  return [
    `\
/** What a ${side} does with each packet that it receives; \`S\` is its session. */
export interface ${prefix}PacketHandler<S> {
${handlers.join('\n')}
}`,
    `\
/** Hands each packet that a ${side} receives to its handler; one manager serves all sessions. */
export class ${prefix}PacketManager<S> {
  readonly #handler: ${prefix}PacketHandler<S>;

  constructor(handler: ${prefix}PacketHandler<S>) {
    this.#handler = handler;
  }

  /**
   * To be called from \`PacketSession.onFrame\`. False: no packet with this id comes to a ${side}.
   * @throws ProtocolError for malformed bytes: let it pass, and it ends the session.
   */
  onRecvPacket(session: S, buffer: Uint8Array, start: number, end: number, id: number): boolean {
    switch (id) {
${cases.join('\n')}
      default:
        return false;
    }
  }
}`,
  ];
}

function typesIn(fields: readonly FieldDefinition[]): readonly PdlField['type'][] {
  return fields.map(pdlField).flatMap((field) => [field.type, ...(field.type === 'list' ? typesIn(field.fields) : [])]);
}
