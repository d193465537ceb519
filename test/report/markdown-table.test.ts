import { describe, expect, it } from 'vitest';
import { escapeMarkdown, markdownTable } from '../../src/report/markdown-table.js';

describe('a Markdown table', () => {
  it('has its numbers on the right', () => {
    expect(markdownTable([{ title: 'packet' }, { title: 'p95, ms', numeric: true }], [['C_Chat', '12.3']])).toBe(
      '| packet | p95, ms |\n| --- | ---: |\n| C\\_Chat | 12.3 |\n',
    );
  });

  it.each([
    ['a|b', 'a\\|b'],
    ['two\n lines', 'two lines'],
    ['<img src=x>', '\\<img src=x\\>'],
    ['**bold** `code` _it_ ~no~', '\\*\\*bold\\*\\* \\`code\\` \\_it\\_ \\~no\\~'],
    ['[text](link)', '\\[text\\](link)'],
    ['&lt; \\', '\\&lt; \\\\'],
    ['@team', '@\u200bteam'],
    ['https://example.org', 'https:\u200b//example.org'],
    ['www.example.org', 'www.\u200bexample.org'],
  ])('takes nothing in %j for markup', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});
