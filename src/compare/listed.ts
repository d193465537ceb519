const most = 4;

interface Item {
  readonly text: string;
  /** How many names it stands for. */
  readonly count: number;
}

/** Of reports, their names, as many as a reader wants to read; neighbours are put together: `base 3, base 7 to 12, current`. */
export function listed(names: readonly string[]): string {
  const items = withRanges(names);
  if (items.length <= most) return items.map(({ text }) => text).join(', ');
  const shown = items.slice(0, most - 1);
  const left = items.slice(most - 1).reduce((sum, { count }) => sum + count, 0);
  return `${shown.map(({ text }) => text).join(', ')} and ${left} more`;
}

function withRanges(names: readonly string[]): Item[] {
  const items: Item[] = [];
  for (let i = 0; i < names.length; ) {
    const first = names[i]!;
    let count = 1;
    while (isNth(names[i + count], first, count)) count++;
    // Two are not worth a range.
    if (count < 3) count = 1;
    items.push({ text: count === 1 ? first : `${first} to ${numberOf(names[i + count - 1]!)}`, count });
    i += count;
  }
  return items;
}

/** Whether `base 9` is the second behind `base 7`. */
function isNth(name: string | undefined, first: string, steps: number): boolean {
  const number = numberOf(first);
  return number !== undefined && name === `${first.slice(0, -`${number}`.length)}${number + steps}`;
}

function numberOf(name: string): number | undefined {
  const digits = / ([1-9]\d*)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
