import type { ScopeReport } from './scope.js';

export interface PacketCount {
  readonly packet: string;
  readonly sent: number;
  readonly received: number;
}

/** What was sent and received of each packet, the most frequent first. */
export function packetCounts({ counters }: ScopeReport): PacketCount[] {
  const counts = new Map<string, { sent: number; received: number }>();
  const add = (metric: 'packets_sent' | 'packets_received', key: 'sent' | 'received'): void => {
    for (const { tags, value } of counters[metric]?.series ?? []) {
      const name = tags.packet ?? 'unknown';
      const entry = counts.get(name) ?? { sent: 0, received: 0 };
      entry[key] += value;
      counts.set(name, entry);
    }
  };
  add('packets_sent', 'sent');
  add('packets_received', 'received');
  return [...counts]
    .map(([packet, amounts]) => ({ packet, ...amounts }))
    .sort((a, b) => b.sent + b.received - a.sent - a.received);
}
