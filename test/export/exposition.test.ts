import { describe, expect, it } from 'vitest';
import { exposition } from '../../src/export/exposition.js';
import { familiesOf } from '../../src/export/families.js';
import { sampleTotals } from './sample-run.js';
import { parseExposition } from './strict-parser.js';

const info = { scenario: 'Chat "room"', version: '1.2.3' };

function expose(format: 'text' | 'openmetrics'): Promise<string> {
  return exposition(familiesOf(sampleTotals()), info, format);
}

describe('what Prometheus scrapes', () => {
  it('has base units and the endings of the convention in its names', async () => {
    const families = parseExposition(await expose('text'), 'text');
    expect([...families].map(([name, { type }]) => `${name} ${type}`)).toMatchInlineSnapshot(`
      [
        "swarm_run_info gauge",
        "swarm_response_time_seconds histogram",
        "swarm_recv_batch histogram",
        "swarm_recv_bytes histogram",
        "swarm_packets_sent_total counter",
        "swarm_data_sent_bytes_total counter",
        "swarm_clients gauge",
        "swarm_timeouts_total counter",
        "swarm_errors_total counter",
        "swarm_attempts_total counter",
      ]
    `);
  });

  it('calls counters in OpenMetrics by their family’s name', async () => {
    const families = parseExposition(await expose('openmetrics'), 'openmetrics');
    expect(families.get('swarm_packets_sent')?.samples[0]?.name).toBe('swarm_packets_sent_total');
  });

  it('labels each series with its tags and its phase', async () => {
    const families = parseExposition(await expose('text'), 'text');
    expect(families.get('swarm_packets_sent_total')?.samples).toEqual([
      sent({ packet: 'C_Chat', client: 'talker', phase: 'warmup' }, 10),
      sent({ packet: 'C_Chat', client: 'talker', phase: 'measured' }, 32),
      sent({ packet: 'a "quoted" \\ name\nof two lines', client: 'talker', phase: 'measured' }, 1),
    ]);
    expect(families.get('swarm_run_info')?.samples).toEqual([{ name: 'swarm_run_info', labels: info, value: 1 }]);
  });

  it('counts what was not answered above every bound', async () => {
    const text = await expose('text');
    const lines = text.split('\n').filter((line) => line.startsWith('swarm_response_time_seconds'));
    expect(lines.map((line) => line.replace(/\{.*?(le="[^"]*")?\} /, ' $1 '))).toMatchInlineSnapshot(`
      [
        "swarm_response_time_seconds_bucket le="0.0001" 2",
        "swarm_response_time_seconds_bucket le="0.0002" 2",
        "swarm_response_time_seconds_bucket le="0.0005" 2",
        "swarm_response_time_seconds_bucket le="0.001" 2",
        "swarm_response_time_seconds_bucket le="0.002" 5",
        "swarm_response_time_seconds_bucket le="0.005" 5",
        "swarm_response_time_seconds_bucket le="0.01" 5",
        "swarm_response_time_seconds_bucket le="0.02" 5",
        "swarm_response_time_seconds_bucket le="0.05" 5",
        "swarm_response_time_seconds_bucket le="0.1" 5",
        "swarm_response_time_seconds_bucket le="0.2" 5",
        "swarm_response_time_seconds_bucket le="0.5" 6",
        "swarm_response_time_seconds_bucket le="1" 6",
        "swarm_response_time_seconds_bucket le="2" 6",
        "swarm_response_time_seconds_bucket le="5" 6",
        "swarm_response_time_seconds_bucket le="10" 6",
        "swarm_response_time_seconds_bucket le="20" 6",
        "swarm_response_time_seconds_bucket le="50" 6",
        "swarm_response_time_seconds_bucket le="100" 6",
        "swarm_response_time_seconds_bucket le="+Inf" 7",
        "swarm_response_time_seconds_sum  2.255722",
        "swarm_response_time_seconds_count  7",
      ]
    `);
  });

  it('leaves out trends without a value, and has counters that are 0', async () => {
    const text = await expose('text');
    expect(text).not.toContain('tls_handshake_time');
    expect(text).toMatch(/^swarm_timeouts_total\{.*\} 0$/m);
  });
});

function sent(labels: Record<string, string>, value: number) {
  return { name: 'swarm_packets_sent_total', labels, value };
}
