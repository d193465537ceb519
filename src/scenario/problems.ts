import type { Problem } from '../errors.js';
import { printable } from '../printable.js';

/** How far a problem's line is drawn; a longer line is cut around its place. */
const widestLine = 110;
/** One slip, such as a wrong name, can be a thousand mistakes: these are enough to begin with. */
const mostDrawn = 50;
/** Characters of a message or a hint: a value in it may be as long as its file, and says enough by how it begins and ends. */
const longestSentence = 500;

/**
 * Draws problems for people, one after the other: place and sentence, the line of the file, a caret under the mistake, and
 * the cure. An empty line stands around those of several lines. Ends without a line break; tabs are drawn as one space, so that the caret
 * stands where it should.
 */
export function formatProblems(problems: readonly Problem[]): string {
  const isTall = (drawn: string | undefined): boolean => drawn?.includes('\n') === true;
  const shown = problems.slice(0, mostDrawn).map(formatProblem);
  if (problems.length > mostDrawn) shown.push(`… and ${problems.length - mostDrawn} more`);
  return shown.map((drawn, i) => (i > 0 && (isTall(drawn) || isTall(shown[i - 1])) ? `\n${drawn}` : drawn)).join('\n');
}

function formatProblem(problem: Problem): string {
  const { place, sourceLine, hint } = problem;
  const message = sentence(problem.message);
  const lines: string[] = [];
  if (place === undefined) {
    lines.push(message);
  } else {
    lines.push(`${printable(place.file)}:${place.line}:${place.column}: ${message}`);
    if (sourceLine !== undefined) lines.push(...drawLine(place.line, place.column, place.length ?? 1, sourceLine));
  }
  if (hint !== undefined) lines.push(`  hint: ${sentence(hint)}`);
  return lines.join('\n');
}

/** A text that may hold what someone else wrote: on one line, without what a terminal obeys, and of bounded length. */
function sentence(text: string): string {
  const whole = text.length <= longestSentence;
  return printable(whole ? text : `${text.slice(0, longestSentence - 100)} … ${text.slice(-100)}`);
}

function drawLine(line: number, column: number, length: number, sourceLine: string): string[] {
  const number = String(line);
  const from = column > widestLine - 20 ? column - 40 : 0;
  const drawn = sourceLine.slice(from, from + widestLine).replace(/[\x00-\x1f\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  const start = column - 1 - from;
  const carets = '^'.repeat(Math.max(1, Math.min(length, drawn.length - start)));
  const before = from > 0 ? '…' : '';
  const after = from + widestLine < sourceLine.length ? '…' : '';
  const margin = `  ${' '.repeat(number.length)} | `;
  return [
    `  ${number} | ${before}${drawn}${after}`.trimEnd(),
    `${margin}${' '.repeat(start + before.length + wideCharacters(drawn.slice(0, start)))}${carets}`,
  ];
}

/** Terminals draw these characters two columns wide: East Asian scripts and full-width forms. */
function wideCharacters(text: string): number {
  return (
    text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g)
      ?.length ?? 0
  );
}
