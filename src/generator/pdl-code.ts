import { minimumSize } from '../packets/field-reader.js';
import type { FieldDefinition, PacketDefinition, Side } from '../packets/index.js';
import { type PdlField, pdlField } from '../packets/pdl-field.js';
import type { HeaderCode } from './header-code.js';
import { checkTypeNames, elementTypeName, type OwnedType } from './type-names.js';
import type { PacketCode } from './typescript.js';
import { wireFunctions, wireTypes } from './wire-functions.js';

/** The code for packets of PDL. @throws SwarmError `packets-ungeneratable` for names that cannot be types. */
export function pdlCode(packets: readonly PacketDefinition[], header: HeaderCode): PacketCode {
  checkTypeNames(packets.flatMap((packet) => typesOf(packet.name, packet.name, packet.fields)));
  return {
    body: 'fields',
    packets: packets.map((packet) => ({ type: packet.name, id: packet.id, receivers: [receiverOf(packet)] })),
    declarations: packets.flatMap((packet) => [...interfacesOf(packet), encoder(packet), decoder(packet)]),
    functions: [
      ...packets.flatMap((packet) => elementFunctions(packet.name, packet.name, packet.fields)),
      ...wireFunctions(new Set(packets.flatMap((packet) => typesIn(packet.fields))), header),
    ],
  };
}

function typesOf(type: string, owner: string, fields: PacketDefinition['fields']): readonly OwnedType[] {
  const inner = fields.flatMap((field) =>
    field.type === 'list' ? typesOf(elementTypeName(type, field), `${owner}.${field.name}`, field.fields) : [],
  );
  return [{ type, owner }, ...inner];
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

function typesIn(fields: readonly FieldDefinition[]): readonly PdlField['type'][] {
  return fields.map(pdlField).flatMap((field) => [field.type, ...(field.type === 'list' ? typesIn(field.fields) : [])]);
}
