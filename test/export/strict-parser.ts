/** One sample line. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const sampleLine = new RegExp(`^(${name})(?:\\{(.*)\\})? (\\S+)$`);
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/y;

/**
 * Reads Prometheus' text format 0.0.4, or OpenMetrics 1.0, and takes nothing that a scraper might refuse: a family's HELP and TYPE stand before its
 * samples, once; no series comes twice; a counter's samples end with `_total`; a histogram's buckets ascend to `+Inf`, which is its count.
 */
export function parseExposition(text: string, format: 'text' | 'openmetrics'): ReadonlyMap<string, ParsedFamily> {
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>();
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('OpenMetrics ends with # EOF');
  const seen = new Set<string>();
  let family: { type: string; help: string; samples: Sample[] } | undefined;
  let current = '';
  for (const line of lines) {
    if (line === '' && format === 'text') continue;
    const comment = new RegExp(`^# (HELP|TYPE) (${name}) (.+)$`).exec(line);
    if (comment?.[1] === 'HELP') {
      if (families.has(comment[2]!)) throw new Error(`twice: ${line}`);
      current = comment[2]!;
      family = { type: '', help: comment[3]!, samples: [] };
      families.set(current, family);
    } else if (comment !== null) {
      if (family === undefined || comment[2] !== current || family.type !== '') throw new Error(`misplaced: ${line}`);
      family.type = comment[3]!;
    } else {
      const sample = parseSample(line);
      if (family === undefined || !namesOf(current, family.type, format).includes(sample.name)) {
        throw new Error(`not of the family ${current}: ${line}`);
      }
      const series = line.slice(0, line.lastIndexOf(' '));
      if (seen.has(series)) throw new Error(`twice: ${series}`);
      seen.add(series);
      family.samples.push(sample);
    }
  }
  for (const [familyName, { type, samples }] of families) {
    if (type === 'histogram') checkHistogram(familyName, samples);
    if (type === 'counter' && samples.some(({ value }) => value < 0)) throw new Error(`${familyName} is below 0`);
  }
  return families;
}

function parseSample(line: string): Sample {
  const match = sampleLine.exec(line);
  if (match === null) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  const text = match[2] ?? '';
  for (let at = 0; at < text.length; at = label.lastIndex) {
    label.lastIndex = at;
    const pair = label.exec(text);
    if (pair === null || labels[pair[1]!] !== undefined) throw new Error(`labels that cannot be read: ${line}`);
    labels[pair[1]!] = pair[2]!.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  const value = Number(match[3]);
  if (Number.isNaN(value)) throw new Error(`no number: ${line}`);
  return { name: match[1]!, labels, value };
}

function namesOf(family: string, type: string, format: 'text' | 'openmetrics'): readonly string[] {
  if (type === 'histogram') return ['_bucket', '_sum', '_count'].map((suffix) => family + suffix);
  if (type === 'gauge') return [family];
  if (type !== 'counter') throw new Error(`${family} has the type ${type}`);
  if (family.endsWith('_total') !== (format === 'text')) throw new Error(`a counter is called ${family}`);
  return [format === 'text' ? family : `${family}_total`];
}

function checkHistogram(family: string, samples: readonly Sample[]): void {
  const labelsOf = ({ labels: { le: _, ...own } }: Sample) => JSON.stringify(own);
  for (const labels of new Set(samples.map(labelsOf))) {
    const group = samples.filter((sample) => labelsOf(sample) === labels);
    const buckets = group.filter(({ name }) => name.endsWith('_bucket'));
    const bounds = buckets.map(({ labels: { le } }) => Number(le === '+Inf' ? Number.POSITIVE_INFINITY : le));
    const counts = buckets.map(({ value }) => value);
    const only = (suffix: string) => {
      const found = group.filter(({ name }) => name === family + suffix);
      if (found.length !== 1) throw new Error(`${family}${labels} has ${found.length} of ${suffix}`);
      return found[0]!.value;
    };
    const ascending = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= values[i - 1]!);
    if (!ascending(bounds) || !ascending(counts)) throw new Error(`${family}${labels} does not ascend`);
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY) throw new Error(`${family}${labels} has no +Inf`);
    if (counts.at(-1) !== only('_count')) throw new Error(`${family}${labels}: +Inf is not the count`);
    if (!(only('_sum') >= 0)) throw new Error(`${family}${labels} has a sum below 0`);
  }
}
