import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/index.js';
import { OtlpPush } from '../../src/export/otlp.js';
import { readOtlpSettings } from '../../src/export/otlp-settings.js';
import type { Totals } from '../../src/metrics/totals.js';
import { OtlpReceiver } from './otlp-receiver.js';
import { sampleTotals } from './sample-run.js';

/** An export every few milliseconds. */
function pushTo(url: string, totals: () => Totals | undefined) {
  const failures: string[] = [];
  const push = new OtlpPush({
    settings: readOtlpSettings(url, { OTEL_METRIC_EXPORT_INTERVAL: '5' }),
    info: { scenario: 'Chat room', version: '1.2.3' },
    totals,
    clock: systemClock,
    startedAtMs: 1_700_000_000_000,
    onFailure: (message) => failures.push(message),
  });
  return { push, failures };
}

describe('a collector', () => {
  it('is sent the totals again and again, and a last time when the run is over', async () => {
    await using receiver = await OtlpReceiver.start();
    const totals = sampleTotals();
    const { push, failures } = pushTo(receiver.url, () => totals);
    await receiver.received(3);
    await push.finish();
    push.close();
    const last = receiver.exports.at(-1)!;
    expect(last.path).toBe('/v1/metrics');
    expect(last.resource).toMatchObject({ 'service.name': 'swarm', 'swarm.scenario': 'Chat room' });
    expect(last.metrics.find(({ name }) => name === 'swarm.data_sent')).toMatchObject({
      unit: 'By',
      sum: { isMonotonic: true, dataPoints: [{ asInt: 4096 }] },
    });
    expect(failures).toEqual([]);
  });

  it('is sent nothing before there are totals', async () => {
    await using receiver = await OtlpReceiver.start();
    const { push } = pushTo(receiver.url, () => undefined);
    await push.finish();
    push.close();
    expect(receiver.exports).toEqual([]);
  });

  it('that refuses is told of once, with what it answered', async () => {
    await using receiver = await OtlpReceiver.start(404);
    const totals = sampleTotals();
    const { push, failures } = pushTo(receiver.url, () => totals);
    await receiver.received(3);
    await push.finish();
    push.close();
    expect(failures).toEqual([
      `--otlp: ${receiver.url}/v1/metrics did not take the metrics (HTTP 404 Not Found); the run is not touched by it`,
    ]);
  });
});
