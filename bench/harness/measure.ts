import { type Context, type Goal, type Medians, type Row, subject } from './row.js';

/** What came of a row. */
export interface Outcome {
  readonly row: Row;
  readonly results: readonly { readonly contender: string; readonly values: readonly number[] }[];
  readonly remark: string;
}

/** Lets the contenders of a row take turns for `rounds` rounds. */
export async function measure(row: Row, context: Context, rounds: number): Promise<Outcome> {
  const prepared = await row.prepare(context);
  const results = prepared.contenders.map(({ name }) => ({ contender: name, values: [] as number[] }));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [i, { run }] of prepared.contenders.entries()) results[i]!.values.push(await run());
    }
  } finally {
    await prepared.close();
  }
  return { row, results, remark: prepared.remark?.() ?? '' };
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** The lines that a row is printed as: its medians with the least and the greatest value, then its goals. */
export function render({ row, results, remark }: Outcome): string {
  const medians: Medians = (name) =>
    median(results.find(({ contender }) => contender === name)?.values ?? [Number.NaN]);
  const lines = [`\n${row.name}: ${row.what}`];
  const compared = row.subject ?? subject;
  for (const { contender, values } of results) {
    const range = `${format(Math.min(...values))} … ${format(Math.max(...values))}`;
    const ratio =
      contender === compared ? '' : `   ${compared} is ${(medians(compared) / medians(contender)).toFixed(2)} × this`;
    lines.push(`  ${contender.padEnd(12)} ${format(medians(contender)).padStart(12)} ${row.unit}  (${range})${ratio}`);
  }
  if (remark !== '') lines.push(`  ${remark}`);
  for (const goal of row.goals) lines.push(`  ${judge(goal, medians)}`);
  return lines.join('\n');
}

function judge(
  { what, read, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Goal,
  medians: Medians,
): string {
  const value = read(medians);
  const bound = Number.isFinite(atMost) ? `≤ ${format(atMost)}` : `≥ ${format(atLeast)}`;
  if (Number.isNaN(value)) return `?      ${what}: not measured, goal ${bound}`;
  return `${value <= atMost && value >= atLeast ? 'met   ' : 'MISSED'} ${what}: ${format(value)}, goal ${bound}`;
}

function format(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}
