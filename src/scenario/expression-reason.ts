/** Why an expression failed: a CEL error's summary, without the drawing of the source that its message has. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const summary = 'summary' in error && typeof error.summary === 'string' ? error.summary : error.message;
  const [, key] = /^No such key: (.*)$/.exec(summary) ?? [];
  if (key === undefined) return summary;
  return key.startsWith('index out of bounds') ? key : `there is no value \`${key}\` yet`;
}
