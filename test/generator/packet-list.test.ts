import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listPackets, renderPacketList } from '../../src/generator/packet-list.js';
import { parsePdl } from '../../src/packets/index.js';

const file = 'test/packets/vectors/pdl.xml';

it('lists packets by id, with lists in brackets and the least size where sizes vary', () => {
  const ids = { C_Empty: 40 };
  const set = parsePdl(readFileSync(file, 'utf8'), file, { ids });
  const packets = set.format === 'pdl' ? set.packets : [];
  expect(renderPacketList(listPackets(packets)).split('\n')).toEqual([
    'id  name     direction      bytes  fields',
    ' 2  S_Small  to the client      8  a int',
    ' 3  S_All    to the client   ≥ 43  b byte, sb sbyte, bo bool, s short, us ushort, i int, l long, f float, d double, str string, ' +
      'skills [id int, nm string, lv byte, attributes [att int]], tail int',
    ' 4  Neutral  both ways          8  x int',
    '40  C_Empty  to the server      4',
  ]);
});
