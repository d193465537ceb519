import type { RunEvent } from '../coordinator/run-result.js';
import { asSentence } from '../errors.js';
import type { Outcome } from '../exit-codes.js';
import { seriesKey } from '../metrics/catalog.js';
import { exactCount } from '../metrics/format.js';
import { type ThrownError, thrownErrors } from './errors.js';
import { generatorReasons } from './generator-facts.js';
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

/** Thresholds have cases of their own: where they alone failed, and none of them ended the run, the run itself went well. */
function runCase(report: Report): JunitCase {
  const output = [...report.events.map(({ message }) => message), ...thrownErrors(report).map(thrownText)];
  return {
    className: report.scenario.name,
    name: 'the run',
    verdict: runVerdict(report),
    ...(output.length > 0 && { output: output.join('\n') }),
  };
}

function runVerdict(report: Report): JunitVerdict {
  const { outcome, events } = report;
  const wasCutShort = events.some(({ kind }) => kind === 'thresholdAbort');
  if (outcome.name === 'ok' || (outcome.name === 'thresholdsFailed' && !wasCutShort)) return { kind: 'passed' };
  const message = [resultOf(report), ...reasonsOf(report)].join(' ');
  return { kind: outcome.name === 'thresholdsFailed' ? 'failure' : 'error', message };
}

/** Which events tell why a run ended as it did. */
const tellingEvents: Readonly<Partial<Record<Outcome, readonly RunEvent['kind'][]>>> = {
  internal: ['internal'],
  stopped: ['stopped', 'aborted'],
  noClientConnected: ['targetUnreachable'],
  targetLost: ['targetLost'],
  workerLost: ['workerLost'],
  thresholdsFailed: ['thresholdAbort'],
};

/** Whose code threw where that ended a run. */
const throwers: Readonly<Partial<Record<Outcome, ThrownError['whose']>>> = {
  botFailed: 'bot',
  transformFailed: 'transform',
};

/** Sentences, though events are none: CI systems show the message of a case, and often nothing else. */
function reasonsOf(report: Report): string[] {
  const { outcome, events } = report;
  const reasons = events
    .filter(({ kind }) => tellingEvents[outcome.name]?.includes(kind))
    .map(({ message }) => message.split('\n')[0]!);
  if (outcome.name === 'saturated') reasons.push(...generatorReasons(report));
  const thrown = thrownErrors(report).find(({ whose }) => whose === throwers[outcome.name]);
  if (thrown !== undefined) reasons.push(thrownText(thrown));
  return reasons.map(asSentence);
}

function thrownText({ whose, message, count }: ThrownError): string {
  return `in ${whose}: ${exactCount(count)} × ${message}`;
}

/** What could not be shown to hold is no pass. */
function thresholdCase(className: string, { threshold, ok, sentence }: Report['thresholds'][number]): JunitCase {
  const verdict: JunitVerdict = ok === true ? { kind: 'passed' } : { kind: 'failure', message: sentence };
  return { className, name: `${seriesKey(threshold)} - ${threshold.source}`, verdict, output: sentence };
}
