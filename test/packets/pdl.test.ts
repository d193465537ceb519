import { describe, expect, it } from 'vitest';
import { type PacketDefinition, type PdlOptions, parsePdl } from '../../src/packets/index.js';

function packetsOf(xml: string, options?: PdlOptions): readonly PacketDefinition[] {
  const set = parsePdl(xml, 'test.xml', options);
  return set.format === 'pdl' ? set.packets : [];
}

/** `name=id` of each packet. */
function idsOf(xml: string, options?: PdlOptions): string[] {
  return packetsOf(xml, options).map(({ name, id }) => `${name}=${id}`);
}

describe('parsePdl', () => {
  it('reads names, ids in document order, and fields', () => {
    const xml = `<?xml version="1.0" encoding="utf-8" ?>
      <PDL>
        <!-- ids count from 1 -->
        <packet name="C_Chat"><string name="chat"/></packet>
        <packet name="S_Chat"><int name="playerId"/><string name="chat"/></packet>
      </PDL>`;
    expect(parsePdl(xml, 'test.xml')).toEqual({
      format: 'pdl',
      packets: [
        { name: 'C_Chat', id: 1, direction: 'toServer', fields: [{ name: 'chat', type: 'string' }] },
        {
          name: 'S_Chat',
          id: 2,
          direction: 'toClient',
          fields: [
            { name: 'playerId', type: 'int' },
            { name: 'chat', type: 'string' },
          ],
        },
      ],
    });
  });

  it('tells the direction by the prefix, in either case; a packet without one travels both ways', () => {
    const names = ['S_A', 's_B', 'C_C', 'c_D', 'E', 'Salt', 'Cat'];
    const xml = `<PDL>${names.map((name) => `<packet name="${name}"></packet>`).join('')}</PDL>`;
    expect(packetsOf(xml).map((packet) => packet.direction)).toEqual([
      'toClient',
      'toClient',
      'toServer',
      'toServer',
      'both',
      'both',
      'both',
    ]);
  });

  it('names a list’s field with its first letter lower and an s, and nests lists', () => {
    const xml =
      '<PDL><packet name="P"><list name="Skill"><list name="attr"><int name="x"/></list></list></packet></PDL>';
    expect(packetsOf(xml)[0]!.fields).toEqual([
      {
        name: 'skills',
        type: 'list',
        item: 'Skill',
        fields: [{ name: 'attrs', type: 'list', item: 'attr', fields: [{ name: 'x', type: 'int' }] }],
      },
    ]);
  });

  it('takes tags in any case, a byte order mark, comments, processing instructions and names in any script', () => {
    const xml =
      '\uFEFF<?xml version="1.0"?><!-- a --><pdl><?b c?><Packet name="C_이름"><INT name="값"></INT></Packet></pdl><!-- d -->';
    expect(packetsOf(xml)).toEqual([
      { name: 'C_이름', id: 1, direction: 'toServer', fields: [{ name: '값', type: 'int' }] },
    ]);
  });

  describe('with ids given by hand', () => {
    const xml = '<PDL><packet name="C_A"></packet><packet name="S_B"></packet><packet name="C_C"></packet></PDL>';

    it('counts the others on in document order', () => {
      expect(idsOf(xml, { ids: { S_B: 4_294_967_295 } })).toEqual(['C_A=1', 'S_B=4294967295', 'C_C=3']);
      expect(idsOf(xml, { ids: { C_A: 0, S_B: 1, C_C: 2 } })).toEqual(['C_A=0', 'S_B=1', 'C_C=2']);
    });

    it('lets packets of opposite directions share an id', () => {
      expect(idsOf(xml, { ids: { S_B: 1 } })).toEqual(['C_A=1', 'S_B=1', 'C_C=3']);
    });
  });

  describe('in the original reading', () => {
    const reading = 'original';

    it('a self-closing packet swallows the next one, whole', () => {
      const xml =
        '<PDL><packet name="A"/><packet name="B"><int name="x"/></packet><packet name="C"><int name="y"/></packet></PDL>';
      expect(idsOf(xml, { reading })).toEqual(['A=1', 'C=2']);
    });

    it('a swallowed packet swallows nothing itself', () => {
      const xml = '<PDL><packet name="A"/><packet name="B"/><packet name="C"></packet></PDL>';
      expect(idsOf(xml, { reading })).toEqual(['A=1', 'C=2']);
    });

    it('a self-closing packet at the end swallows nothing', () => {
      expect(idsOf('<PDL><packet name="A"></packet><packet name="B"/></PDL>', { reading })).toEqual(['A=1', 'B=2']);
    });

    it('fields of unknown type are dropped', () => {
      const xml = '<PDL><packet name="A"><uint name="u"/><int name="i"/><ulong name="l"/></packet></PDL>';
      expect(packetsOf(xml, { reading })[0]!.fields).toEqual([{ name: 'i', type: 'int' }]);
    });
  });
});
