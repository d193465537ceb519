import type { WorkerResult } from '../coordinator/run-result.js';
import { counted, exactCount, formatBytes, formatDuration, formatMs } from '../metrics/format.js';
import type { Steadiness } from '../metrics/steadiness.js';
import type { Report } from './report.js';
import { totalOf } from './scope.js';

/** A measured window shorter than this is not even one interval of the time line. */
const shortMs = 1000;

/** What makes the numbers less than certain, a sentence each without its full stop. */
export function doubtsOf({ totals, clients, durations, steered, steadiness, generator }: Report): string[] {
  const { clampedValues, workers } = generator;
  const late = totalOf(totals.wholeRun, 'late_replies');
  const uncertain = totalOf(totals.wholeRun, 'uncertain_matches');
  const uncut = totalOf(totals.wholeRun, 'packets_received') === 0 ? totalOf(totals.wholeRun, 'data_received') : 0;
  const { count: silent, examples } = clients.withoutEffect;
  const sentences = [
    steered.length > 0 ? byHand(steered.length) : '',
    durations.measuredMs > 0 && durations.measuredMs < shortMs
      ? `only ${formatDuration(durations.measuredMs)} were measured: too little for percentiles to mean much`
      : '',
    silent > 0
      ? `${counted(silent, 'client')} ${silent === 1 ? 'was connected at the end, but nothing it' : 'were connected at the end, but nothing they'} sent had any effect: ${examples.join(', ')}${silent > examples.length ? ', …' : ''}`
      : '',
    uncut > 0
      ? `${formatBytes(uncut)} came and made no whole packet: is \`framing\` how the server cuts its packets?`
      : '',
    late > 0
      ? `${counted(late, 'reply')} came after ${late === 1 ? 'its timeout; it counts as a timeout' : 'their timeout; they count as timeouts'}`
      : '',
    uncertain > 0
      ? `${counted(uncertain, 'reply')} after a timeout may have been matched wrongly; \`where\` is the cure`
      : '',
    steadiness === null || steadiness.steady ? '' : unsteady(steadiness),
    ...workers.filter(({ clock }) => clock.correctedUs !== 0).map(corrected),
    clampedValues > 0
      ? `${counted(clampedValues, 'value')} lay outside the histograms' range and ${clampedValues === 1 ? 'counts' : 'count'} as its end`
      : '',
  ];
  return sentences.filter((sentence) => sentence !== '');
}

function byHand(times: number): string {
  return `steered by hand ${times === 1 ? 'once' : `${exactCount(times)} times`}: the load was not the plan’s, and the numbers are not to be compared with another run’s`;
}

function corrected({ index, clock }: WorkerResult): string {
  return `the clock of worker ${index} differed by ${formatMs(clock.correctedUs / 1000)}, which was taken into account`;
}

function unsteady({ of, firstThirdP50Ms, lastThirdP50Ms }: Steadiness): string {
  const medians = `${formatMs(firstThirdP50Ms)} in the first third of the measured window, ${formatMs(lastThirdP50Ms)} in the last`;
  return `not steady: the p50 of ${of.metric} is ${medians}`;
}
