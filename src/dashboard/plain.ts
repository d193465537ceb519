import { ClientSchedule } from '../load/stages.js';
import { auditOf } from '../metrics/audit.js';
import { counted, formatBytes, formatCount, formatRate } from '../metrics/format.js';
import { printable } from '../printable.js';
import { clockText } from './clock-text.js';
import { latencyFigures, latencyOf } from './distributions.js';
import { errorKinds, sumOf } from './errors.js';
import { clientCounts, steeringText } from './facts.js';
import type { DashboardInput } from './input.js';

/** Characters of an event: its line comes again with each progress, and the summary has it in full. */
const longestEvent = 80;

/** One line that says how the run stands, for logs and wherever there is no terminal. No colour, no control characters. */
export function progressLine(input: DashboardInput): string {
  const { totals } = input;
  const { totalMs } = new ClientSchedule(input.stages);
  const latency = latencyOf(totals);
  const errors = sumOf(errorKinds(totals));
  const failing = input.thresholds.filter(({ ok, value }) => ok === false && value !== null).length;
  const parts = [
    clockText(input.planMs, totalMs),
    input.status,
    counted(clientCounts(totals).connected, 'client', formatCount),
  ];
  if (totals.wholeRunMs > 0) {
    const received = `${formatRate(totals.latest('packets_received'))} (${formatBytes(totals.latest('data_received'))}/s)`;
    parts.push(`sent ${formatRate(totals.latest('packets_sent'))}, received ${received}`);
  }
  if (latency !== undefined) {
    const figures = latencyFigures(latency.trend).filter(({ label }) => label === 'p50' || label === 'p99');
    const rate = latency.closedRate === null ? '' : ` at ${formatRate(latency.closedRate)}`;
    parts.push(`${latency.title}${rate} ${figures.map(({ label, value }) => `${label} ${value}`).join(' ')}`);
  }
  parts.push(counted(errors, 'error', formatCount));
  if (failing > 0) parts.push(`${counted(failing, 'threshold')} failing`);
  const { verdict } = auditOf(totals);
  if (verdict !== 'ok') parts.push(`generator ${verdict}`);
  if (input.steering !== undefined) parts.push(steeringText(input.steering));
  parts.push(shortened(input.events.at(-1)?.message ?? ''));
  return parts
    .filter((part) => part !== '')
    .map(printable)
    .join('  ');
}

/** What happened, without the clauses that say why. */
function shortened(message: string): string {
  const [first = ''] = message.split(/;|[\r\n]/, 1);
  return first.length <= longestEvent ? first : `${first.slice(0, longestEvent - 1)}…`;
}
