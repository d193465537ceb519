import type { Framing, HeaderField } from '../core/framing.js';
import { isMatch } from '../core/header.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { presets } from './framing-presets.js';
import type { FramingInput, PreambleInput } from './framing-schema.js';
import { compileLengthFraming } from './length-framing.js';
import type { Report } from './problem-list.js';

/** A delimiter is searched for in every byte: longer ones are a mistake. */
const longestDelimiter = 16;

export interface Framings {
  readonly send: Framing;
  readonly receive: Framing;
}

/** The framing of each direction. Reports what does not fit together; undefined where something is wrong. */
export function compileFramings(input: Collected<FramingInput>, path: Path, report: Report): Framings | undefined {
  if (typeof input === 'object' && 'send' in input) {
    const send = input.send && compileFraming(input.send, [...path, 'send'], report);
    const receive = input.receive && compileFraming(input.receive, [...path, 'receive'], report);
    return send && receive && checkMatch({ send, receive }, path, report);
  }
  const framing = compileFraming(input, path, report);
  return framing && { send: framing, receive: framing };
}

/** The bytes that a client sends before all packets; none where nothing is said of them. */
export function compilePreamble(
  input: Collected<PreambleInput> | undefined,
  path: Path,
  report: Report,
): readonly number[] | undefined {
  if (input === undefined) return [];
  if (typeof input === 'string') return [...new TextEncoder().encode(input)];
  if (input.hex === undefined) return undefined;
  const digits = input.hex.replace(/\s/g, '');
  if (/^([0-9a-f]{2})*$/i.test(digits)) return [...Buffer.from(digits, 'hex')];
  return report([...path, 'hex'], 'these are not bytes in hex', { hint: "write two digits for each byte: 'ca fe 01'" });
}

type OneFramingInput = Exclude<Collected<FramingInput>, { readonly send: unknown }>;

function compileFraming(input: OneFramingInput, path: Path, report: Report): Framing | undefined {
  if (typeof input === 'string') return presets[input].framing;
  if ('preset' in input) return compilePreset(input, path, report);
  if ('delimiter' in input) return compileDelimiter(input, path, report);
  if ('fixedLength' in input) {
    return input.fixedLength === undefined ? undefined : { kind: 'fixed', length: input.fixedLength };
  }
  return compileLengthFraming(input, path, report);
}

/** The preset with what is said beside it. */
function compilePreset(
  { preset, ...said }: Extract<OneFramingInput, { readonly preset: unknown }>,
  path: Path,
  report: Report,
): Framing | undefined {
  if (preset === undefined) return undefined;
  const { framing } = presets[preset];
  const keys = (Object.keys(said) as (keyof typeof said)[]).filter((key) => said[key] !== undefined);
  if (framing.kind === 'length') {
    // Up to the end of the last field, as that of every preset: what is said may add some.
    const { kind, headerSize, ...fields } = framing;
    return compileLengthFraming(
      { ...fields, ...Object.fromEntries(keys.map((key) => [key, said[key]])) },
      path,
      report,
    );
  }
  const hint = `write framing: ${preset}`;
  const strange = keys.find((key) => key !== 'maxPacketSize');
  if (strange !== undefined) {
    return report([...path, strange], `\`${preset}\` has no header with a length`, { part: 'key', hint });
  }
  const { maxPacketSize } = said;
  if (maxPacketSize === undefined) return framing;
  if (framing.kind === 'delimiter') return { ...framing, maxPacketSize };
  return report([...path, 'maxPacketSize'], `\`${preset}\` has no packets that could be too large`, {
    part: 'key',
    hint,
  });
}

function compileDelimiter(
  { delimiter, maxPacketSize }: Extract<OneFramingInput, { readonly delimiter: unknown }>,
  path: Path,
  report: Report,
): Framing | undefined {
  if (delimiter === undefined || maxPacketSize === undefined) return undefined;
  const at = [...path, 'delimiter'];
  const written =
    typeof delimiter === 'string' ? [{ text: delimiter, at }] : delimiter.map((text, i) => ({ text, at: [...at, i] }));
  const delimiters: number[][] = [];
  for (const { text, at } of written) {
    if (text === undefined) return undefined;
    const bytes = [...new TextEncoder().encode(text)];
    if (bytes.length === 0 || bytes.length > longestDelimiter) {
      return report(at, `a delimiter has 1 to ${longestDelimiter} bytes, this one ${bytes.length}`, {
        hint: 'a line break is "\\n" in double quotes',
      });
    }
    delimiters.push(bytes);
  }
  for (const { text = '', at } of written) {
    const sooner = written.find((other) => other.text !== undefined && isWithin(other.text, text));
    if (sooner === undefined) continue;
    return report(
      at,
      `${JSON.stringify(text)} can never end a packet: ${JSON.stringify(sooner.text)} within it comes first`,
    );
  }
  return { kind: 'delimiter', delimiters, maxPacketSize };
}

/** Whether `part` is complete before all of `whole` is. */
function isWithin(part: string, whole: string): boolean {
  const at = whole.indexOf(part);
  return at >= 0 && at + part.length < whole.length;
}

/** A reply that is matched by a number carries the one that was sent, in as many bytes. */
function checkMatch(framings: Framings, path: Path, report: Report): Framings | undefined {
  const sent = matchField(framings.send);
  const received = matchField(framings.receive);
  if (sent?.name === received?.name && sent?.length === received?.length) return framings;
  const side = sent === undefined ? 'receive' : 'send';
  const { name, length } = (sent ?? received)!;
  return report(
    [...path, side],
    `replies are to be matched by \`${name}\`, and the other direction has no such field of ${length} bytes to match by`,
    { part: 'key', hint: 'give both directions a header field of that name and length, with { match: true }' },
  );
}

function matchField(framing: Framing): HeaderField | undefined {
  const fields = framing.kind === 'length' ? (framing.headerFields ?? []) : [];
  return fields.find(isMatch);
}
