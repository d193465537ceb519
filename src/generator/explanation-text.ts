import type { ExplainedFrame, Part } from './explain.js';
import { directionTexts, renderColumns } from './packet-list.js';

/** Longer fields go on in the next line, so that the columns stay narrow: no number has more. */
const bytesPerLine = 8;

/** The frames as text, a table each; no line break at its end. */
export function renderExplanation(frames: readonly ExplainedFrame[]): string {
  return frames.map(renderFrame).join('\n\n');
}

function renderFrame({ start, end, packet, parts, fault }: ExplainedFrame, index: number): string {
  const name = packet === undefined ? 'unknown' : `${packet.name}, ${directionTexts[packet.direction]}`;
  const title = `frame ${index + 1}: ${name}, bytes ${start} to ${end - 1}`;
  const table = renderColumns(['offset', 'bytes', 'field', 'value'], parts.flatMap(linesOf), [0]);
  const verdict = fault === undefined ? [] : [`✗ byte ${fault.offset}: ${fault.reason}`];
  return [title, table, ...verdict].join('\n');
}

function linesOf({ offset, bytes, field, value }: Part): readonly (readonly string[])[] {
  const lines: string[][] = [];
  for (let at = 0; at < bytes.length; at += bytesPerLine) {
    const digits = Array.from(bytes.subarray(at, at + bytesPerLine), (byte) => byte.toString(16).padStart(2, '0'));
    const isFirst = at === 0;
    lines.push([String(offset + at), digits.join(' '), isFirst ? field || '?' : '', isFirst ? value : '']);
  }
  return lines;
}
