import { seriesKey } from '../metrics/catalog.js';
import { resultOf, titleOf } from './headline.js';
import { type JunitCase, type JunitVerdict, junitXml } from './junit-writer.js';
import type { Report } from './report.js';

/** The run as a JUnit file: a test case for each threshold, before them one for the run itself, so that there is always one. */
export function renderJunit(report: Report): string {
  const { scenario, target, startedAt, durations, seed, generator } = report;
  return junitXml([
    {
      name: titleOf(report),
      timestamp: startedAt,
      timeSeconds: durations.wholeRunMs / 1000,
      properties: { scenario: scenario.file, target, seed: `${seed}`, generator: generator.verdict },
      cases: [runCase(report), ...report.thresholds.map((result) => thresholdCase(scenario.name, result))],
    },
  ]);
}

/** Failed thresholds have cases of their own: the run itself went well. */
function runCase(report: Report): JunitCase {
  const { outcome, scenario, events } = report;
  const fine = outcome.name === 'ok' || outcome.name === 'thresholdsFailed';
  return {
    className: scenario.name,
    name: 'the run',
    verdict: fine ? { kind: 'passed' } : { kind: 'error', message: resultOf(report) },
    ...(events.length > 0 && { output: events.map(({ message }) => message).join('\n') }),
  };
}

/** What could not be shown to hold is no pass. */
function thresholdCase(className: string, { threshold, ok, sentence }: Report['thresholds'][number]): JunitCase {
  const verdict: JunitVerdict = ok === true ? { kind: 'passed' } : { kind: 'failure', message: sentence };
  return { className, name: `${seriesKey(threshold)} - ${threshold.source}`, verdict, output: sentence };
}
