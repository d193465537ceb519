import { exitCodes } from '../exit-codes.js';
import { hanging } from '../hanging.js';
import { catalog, type MetricDefinition } from '../metrics/catalog.js';

/** Prints every metric that there is. */
export async function metrics(): Promise<number> {
  console.log(hanging(renderCatalog(catalog), process.stdout.columns ?? 80, 0));
  return exitCodes.ok.code;
}

/** Of each metric its kind, its unit and its tags, and below that what it means. */
export function renderCatalog(metrics: Readonly<Record<string, MetricDefinition>>): string {
  const width = Math.max(...Object.keys(metrics).map((name) => name.length));
  return Object.entries(metrics)
    .map(([name, { kind, unit, tags, sentence }]) => {
      const tagged = tags.length === 0 ? '' : `  {${tags.join(', ')}}`;
      return `${name.padEnd(width)}  ${kind}, ${unit}${tagged}\n  ${sentence}`;
    })
    .join('\n');
}
