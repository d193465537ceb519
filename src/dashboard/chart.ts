/** Eighths of a character cell, from empty to full. */
const columnEighths = ' ▁▂▃▄▅▆▇█';
const rowEighths = ' ▏▎▍▌▋▊▉█';

/**
 * A column chart: one character per value, `height` lines. The highest value leaves an eighth free, so that charts one above the other
 * stay apart; a value above zero never vanishes.
 */
export function columnChart(values: readonly number[], width: number, height: number): string[] {
  const shown = values.slice(-width);
  const highest = Math.max(...shown, 0);
  const eighths = shown.map((value) => (value > 0 ? Math.max(1, Math.round((value / highest) * (height * 8 - 1))) : 0));
  return Array.from({ length: height }, (_, line) => {
    const below = (height - 1 - line) * 8;
    return eighths
      .map((filled) => columnEighths[Math.min(8, Math.max(0, filled - below))])
      .join('')
      .padEnd(width);
  });
}

/** A bar from the left, `share` (0 to 1) of `width` cells; a share above zero never vanishes. */
export function bar(share: number, width: number): string {
  const filled = share > 0 ? Math.max(1, Math.round(Math.min(1, share) * width * 8)) : 0;
  const whole = Math.floor(filled / 8);
  const rest = filled % 8 === 0 ? '' : (rowEighths[filled % 8] ?? '');
  return ('█'.repeat(whole) + rest).padEnd(width);
}

/** A progress bar: whole cells only, on a track that shows where it ends. */
export function progressBar(share: number, width: number): string {
  const filled = Math.floor(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
