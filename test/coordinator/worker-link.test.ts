import { loadScenario } from 'tcp-swarm';
import { describe, expect, it } from 'vitest';
// The built one: a worker is a process of the built code.
import { WorkerLink } from '../../dist/coordinator/worker-link.js';

describe('a link to a worker', () => {
  it('has it wait from when it is ready until it is told to start', async () => {
    const { plan } = loadScenario('echo', { overrides: { clients: '1' }, env: {} });
    const worker = new WorkerLink(0, 1);
    try {
      expect(worker.waiting).toBe(false);
      worker.send({ type: 'init', worker: 0, workers: 1, plan, endPoints: [{ host: '127.0.0.1', port: 1 }] });
      await worker.ready;
      expect(worker.waiting).toBe(true);
      expect(await worker.askClock()).not.toBeNull();
      expect(worker.waiting).toBe(true);
      worker.start((await worker.askClock()) ?? 0);
      expect(worker.waiting).toBe(false);
    } finally {
      worker.end();
      await worker.exited;
    }
  });
});
