import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { type PdlOptions, parsePdl } from '../../src/packets/index.js';

function errorOf(xml: string, options?: PdlOptions): SwarmError {
  try {
    parsePdl(xml, 'chat.xml', options);
  } catch (error) {
    if (error instanceof SwarmError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

/** `line:column message | hint` of each problem, without a place where it has none. */
function problemsOf(xml: string, options?: PdlOptions): string[] {
  return errorOf(xml, options).problems.map(({ place, message, hint }) => {
    const where = place === undefined ? '' : `${place.line}:${place.column} `;
    return `${where}${message}${hint === undefined ? '' : ` | ${hint}`}`;
  });
}

const original = 'If the server was built from this very file, write `reading: original` under `protocol`.';

describe('a PDL file with mistakes', () => {
  it('is refused with every mistake, in the order of the file', () => {
    const xml = `<PDL>
  <pakcet name="C_A"></pakcet>
  <packet name="C_Chat">
    <string nmae="chat"/>
    <strng name="text"/>
    <int name="x"/> some text
    <byte name="x"/>
  </packet>
  <packet name="C_Chat"></packet>
</PDL>`;
    expect(errorOf(xml).message).toBe('The packet definitions in chat.xml have 6 mistakes.');
    expect(problemsOf(xml)).toEqual([
      '2:4 <pakcet> is unknown here | <PDL> holds <packet> elements only.',
      '4:13 <string> has no attribute nmae | Did you mean `name`?',
      `5:6 <strng> is not a type: the original generator silently drops such a field, so the server's bytes differ from what this file says | Did you mean \`<string>\`? ${original}`,
      '6:26 text has no meaning here | Remove it, or make it a comment: <!-- … -->.',
      '7:17 the field x is defined twice | The first is in line 6.',
      '9:17 the packet C_Chat is defined twice | The first is in line 3.',
    ]);
  });

  it('is shown with file, line, column, length and the line as it stands there', () => {
    const error = errorOf('<PDL>\r\n\t<packet name="C 1"></packet>\r\n</PDL>');
    expect(error.code).toBe('packets-invalid');
    expect(error.exitCode).toBe(104);
    expect(error.message).toBe('The packet definitions in chat.xml have a mistake.');
    expect(error.problems).toEqual([
      {
        message: '"C 1" cannot be a name',
        hint: 'A name is letters, digits and underscores, and does not begin with a digit.',
        place: { file: 'chat.xml', line: 2, column: 16, length: 3 },
        sourceLine: '\t<packet name="C 1"></packet>',
      },
    ]);
  });

  it.each(['uint', 'ulong'])('is told that the original generator drops %s', (type) => {
    const [problem] = problemsOf(`<PDL><packet name="A"><${type} name="x"/></packet></PDL>`);
    expect(problem).toBe(
      `1:24 <${type}> is not a type: the original generator silently drops such a field, so the server's bytes differ from what this file says | Did you mean \`<${type.slice(1)}>\`? ${original}`,
    );
  });

  it('is told the types where none is near', () => {
    expect(problemsOf('<PDL><packet name="A"><vector3 name="x"/></packet></PDL>')[0]).toContain(
      'The types are byte, sbyte, bool, short, ushort, int, float, long, double, string, list.',
    );
  });

  it('is told that the original generator lets a self-closing packet swallow the next', () => {
    expect(problemsOf('<PDL><packet name="C_A"/><packet name="C_B"></packet></PDL>')).toEqual([
      `1:7 the original generator lets a self-closing packet swallow the next one, so the server knows fewer packets than this file says | Write <packet name="C_A"></packet>. ${original}`,
    ]);
  });

  it.each([
    ['<Packets/>', '1:2 the root element is <Packets> | A packet definition file begins with <PDL>.'],
    ['<PDL/>', '1:2 no packets are defined | Add <packet name="C_Chat"><string name="chat"/></packet>.'],
    ['<PDL v="1"><packet name="A"></packet></PDL>', '1:6 <PDL> has no attribute v'],
    ['<PDL><packet></packet></PDL>', '1:7 this <packet> has no name | Write <packet name="…">.'],
    ['<PDL><packet name="A"><int/></packet></PDL>', '1:24 this <int> has no name | Write <int name="…">.'],
    ['<PDL><packet name="A" id="7"></packet></PDL>', '1:23 <packet> has no attribute id | Its only attribute is name.'],
    [
      '<PDL><packet name=""></packet></PDL>',
      '1:20 "" cannot be a name | A name is letters, digits and underscores, and does not begin with a digit.',
    ],
    [
      '<PDL><packet name="__proto__"></packet></PDL>',
      '1:20 "__proto__" cannot be a name | A name is letters, digits and underscores, and does not begin with a digit.',
    ],
    [
      '<PDL><packet name="A"><int name="xs"/><list name="x"><int name="v"/></list></packet></PDL>',
      '1:51 the field xs is defined twice | The first is in line 1.',
    ],
    [
      '<PDL><packet name="A"><list name="x"/></packet></PDL>',
      '1:24 a list needs at least one field | Write what each element holds: <list name="skill"><int name="id"/></list>.',
    ],
    [
      '<PDL><packet name="A"><int name="x"><byte name="y"/></int></packet></PDL>',
      '1:38 <int> cannot hold <byte> | Only packets and lists hold fields.',
    ],
    [
      '<PDL><packet name="A"></packet><![CDATA[x]]></PDL>',
      '1:32 text has no meaning here | Remove it, or make it a comment: <!-- … -->.',
    ],
  ])('%s says what is wrong', (xml, problem) => {
    expect(problemsOf(xml)).toEqual([problem]);
  });
});

describe('a file that is not XML', () => {
  it.each([
    [
      '',
      '1:1 this is not well-formed XML: document must contain a root element | The file is empty: write <PDL><packet name="C_Chat"><string name="chat"/></packet></PDL>.',
    ],
    ['hello', '1:5 this is not well-formed XML: text data outside of root node'],
    ['<PDL><packet name=A/></PDL>', '1:19 this is not well-formed XML: unquoted attribute value'],
    ['<PDL><packet name="A" name="B"/></PDL>', '1:32 this is not well-formed XML: duplicate attribute: name'],
    [
      '<PDL>\n<packet name="A">\n',
      '2:18 this is not well-formed XML: unclosed tag: packet | <packet> of line 2 needs </packet> first.',
    ],
    [
      '<PDL>\n<packet name="A">\n<int name="x">\n</packet></PDL>',
      '4:9 this is not well-formed XML: unexpected close tag | <int> of line 3 needs </int> first.',
    ],
  ])('%j says where and why', (xml, problem) => {
    expect(problemsOf(xml)).toEqual([problem]);
  });
});

describe('a hostile file', () => {
  it('cannot have entities expanded: none but XML’s own five are known', () => {
    expect(problemsOf('<PDL>&lol;</PDL>')).toEqual([
      '1:10 this is not well-formed XML: undefined entity | XML has &lt; &gt; &amp; &quot; and &apos;; write any other character itself.',
    ]);
  });

  it('cannot define entities: a DOCTYPE is refused, and what follows it is not looked at', () => {
    const xml = '<!DOCTYPE PDL [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<PDL>&b;</PDL>';
    expect(problemsOf(xml)).toEqual(['1:1 a DOCTYPE has no place in a PDL file | Remove it.']);
  });

  it('cannot nest without end', () => {
    const xml = `<PDL><packet name="A">${'<list name="a">'.repeat(1000)}`;
    expect(problemsOf(xml)).toEqual(['1:474 elements are nested more than 32 deep']);
  });

  it('cannot be larger than a million characters', () => {
    expect(problemsOf(`<PDL>${' '.repeat(1_000_000)}</PDL>`)).toEqual([
      '1:1 the file has 1000011 characters; at most 1000000 are read',
    ]);
  });
});

describe('ids given by hand', () => {
  const xml = '<PDL><packet name="C_A"></packet>\n<packet name="S_B"></packet>\n<packet name="C"></packet></PDL>';

  it('may not collide within a direction, with counted ids neither', () => {
    expect(problemsOf(xml, { ids: { C_A: 3 } })).toEqual([
      'C and C_A have the same id 3 | Give one of them another id.',
    ]);
    expect(problemsOf(xml, { ids: { S_B: 3 } })).toEqual([
      'C and S_B have the same id 3 | Give one of them another id.',
    ]);
  });

  it.each([-1, 1.5, 4_294_967_296])('must be whole numbers of 32 bits, unlike %s', (id) => {
    expect(problemsOf(xml, { ids: { S_B: id } })).toEqual([
      `${id} cannot be the id of S_B | Ids are whole numbers from 0 to 4294967295.`,
    ]);
  });

  it('must belong to packets that there are', () => {
    expect(problemsOf(xml, { ids: { S_b2: 9, Nothing: 10 } })).toEqual([
      'an id is given for S_b2, and there is no such packet | Did you mean `S_B`?',
      'an id is given for Nothing, and there is no such packet | It is one of C_A, S_B, C.',
    ]);
  });
});
