import type { Problem } from '../errors.js';

/** How far a problem's line is drawn; a longer line is cut around its place. */
const widestLine = 110;

/**
 * Draws problems for people, one after the other: place and sentence, the line of the file, a caret under the mistake, and
 * the cure. An empty line stands around those of several lines. Ends without a line break; tabs are drawn as one space, so that the caret
 * stands where it should.
 */
export function formatProblems(problems: readonly Problem[]): string {
  const isTall = (drawn: string | undefined): boolean => drawn?.includes('\n') === true;
  return problems
    .map(formatProblem)
    .map((drawn, i, all) => (i > 0 && (isTall(drawn) || isTall(all[i - 1])) ? `\n${drawn}` : drawn))
    .join('\n');
}

function formatProblem(problem: Problem): string {
  const { place, sourceLine, hint, message } = problem;
  const lines: string[] = [];
  if (place === undefined) {
    lines.push(message);
  } else {
    lines.push(`${place.file}:${place.line}:${place.column}: ${message}`);
    if (sourceLine !== undefined) lines.push(...drawLine(place.line, place.column, place.length ?? 1, sourceLine));
  }
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join('\n');
}

function drawLine(line: number, column: number, length: number, sourceLine: string): string[] {
  const number = String(line);
  const from = column > widestLine - 20 ? column - 40 : 0;
  const drawn = sourceLine.slice(from, from + widestLine).replace(/[\t\x00-\x1f\x7f-\x9f]/g, ' ');
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
