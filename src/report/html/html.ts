/** A piece of HTML that needs no more escaping. Only this file makes them. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: null and false leave nothing. */
export type Content = Html | string | number | null | false | readonly Content[];

/** HTML from a template. Whatever is put into it is escaped, in elements and in quoted attributes, unless it is `Html` itself. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(strings.map((text, i) => text + (i < contents.length ? textOf(contents[i]!) : '')).join(''));
}

/** Data for a script: nothing in it can end the script. */
export function jsonScript(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return new Html(`<script type="application/json" id="${id}">${json}</script>`);
}

/** Our own code, as it is. @throws Error where it would end the element that it stands in. */
export function inline(element: 'script' | 'style', code: string, attributes = ''): Html {
  if (code.toLowerCase().includes(`</${element}`)) throw new Error(`the inlined ${element} ends itself`);
  return new Html(`<${element}${attributes}>${code}</${element}>`);
}

function textOf(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return escapeHtml(String(content));
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => references[character]!).replaceAll('\0', '\ufffd');
}
