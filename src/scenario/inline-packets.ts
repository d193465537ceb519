import type { Direction, InlinePacket, PacketSet } from '../packets/definition.js';
import { checkPacketIds } from '../packets/packet-ids.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { isName } from './inline-fields.js';
import type { InlinePacketsInput } from './inline-schema.js';
import { InlineTypes } from './inline-types.js';
import type { Report } from './problem-list.js';

type Receiver = 'server' | 'client' | 'both';

const directions: Readonly<Record<Receiver, Direction>> = {
  server: 'toServer',
  client: 'toClient',
  both: 'both',
};

/** Turns packets that are described field by field into their layouts. `path` is where the description stands. */
export function compileInlinePackets(
  input: Collected<InlinePacketsInput>,
  path: Path,
  report: Report,
): PacketSet | undefined {
  const types = new InlineTypes(input, path, report);
  types.check();
  const at = [...path, 'definitions'];
  const definitions = Object.entries(input.definitions ?? {});
  if (definitions.length === 0) return report(at, 'no packets are defined', { part: 'key' });
  const packets = definitions.map(([name, definition]): InlinePacket | undefined => {
    if (!isName(name)) {
      report([...at, name], `\`${name}\` is not a name for a packet`, {
        part: 'key',
        hint: 'use letters, digits and _',
      });
    }
    if (definition?.fields === undefined) return undefined;
    const compiled = types.packet(definition.fields, [...at, name, 'fields']);
    const { id, to } = definition;
    if (compiled === undefined || id === undefined || to === undefined) return undefined;
    return { name, id: idNumber(id), direction: directions[to], fields: compiled.fields, layout: compiled.parts };
  });
  checkIds(definitions, at, report);
  return packets.every((packet) => packet !== undefined) ? { format: 'inline', packets } : undefined;
}

/** Servers that tell packets apart by letters have them in ASCII. */
function idNumber(id: number | string): number {
  return typeof id === 'number' ? id : id.charCodeAt(0);
}

/** Holds the ids of all packets against each other, also where something else is wrong with them. */
function checkIds(
  definitions: readonly [
    string,
    { readonly id?: number | string | undefined; readonly to?: Receiver | undefined } | undefined,
  ][],
  path: Path,
  report: Report,
): void {
  const packets = definitions.flatMap(([name, { id, to } = {}]) =>
    id === undefined || to === undefined ? [] : [{ name, id: idNumber(id), direction: directions[to] }],
  );
  checkPacketIds(packets, { given: {}, names: [] }, (packet, _given, message) =>
    report([...path, packet!.name, 'id'], message, {
      hint: 'give one of them another id, or say with `to` which of them goes to the server',
    }),
  );
}
