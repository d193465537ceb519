const most = 4;

/** Of reports, their names, as many as a reader wants to read. */
export function listed(names: readonly string[]): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}
