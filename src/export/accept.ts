import type { ExpositionFormat } from './exposition.js';

/** What an `Accept` header (RFC 9110, section 12.5.1) prefers; text where it does not say. */
export function preferredFormat(accept: string | undefined): ExpositionFormat {
  const ranges = (accept ?? '').split(',').map(readRange);
  const qualityOf = (type: string) =>
    Math.max(0, ...ranges.filter((range) => range.type === type).map(({ quality }) => quality));
  const openMetrics = qualityOf('application/openmetrics-text');
  return openMetrics > 0 && openMetrics >= qualityOf('text/plain') ? 'openmetrics' : 'text';
}

function readRange(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
}
