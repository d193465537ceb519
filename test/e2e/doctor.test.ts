import { describe, expect, it } from 'vitest';
import { swarm } from './swarm.js';

interface DoctorReport {
  readonly checks: readonly { readonly id: string; readonly values: Readonly<Record<string, unknown>> }[];
}

describe('swarm doctor', () => {
  it('measures this machine, and tells machines what it found', async () => {
    const { code, stdout, stderr } = await swarm(['doctor', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { checks } = JSON.parse(stdout) as DoctorReport;
    const values = new Map(checks.map(({ id, values }) => [id, values]));
    expect([...values.keys()]).toEqual([
      'node',
      'cores',
      'memory',
      'descriptors',
      'ports',
      'timers',
      'connects',
      'packets',
      'loop',
      'packages',
      'terminal',
    ]);
    expect(values.get('node')).toEqual({ version: process.versions.node });
    expect(values.get('connects')?.connectsPerSecond).toBeGreaterThan(0);
    expect(values.get('packets')?.packetsPerSecond).toBeGreaterThan(0);
    expect(values.get('timers')?.p50Ms).toBeGreaterThanOrEqual(0);
    expect(values.get('packages')).toEqual({ missing: [], missingOptional: [] });
    expect(values.get('terminal')).toMatchObject({ dashboard: false, columns: null });
  });
});
