import { SwarmError } from '../../errors.js';
import { compilePattern, type FieldDefinition, textPacket } from '../../packets/index.js';
import { show } from '../collect.js';
import { commonFields } from '../common-fields.js';
import type { Path } from '../document.js';
import { sentencesOf } from '../hints.js';
import type { Match } from '../plan.js';
import type { Report } from '../problem-list.js';
import type { FrameSpeech, Wanted } from './speech.js';

const lineField = textPacket.fields[0]!;

/** Lines of text: sent as they are, waited for letter for letter or by a /pattern/. */
export const textSpeech: FrameSpeech = {
  protocol: 'a text protocol',
  keys: ['line', 'pattern'],
  anything: { kind: 'pattern', pattern: '' },
  whereMisfit: () => ({ message: '`where` compares fields, and text has none', hint: 'wait for a /pattern/' }),
  // A text may have line breaks of its own.
  tag: (sent) =>
    String(sent)
      .trim()
      .replace(/[\r\n]+/g, ' '),
  value(sent, path, place, values) {
    if (typeof sent === 'string') return values.forField(sent, lineField, 'the packet', path, place);
    return values.report(path, `${show(sent)} is not a line`, { hint: 'write the whole line, in quotes' });
  },
  match: matchLine,
  reply: (matches) => ({
    fields: [lineField, { name: 'groups', type: 'groups', fields: commonFields(matches.map(groupsOf)) }],
    methods: [],
  }),
};

function matchLine({ key, input, path }: Wanted, _readFile: unknown, report: Report): Match | undefined {
  if (typeof input !== 'string') {
    return report(path, `${show(input)} is not a line`, { hint: 'write the line, or a /pattern/' });
  }
  const slashed = /^\/(.+)\/$/s.exec(input)?.[1];
  const pattern = key === 'pattern' ? (slashed ?? input) : key === 'short' ? slashed : undefined;
  if (pattern !== undefined) return compiledPattern(pattern, path, report);
  if (input.includes('${')) {
    return report(path, 'a line that is waited for is taken letter for letter: it cannot have expressions', {
      hint: 'wait for a /pattern/, and check what it matched',
    });
  }
  return { kind: 'line', text: input };
}

function compiledPattern(pattern: string, path: Path, report: Report): Match | undefined {
  try {
    compilePattern(pattern);
    return { kind: 'pattern', pattern };
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    const { message, hint } = sentencesOf(error);
    return report(path, message, { hint });
  }
}

function groupsOf(match: Match): readonly FieldDefinition[] {
  if (match.kind !== 'pattern') return [];
  // RE2 writes a named group (?P<name>…) or (?<name>…).
  return [...match.pattern.matchAll(/\(\?P?<(\w+)>/g)].map(([, name]) => ({ name: name!, type: 'string' }));
}
