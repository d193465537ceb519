import type { Totals } from '../metrics/totals.js';
import type { RunLog } from './run-log.js';
import type { WorkerLink } from './worker-link.js';

type Finished = Pick<WorkerLink, 'lost' | 'clients' | 'fate'>;

/** What is to be said, once all workers have finished, of the target and of the user's code. */
export function judge(totals: Pick<Totals, 'counter'>, workers: readonly Finished[], log: RunLog): void {
  const count = (metric: 'connects' | 'connect_failures' | 'bot_errors' | 'transform_errors'): number =>
    totals.counter(metric, {}, 'wholeRun');
  if (count('bot_errors') > 0) log.reckonWith('botFailed');
  if (count('transform_errors') > 0) log.reckonWith('transformFailed');
  const failures = count('connect_failures');
  if (count('connects') === 0 && failures > 0) {
    log.note('targetUnreachable', `not one of ${failures} connects succeeded`);
    log.reckonWith('noClientConnected');
  } else if (isTargetLost(workers)) {
    log.note('targetLost', 'no client is connected any more, and none will reconnect');
    log.reckonWith('targetLost');
  }
}

/** Some lost it, and no worker that was there to the end stayed with it. */
function isTargetLost(workers: readonly Finished[]): boolean {
  const survivors = workers.filter(({ lost, clients }) => !lost && clients > 0);
  return survivors.some(({ fate }) => fate === 'lost') && survivors.every(({ fate }) => fate !== 'stayed');
}
