import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitTemplate } from '../../src/scenario/template.js';

describe('splitting a template', () => {
  it('keeps text without expressions whole', () => {
    expect(splitTemplate('plain $ and { and }')).toEqual([{ kind: 'text', text: 'plain $ and { and }' }]);
  });

  it('gives text and expressions in their order, with where each expression stands', () => {
    expect(splitTemplate('a${b}c${d}')).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'expression', source: 'b', offset: 3 },
      { kind: 'text', text: 'c' },
      { kind: 'expression', source: 'd', offset: 8 },
    ]);
  });

  it('lets braces nest, and stand in quotes', () => {
    expect(splitTemplate('${ {"a": {"b": 1}} }')).toMatchObject([{ source: ' {"a": {"b": 1}} ' }]);
    expect(splitTemplate(`\${'}' + "}\\"}"}!`)).toMatchObject([{ source: `'}' + "}\\"}"` }, { text: '!' }]);
  });

  it('takes $${ for a literal ${', () => {
    expect(splitTemplate('$${a} ${b}')).toMatchObject([{ text: '${a} ' }, { source: 'b' }]);
  });

  it('says where an expression that is never closed begins', () => {
    expect(splitTemplate('ab ${c')).toEqual({ kind: 'unclosed', offset: 3 });
    expect(splitTemplate("${'}")).toEqual({ kind: 'unclosed', offset: 0 });
  });

  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', "'", 'a', '\\') }), (text) => {
        const parts = splitTemplate(text);
        if ('kind' in parts) return;
        const rebuilt = parts.map((part) =>
          part.kind === 'text' ? part.text.replaceAll('${', () => '$${') : `\${${part.source}}`,
        );
        expect(rebuilt.join('')).toBe(text);
      }),
    );
  });
});
