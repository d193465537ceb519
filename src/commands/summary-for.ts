import type { Report } from '../report/report.js';
import { renderText, type TextOptions } from '../report/text.js';
import { hasColor, inGlyphsOfLocale } from './terminal.js';

/** The summary of a run as `stream` can show it. Ends with a line break. */
export function summaryFor(
  stream: NodeJS.WriteStream,
  report: Report,
  options: Pick<TextOptions, 'reportFile'> = {},
): string {
  return inGlyphsOfLocale(renderText(report, { color: hasColor(stream), columns: stream.columns ?? 100, ...options }));
}
