import { compileFrameWriter } from '../core/index.js';
import { type Direction, formatOf, type ProtocolData } from '../packets/index.js';
import { type ListedField, listedFields } from './listed-fields.js';
import { bodySizeOf } from './packet-sizes.js';

/** One packet as `swarm packets --list --json` gives it. */
export interface ListedPacket {
  readonly id: number;
  readonly name: string;
  readonly direction: Direction;
  /** In bytes, header included: of every packet, or, where values make it longer, of the shortest. */
  readonly size: { readonly bytes: number; readonly fixed: boolean };
  readonly fields: readonly ListedField[];
}

export const directionTexts: Readonly<Record<Direction, string>> = {
  toServer: 'to the server',
  toClient: 'to the client',
  both: 'both ways',
};

/** The packets with their sizes, in the order of their ids. */
export function listPackets({ send, receive, packets: set }: ProtocolData): readonly ListedPacket[] {
  return formatOf(set)
    .packets(set)
    .map((packet) => {
      const { id, name, direction } = packet;
      const { headerSize } = compileFrameWriter(direction === 'toClient' ? receive : send);
      const { bytes, fixed } = bodySizeOf(packet, set);
      const size = { bytes: headerSize(bytes) + bytes, fixed };
      return { id, name, direction, size, fields: listedFields(packet, set) };
    })
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

/** `playerId int, skills [id int], mood Mood {joy int32 = 1} = 6`: what lies within a list in brackets, and within others in braces. */
function fieldsText(fields: readonly ListedField[]): string {
  return fields
    .map(({ name, type, number, rule, fields: inner }) => {
      const within = inner && (type === 'list' ? `[${fieldsText(inner)}]` : `{${fieldsText(inner)}}`);
      const words = [name, rule, type === 'list' || type === 'struct' ? undefined : type, within];
      if (number !== undefined) words.push(`= ${number}`);
      return words.filter((word) => word !== undefined).join(' ');
    })
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
