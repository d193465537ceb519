import { serverCoreFraming } from '../core/index.js';
import { fixedSizeOf, minimumSize } from '../packets/field-reader.js';
import type { Direction, FieldDefinition, PacketDefinition } from '../packets/index.js';

/** One packet as `swarm packets --list --json` gives it. */
export interface ListedPacket {
  readonly id: number;
  readonly name: string;
  readonly direction: Direction;
  /** In bytes, ServerCore's header included: of every packet, or, where strings and lists make it longer, of the shortest. */
  readonly size: { readonly bytes: number; readonly fixed: boolean };
  readonly fields: readonly FieldDefinition[];
}

export const directionTexts: Readonly<Record<Direction, string>> = {
  toServer: 'to the server',
  toClient: 'to the client',
  both: 'both ways',
};

/** The packets with their sizes, in the order of their ids. */
export function listPackets(packets: readonly PacketDefinition[]): readonly ListedPacket[] {
  return packets
    .map(({ id, name, direction, fields }) => ({
      id,
      name,
      direction,
      size: {
        bytes: serverCoreFraming.headerSize + minimumSize(fields),
        fixed: fields.every((field) => fixedSizeOf(field) !== null),
      },
      fields,
    }))
    .sort((a, b) => a.id - b.id);
}

/** A table of the packets, a line each; no line break at its end. */
export function renderPacketList(packets: readonly ListedPacket[]): string {
  const rows = packets.map(({ id, name, direction, size, fields }) => [
    String(id),
    name,
    directionTexts[direction],
    `${size.fixed ? '' : '≥ '}${size.bytes}`,
    fieldsText(fields),
  ]);
  return renderColumns(['id', 'name', 'direction', 'bytes', 'fields'], rows, [0, 3]);
}

/** `playerId int, skills [id int, level short]`: a list's elements in brackets. */
function fieldsText(fields: readonly FieldDefinition[]): string {
  return fields
    .map((field) => `${field.name} ${field.type === 'list' ? `[${fieldsText(field.fields)}]` : field.type}`)
    .join(', ');
}

/** Columns as wide as their widest cell; those in `numeric` are set on the right. The last one is not padded. */
export function renderColumns(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[],
): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, column) => lines.reduce((width, cells) => Math.max(width, cells[column]!.length), 0));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) =>
          numeric.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
