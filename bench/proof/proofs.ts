import { type Disturbance, stallTheWorkers, takeTheCores } from './disturbances.js';
import {
  about,
  asRecorded,
  count,
  counter,
  furthestApart,
  lateAnswers,
  lowerBound,
  type Measure,
  ms,
  percent,
  poissonDistance,
  reach,
  responseTime,
  trend,
  verdict,
  whole,
} from './measures.js';
import type { ScriptName } from './server.js';

export interface Proof {
  readonly name: string;
  /** A file of `bench/proof/scenarios`. */
  readonly scenario: string;
  readonly script: ScriptName;
  readonly disturb?: Disturbance;
  /** How many worker processes; with a second number the plan is played again by so many. One by default. */
  readonly workers?: readonly [number, number?];
  readonly measures: readonly Measure[];
}

export const proofs: readonly Proof[] = [
  {
    name: 'freeze of 1 s in 10 s, server else idle',
    scenario: 'freeze',
    script: 'freezes',
    measures: [
      responseTime('p95', about(500)),
      responseTime('p99', about(900)),
      // p99 among the fast ones: the slow share is 1 % or less.
      ms(
        'closed loop beside it, service time p99',
        (o) => trend(o.report, 'service_time', 'closed').p99.value,
        [0, 100],
      ),
    ],
  },
  {
    name: 'the same freeze, server half busy',
    scenario: 'freeze-half-busy',
    script: 'freezesHalfBusy',
    measures: [responseTime('p95', about(750)), responseTime('p99', about(950))],
  },
  {
    name: 'known delays from a shuffled deck',
    scenario: 'deck',
    script: 'deals',
    measures: ([50, 90, 99] as const).flatMap((percentile) => [
      asRecorded('service_time', percentile),
      asRecorded('response_time', percentile),
    ]),
  },
  {
    name: 'the same delays, merged from two workers',
    scenario: 'deck',
    script: 'deals',
    workers: [2],
    measures: [
      ...([50, 90, 99] as const).map((percentile) => asRecorded('service_time', percentile)),
      count(
        'values merged ÷ replies of the server',
        ({ report, server }) => whole(report, 'service_time', 'open').count / server.delaysMs.length,
        1,
      ),
    ],
  },
  {
    name: 'Poisson arrivals; the same seed with one worker and with three',
    scenario: 'poisson',
    script: 'atOnce',
    workers: [1, 3],
    measures: [
      poissonDistance(50),
      count('sends with one worker ÷ with three', ({ server, twin }) => server.requests / twin!.server.requests, 1),
      furthestApart([0, 20]),
    ],
  },
  {
    name: 'one reply in a hundred dropped',
    scenario: 'ask',
    script: 'drops',
    measures: [
      count(
        'timeouts ÷ replies dropped',
        ({ report, server }) => counter(report, 'timeouts') / (server.requests - server.delaysMs.length),
        1,
      ),
      count(
        'unanswered ÷ replies dropped',
        ({ report, server }) =>
          trend(report, 'response_time', 'open').unanswered / (server.requests - server.delaysMs.length),
        1,
      ),
      responseTime('p95', [0, 50]),
      lowerBound('p999', 400),
    ],
  },
  {
    name: 'one request in ten answered after its timeout',
    scenario: 'ask-in-order',
    script: 'late',
    measures: [
      count(
        'timeouts ÷ late answers',
        ({ report, server }) => counter(report, 'timeouts') / lateAnswers(server.delaysMs),
        1,
      ),
      count(
        'late_replies ÷ late answers',
        ({ report, server }) => counter(report, 'late_replies') / lateAnswers(server.delaysMs),
        1,
      ),
      responseTime('p50', [0, 50]),
      lowerBound('p95', 400),
    ],
  },
  {
    name: 'the same, told apart by `where`',
    scenario: 'ask',
    script: 'late',
    measures: [
      count(
        'timeouts ÷ late answers',
        ({ report, server }) => counter(report, 'timeouts') / lateAnswers(server.delaysMs),
        1,
      ),
      count('uncertain matches', ({ report }) => counter(report, 'uncertain_matches'), 0),
    ],
  },
  {
    name: 'answers out of order, told apart by `where`',
    scenario: 'ask',
    script: 'outOfOrder',
    measures: [
      asRecorded('service_time', 50),
      asRecorded('service_time', 90),
      count(
        'timeouts and uncertain matches',
        ({ report }) => counter(report, 'timeouts') + counter(report, 'uncertain_matches'),
        0,
      ),
    ],
  },
  {
    name: 'every request answered twice',
    scenario: 'ask',
    script: 'twice',
    measures: [
      count(
        'packets received ÷ sent',
        ({ report }) => counter(report, 'packets_received') / counter(report, 'packets_sent'),
        2,
      ),
      count(
        'values measured ÷ packets sent',
        ({ report }) => whole(report, 'service_time', 'open').count / counter(report, 'packets_sent'),
        1,
      ),
      count('errors', ({ report }) => report.totals.wholeRun.rates.errors?.hits ?? 0, 0),
    ],
  },
  {
    name: 'a room with comings and goings, nothing lost',
    scenario: 'room',
    script: 'atOnce',
    measures: [percent('reach', ({ report }) => reach(report), [1, 1])],
  },
  {
    name: 'the same room, one copy in a hundred lost',
    scenario: 'room',
    script: 'losesCopies',
    measures: [
      percent('reach', ({ report }) => reach(report), [0.989, 0.991]),
      percent(
        'copies that the server handed out',
        ({ server }) => server.copiesSent / (server.copiesSent + server.copiesLost),
        [0.989, 0.991],
      ),
    ],
  },
  {
    name: 'a worker starved of CPU',
    scenario: 'busy',
    script: 'atOnce',
    disturb: takeTheCores,
    measures: [verdict('saturated')],
  },
  { name: 'a slow server, an idle generator', scenario: 'quiet', script: 'slow', measures: [verdict('ok')] },
  {
    name: 'a healthy pacer that spins',
    scenario: 'precise',
    script: 'atOnce',
    // Not saturated: three values in a thousand meet the hiccups of a shared machine.
    measures: [verdict('ok', 'strained')],
  },
  {
    name: 'a worker that stands still for 100 ms every 2 s',
    scenario: 'stalled',
    script: 'atOnce',
    disturb: stallTheWorkers,
    measures: [verdict('saturated')],
  },
];
