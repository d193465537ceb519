/** A piece of a string that a scenario writes: literal text, or one `${expression}` with the place of its text. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string; readonly offset: number };

/** A `${` that no `}` closes; `offset` is where it stands in the string. */
export interface UnclosedExpression {
  readonly kind: 'unclosed';
  readonly offset: number;
}

/**
 * Splits a string at its expressions. `${…}` holds one CEL expression, in which braces nest and quoted strings may hold any
 * brace; `$${` stands for a literal `${`. Offsets count UTF-16 units of `text`.
 */
export function splitTemplate(text: string): readonly TemplatePart[] | UnclosedExpression {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      literal += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      const end = closingBrace(text, at + 2);
      if (end === undefined) return { kind: 'unclosed', offset: at };
      if (literal !== '') parts.push({ kind: 'text', text: literal });
      literal = '';
      parts.push({ kind: 'expression', source: text.slice(at + 2, end), offset: at + 2 });
      at = end + 1;
    } else {
      literal += text[at++];
    }
  }
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return parts;
}

function closingBrace(text: string, from: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== undefined) {
      if (character === '\\') at++;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '{') {
      depth++;
    } else if (character === '}' && depth-- === 0) {
      return at;
    }
  }
  return undefined;
}
