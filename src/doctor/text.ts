import { TextWriter } from '../report/text-writer.js';
import type { Check } from './checks.js';

export interface DoctorTextOptions {
  readonly color: boolean;
  /** How many columns a line may take. */
  readonly columns: number;
  /** Whose machine this is, on the first line. */
  readonly title: string;
}

/** Each check as a line, its cure behind an arrow below it. */
export function renderChecks(checks: readonly Check[], { color, columns, title }: DoctorTextOptions): string {
  const writer = new TextWriter(columns, color);
  writer.section(writer.paint('bold', title));
  writer.section(
    ...checks.flatMap(({ label, finding, cure }) =>
      cure === null
        ? writer.judged(label, '✓', 'good', finding)
        : [...writer.judged(label, '!', 'warn', finding), ...writer.judged('', '→', 'warn', cure)],
    ),
  );
  const warnings = checks.filter(({ cure }) => cure !== null).length;
  writer.section(
    warnings === 0
      ? 'This machine is ready.'
      : `${warnings === 1 ? 'One thing' : `${warnings} things`} to look at; runs work all the same.`,
  );
  return writer.text();
}
