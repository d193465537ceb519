/** One `testsuite`. */
export interface JunitSuite {
  readonly name: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** How long it took, in seconds. */
  readonly timeSeconds: number;
  readonly properties?: Readonly<Record<string, string>>;
  readonly cases: readonly JunitCase[];
}

/** One `testcase`. */
export interface JunitCase {
  /** What CI systems group by. */
  readonly className: string;
  readonly name: string;
  readonly verdict: JunitVerdict;
  /** What was found, also where it is as it should be; becomes `system-out`. */
  readonly output?: string;
}

/** `error`: whether it would have held could not be found out. */
export type JunitVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failure' | 'error' | 'skipped'; readonly message: string };

/** Suites as a JUnit file, as Jenkins, GitLab and the actions of GitHub read it. Ends with a line break. */
export function junitXml(suites: readonly JunitSuite[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.map(suiteXml).join('')}</testsuites>\n`;
}

function suiteXml({ name, timestamp, timeSeconds, properties = {}, cases }: JunitSuite): string {
  const count = (kind: JunitVerdict['kind']) => cases.filter(({ verdict }) => verdict.kind === kind).length;
  const attributes = {
    name,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    timestamp,
    time: timeSeconds.toFixed(3),
  };
  const entries = Object.entries(properties);
  const propertiesXml = entries.map(([key, value]) => `      ${tag('property', { name: key, value }, '')}\n`).join('');
  return [
    `  <testsuite${attributesXml(attributes)}>\n`,
    entries.length > 0 ? `    <properties>\n${propertiesXml}    </properties>\n` : '',
    ...cases.map(caseXml),
    '  </testsuite>\n',
  ].join('');
}

function caseXml({ className, name, verdict, output }: JunitCase): string {
  const children = [
    // Twice: GitLab shows the text alone, others the attribute.
    verdict.kind === 'passed' ? '' : tag(verdict.kind, { message: verdict.message }, escapeXml(verdict.message)),
    output === undefined ? '' : tag('system-out', {}, escapeXml(output)),
  ].filter((child) => child !== '');
  const content = children.map((child) => `\n      ${child}`).join('');
  return `    ${tag('testcase', { classname: className, name }, content === '' ? '' : `${content}\n    `)}\n`;
}

function tag(name: string, attributes: Readonly<Record<string, string>>, content: string): string {
  const start = `<${name}${attributesXml(attributes)}`;
  return content === '' ? `${start}/>` : `${start}>${content}</${name}>`;
}

function attributesXml(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

/** What XML 1.0 can hold in no way, not even escaped: control characters and halves of surrogate pairs. */
const unspeakable = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text for XML, in an element or an attribute, where line breaks would else become spaces. */
function escapeXml(text: string): string {
  return text
    .replace(unspeakable, '\ufffd')
    .replace(/[&<>"']/g, (character) => references[character]!)
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
