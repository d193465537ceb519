import { ClientSchedule } from '../load/stages.js';
import { auditOf } from '../metrics/audit.js';
import { formatBytes, formatCount, formatRate } from '../metrics/format.js';
import { clockText } from './clock-text.js';
import { latencyFigures, latencyOf } from './distributions.js';
import { clientCounts, completeRows, errorKinds } from './facts.js';
import type { DashboardInput } from './input.js';

/** One line that says how the run stands, for logs and wherever there is no terminal. No colour, no control characters. */
export function progressLine(input: DashboardInput): string {
  const { totals } = input;
  const { totalMs } = new ClientSchedule(input.stages);
  const row = completeRows(totals.timeline).at(-1);
  const latency = latencyOf(totals);
  const errors = errorKinds(totals).reduce((sum, { count }) => sum + count, 0);
  const failing = input.thresholds.filter(({ ok, value }) => ok === false && value !== null).length;
  const parts = [
    clockText(input.planMs, totalMs),
    input.status,
    `${formatCount(clientCounts(totals).connected)} clients`,
  ];
  if (row !== undefined) {
    const received = `${formatRate(row.packetsReceived)} (${formatBytes(row.bytesReceived)}/s)`;
    parts.push(`sent ${formatRate(row.packetsSent)}, received ${received}`);
  }
  if (latency !== undefined) {
    const figures = latencyFigures(latency.trend).filter(({ label }) => label === 'p50' || label === 'p99');
    const rate = latency.closedRate === null ? '' : ` at ${formatRate(latency.closedRate)}`;
    parts.push(`${latency.title}${rate} ${figures.map(({ label, value }) => `${label} ${value}`).join(' ')}`);
  }
  parts.push(`${formatCount(errors)} errors`);
  if (failing > 0) parts.push(`${failing} ${failing === 1 ? 'threshold' : 'thresholds'} failing`);
  const { verdict } = auditOf(totals);
  if (verdict !== 'ok') parts.push(`generator ${verdict}`);
  if (input.message !== undefined) parts.push(input.message);
  return parts.join('  ');
}
